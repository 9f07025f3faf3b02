"""The programs under "The same in PyTorch" run, and say what the figures say."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.lab.exploding import Network
from pages.parts.gradients import lab
from pages.shared.views import snippet


@pytest.fixture(autouse=True)
def _process_wide_state() -> Any:
    """The programs are a reader's own: they set the default type and use the process's numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
    torch.set_default_dtype(torch.float32)


def run(program: str, folder: Path) -> dict[str, Any]:
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    return runpy.run_path(str(path))


@pytest.mark.parametrize(
    ("network", "low", "high"),
    [
        (Network(radius=0.9, length=60, size=16), 1e-12, 1e-2),
        (Network("triangular", 0.8, 0.0, size=64, length=62), 6e4, 7e4),
        (Network("saturated", 0.2**0.5, 0.0, size=2, length=51), 0.9e9, 1.2e9),
        (Network("orthogonal", 1.0, 0.0, size=8, length=30), 0.2, 1.01),
        (Network("identity", 1.0, 0.0, size=8, length=30), 0.99, 1.01),
    ],
)
def test_norms_by_lag(network: Network, low: float, high: float, tmp_path: Path) -> None:
    norms = run(lab.snippet(network), tmp_path)["norms"]
    assert len(norms) == network.length
    assert float(norms[0]) == pytest.approx(1)
    assert low <= float(norms[-1]) <= high


def test_copies_of_a_weight(tmp_path: Path) -> None:
    assert len(run(snippet("by-hand"), tmp_path)["copies"]) == 4  # its own assert compares the sum


def test_the_lstms_memory(tmp_path: Path) -> None:
    norms = run(snippet("paths-back"), tmp_path)["norms"]
    assert float(norms[0]) == pytest.approx(1)
    assert 1e-7 < float(norms[-1]) < 0.5


def test_clipping(tmp_path: Path) -> None:
    left = run(snippet("clipping"), tmp_path)
    assert float(left["norm"]) > 0
    total = sum(float(p.grad.square().sum()) for p in left["rnn"].parameters()) ** 0.5
    assert total <= left["limit"] * 1.001
