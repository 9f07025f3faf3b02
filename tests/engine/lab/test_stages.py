"""The stages of slides 36-47 against a plain numpy loop that is written from the slides."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.cells import Cell, GRUCell, LSTMCell
from engine.lab import stages, trace
from engine.lab.sequences import read
from engine.lab.trace import Setup

Array = NDArray[np.float64]
WORD, SETUP = read("hello"), Setup(hidden=3, seed=5, scale=3.0)


def sigma(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def cut(kind: str, stage: str) -> tuple[dict[str, tuple[Array, Array, Array]], Array]:
    """W_x, W_h, b of each gate, cut here out of the stacked rows; and W_y."""
    cell, W_y = trace.make(kind, stage, WORD, SETUP)
    state = {name: value.numpy() for name, value in cell.state_dict().items()}
    order = {"lstm": "ifgo", "gru": "rzn"}[kind]
    b = state["bias_ih"] + state["bias_hh"]
    rows = {gate: slice(3 * k, 3 * k + 3) for k, gate in enumerate(order)}
    found = {g: (state["weight_ih"][r], state["weight_hh"][r], b[r]) for g, r in rows.items()}
    return found, W_y.numpy()


def plain_lstm(stage: str) -> Array:
    """h (T, H) of slides 36-40."""
    gates, _ = cut("lstm", stage)
    has = {"memory": "", "input": "i", "output": "io", "forget": "iof"}[stage]
    h, c, found = np.zeros(3), np.zeros(3), []
    for x in WORD.x:
        a = {g: W_x @ x + W_h @ h + b for g, (W_x, W_h, b) in gates.items()}
        i, o, f = (sigma(a[g]) if g in has else np.ones(3) for g in "iof")
        c = f * c + i * np.tanh(a["g"])
        h = o * np.tanh(c)
        found.append(h)
    return np.asarray(found)


def plain_gru(stage: str) -> Array:
    """h (T, H) of slides 44-47."""
    gates, _ = cut("gru", stage)
    has = {"candidate": "", "reset": "r", "update": "rz"}[stage]
    h, found = np.zeros(3), []
    for x in WORD.x:
        a = {g: W_x @ x + W_h @ h + b for g, (W_x, W_h, b) in gates.items()}
        r, z = (sigma(a[g]) if g in has else np.ones(3) for g in "rz")
        W_x, W_h, b = gates["n"]
        new = np.tanh(W_x @ x + W_h @ (r * h) + b)
        h = (1 - z) * h + z * new
        found.append(h)
    return np.asarray(found)


@pytest.mark.parametrize("stage", stages.STAGES["lstm"])
def test_lstm_stages_are_the_slides(stage: str) -> None:
    run = trace.run("lstm", stage, WORD, SETUP)
    np.testing.assert_allclose(run.values["h"], plain_lstm(stage), atol=1e-12)


@pytest.mark.parametrize("stage", stages.STAGES["gru"])
def test_gru_stages_are_the_slides(stage: str) -> None:
    run = trace.run("gru", stage, WORD, SETUP)
    np.testing.assert_allclose(run.values["h"], plain_gru(stage), atol=1e-12)


def test_stages_differ_and_share_their_numbers() -> None:
    for kind in ("lstm", "gru"):
        found = trace.every_stage(kind, WORD, SETUP)
        ends = [run.values["h"][-1] for run in found.values()]
        assert all(np.abs(a - b).max() > 1e-3 for a, b in pairwise(ends))
        first, *others = (cell.state_dict() for cell in map(_cell(kind), found))
        assert all(torch.equal(first[k], other[k]) for other in others for k in first)


def _cell(kind: str) -> Callable[[str], Cell]:
    return lambda stage: trace.make(kind, stage, WORD, SETUP)[0]


def test_the_final_stages_are_the_cells_themselves() -> None:
    assert stages.STAGES["lstm"][stages.FINAL["lstm"]].cell is LSTMCell
    assert stages.STAGES["gru"][stages.FINAL["gru"]].cell is GRUCell


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_nothing_held_is_the_cell_bit_for_bit(kind: str) -> None:
    cell, _ = trace.make(kind, stages.FINAL[kind], WORD, SETUP)
    other = stages.hold(kind, cell, {})
    state = cell.initial_state(1)
    for row in torch.from_numpy(WORD.x)[:, None]:
        one, two = cell.gates(row, state), other.gates(row, state)
        assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))
        _, state = cell(row, state)


@pytest.mark.parametrize(
    ("kind", "stage", "held"),
    [
        ("lstm", "memory", {"i": 1.0, "f": 1.0, "o": 1.0}),
        ("lstm", "input", {"f": 1.0, "o": 1.0}),
        ("lstm", "output", {"f": 1.0}),
        ("gru", "candidate", {"r": 1.0, "z": 1.0}),
        ("gru", "reset", {"z": 1.0}),
    ],
)
def test_a_stage_is_the_cell_with_the_missing_gates_at_one(
    kind: str, stage: str, held: dict[str, float]
) -> None:
    lacking = trace.run(kind, stage, WORD, SETUP)
    full = trace.run(kind, stages.FINAL[kind], WORD, SETUP, held)
    np.testing.assert_allclose(lacking.values["h"], full.values["h"], atol=1e-14)
    np.testing.assert_allclose(lacking.gradients["h"], full.gradients["h"], atol=1e-12)


def test_closed_gates() -> None:
    assert not trace.run("lstm", "forget", WORD, SETUP, {"o": 0.0}).values["h"].any()
    assert not trace.run("lstm", "forget", WORD, SETUP, {"i": 0.0}).values["c"].any()
    assert not trace.run("gru", "update", WORD, SETUP, {"z": 0.0}).values["h"].any()


@pytest.mark.parametrize(("kind", "stage"), [(k, s) for k, ss in stages.STAGES.items() for s in ss])
def test_the_source_is_what_runs(kind: str, stage: str) -> None:
    code = stages.source(kind, stage)
    assert code.startswith("def ")
    assert "torch.tanh(" in code
    assert ("torch.sigmoid(" in code) == (len(stages.STAGES[kind][stage].gates) > 1)


def test_the_rnn_has_no_bias() -> None:
    cell, _ = trace.make("rnn", "plain", WORD, SETUP)
    assert cell.bias_ih is None
