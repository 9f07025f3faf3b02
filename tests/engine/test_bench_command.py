"""`python -m engine bench` on the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

import engine
from engine.__main__ import main

Patch = pytest.MonkeyPatch
Output = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Row:
    """Stands in for a benchmark's row."""

    name: str
    ratio: float


def test_the_benchmark_is_a_table_or_json(monkeypatch: Patch, capsys: Output) -> None:
    fake = SimpleNamespace(
        ROUNDS=7,
        run=lambda rounds: [Row("LSTM", rounds / 10)],
        writing=lambda rounds: [Row("written", rounds / 100)],
        reading=lambda rounds: [Row("read", rounds / 1000)],
        processor=lambda: "a processor",
        table=lambda rows: " ".join(f"{row.ratio}×" for row in rows),
    )
    monkeypatch.setattr(engine, "bench", fake, raising=False)
    assert main(["bench"]) == 0
    assert capsys.readouterr().out == "a processor\n0.7× 0.07× 0.007×\n"
    assert main(["bench", "--json", "--rounds", "2"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "LSTM", "ratio": 0.2},
        {"name": "written", "ratio": 0.02},
        {"name": "read", "ratio": 0.002},
    ]
