"""A watched run against finite differences, torch.nn and hand-written numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.lab import backward, stages, trace
from engine.lab.sequences import read
from engine.lab.stages import FINAL, STAGES
from engine.lab.trace import Setup
from engine.results import CellRun, TypedSequence

WORD, NUMBERS = read("hello"), read("0.5 -1 2 1")
EVERY = [(kind, stage) for kind, found in stages.STAGES.items() for stage in found]


@pytest.mark.parametrize(("kind", "stage"), EVERY)
def test_the_pre_activations_are_what_the_values_are_made_of(kind: str, stage: str) -> None:
    run = trace.run(kind, stage, WORD, Setup(scale=3.0))
    for gate, a in run.a.items():
        values = 1 / (1 + np.exp(-a)) if gate in "ifozr" else np.tanh(a)
        np.testing.assert_allclose(run.values[gate], values, atol=1e-12)


@pytest.mark.parametrize("sequence", [WORD, NUMBERS], ids=["word", "numbers"])
def test_outputs_and_losses_are_slide_23(sequence: TypedSequence) -> None:
    run = trace.run("lstm", "forget", sequence, Setup())
    scores = np.exp(run.values["h"] @ run.W_y.T)
    y = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(run.y, y, atol=1e-12)
    picked = [-np.log(y[t, k]) for t, k in enumerate(sequence.targets)]
    np.testing.assert_allclose(run.e, picked, atol=1e-12)
    assert run.loss == pytest.approx(sum(picked))


@pytest.mark.parametrize("of_last", [False, True])
def test_the_rnns_gradient_is_slide_29(of_last: bool) -> None:
    """∂e/∂h_{t−1} = from y_{t−1} + W_hᵀ [(1 − tanh²) ⊙ ∂e/∂h_t], by hand in numpy."""
    run = trace.run("rnn", "plain", WORD, Setup(of_last=of_last, scale=3.0))
    h, W_h, T = run.values["h"], run.weights["h"].W_h, run.steps
    direct = (run.y - np.eye(run.y.shape[1])[WORD.targets]) @ run.W_y
    if of_last:
        direct[:-1] = 0
    expected = np.zeros_like(h)
    expected[-1] = direct[-1]
    for t in range(T - 1, 0, -1):
        expected[t - 1] = direct[t - 1] + W_h.T @ ((1 - h[t] ** 2) * expected[t])
    np.testing.assert_allclose(run.gradients["h"], expected, atol=1e-12)


def test_the_lstms_gradients_are_finite_differences() -> None:
    """Of the loss in h_t and c_t, each moved alone, the rest of the sequence run by torch.nn."""
    setup = Setup(scale=3.0)
    run = trace.run("lstm", "forget", NUMBERS, setup)
    cell, W_y = trace.make("lstm", "forget", NUMBERS, setup)
    reference = nn.LSTMCell(1, 3, dtype=torch.float64)
    reference.load_state_dict(cell.state_dict())
    x, targets = torch.from_numpy(NUMBERS.x), torch.from_numpy(NUMBERS.targets)

    def loss(t: int, h: torch.Tensor, c: torch.Tensor, o: torch.Tensor | None) -> float:
        """From step t on, with state (h, c); with `o` h follows a moved c."""
        h = h if o is None else o * torch.tanh(c)
        total = nn.functional.cross_entropy(h @ W_y.T, targets[t])
        with torch.no_grad():
            for k in range(t + 1, len(x)):
                h, c = reference(x[k], (h, c))
                total = total + nn.functional.cross_entropy(h @ W_y.T, targets[k])
        return float(total)

    t, d = 1, 1e-6
    h, c, o = (torch.from_numpy(run.values[name][t]) for name in "hco")
    for unit in range(3):
        move = torch.zeros(3, dtype=torch.float64)
        move[unit] = d
        in_h = (loss(t, h + move, c, None) - loss(t, h - move, c, None)) / (2 * d)
        in_c = (loss(t, h, c + move, o) - loss(t, h, c - move, o)) / (2 * d)
        assert run.gradients["h"][t, unit] == pytest.approx(in_h, abs=1e-8)
        assert run.gradients["c"][t, unit] == pytest.approx(in_c, abs=1e-8)


def test_held_gates_change_the_gradient_on_the_direct_path() -> None:
    """With f = 0 the only way from c_t back is through the gates; with o = 0 there is none."""
    setup = Setup(of_last=True)
    untouched = trace.run("lstm", "forget", WORD, setup)
    wiped = trace.run("lstm", "forget", WORD, setup, {"f": 0.0})
    assert np.linalg.norm(wiped.gradients["c"][0]) < np.linalg.norm(untouched.gradients["c"][0])
    closed = trace.run("lstm", "forget", WORD, setup, {"o": 0.0})
    assert not closed.gradients["c"].any()
    assert closed.held == {"o": (0.0, 0.0, 0.0)}


def test_gates_are_held_in_finished_cells_only() -> None:
    with pytest.raises(ValueError, match="finished"):
        trace.run("lstm", "input", WORD, Setup(), {"i": 1.0})


@pytest.mark.parametrize(("kind", "stage"), EVERY)
def test_equality_with_torch_is_measured_where_torch_has_the_cell(kind: str, stage: str) -> None:
    found = trace.torch_difference(kind, stage, WORD, Setup(scale=4.0))
    if (kind, stage) in {("rnn", "plain"), ("lstm", "forget")}:
        assert found is not None
        assert found < 1e-12
    else:
        assert found is None


def test_torchs_gru_is_equal_in_its_own_form() -> None:
    found = trace.torch_difference("gru", "update", WORD, Setup(scale=4.0), reset_after=True)
    assert found is not None
    assert found < 1e-12


def test_the_measured_equality_would_notice_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "tanh", torch.sigmoid)
    found = trace.torch_difference("rnn", "plain", WORD, Setup())
    assert found is not None
    assert found > 0.01


def test_two_changes_make_the_two_grus_equal() -> None:
    """And neither alone does. PyTorch's side is torch.nn.GRU with rows negated here."""
    setup = Setup(scale=3.0)
    found = trace.compare_grus(WORD, setup)
    assert found.difference("both") < 1e-12
    assert min(found.difference(name) for name in ("none", "z", "r")) > 1e-2
    cell, _ = trace.make("gru", "update", WORD, setup)
    reference = nn.GRU(4, 3, dtype=torch.float64)
    state = {f"{name}_l0": value.clone() for name, value in cell.state_dict().items()}
    reference.load_state_dict(state)
    with torch.no_grad():
        x = torch.from_numpy(WORD.x)
        np.testing.assert_allclose(found.variants["none"], reference(x)[0].numpy(), atol=1e-12)
        for value in reference.parameters():
            value[3:6] *= -1
        np.testing.assert_allclose(found.variants["z"], reference(x)[0].numpy(), atol=1e-12)


def test_saturation_counts_flat_slopes() -> None:
    a = np.asarray([[0.0, 1.81, 1.83, -5.0]])
    run = _run({"h": a}, {"h": np.tanh(a)})
    assert run.saturated() == 0.5
    a = np.asarray([[3.63, 3.65]])
    assert _run({"i": a}, {"i": 1 / (1 + np.exp(-a))}).saturated(0) == 0.5


def _run(a: dict[str, np.ndarray], values: dict[str, np.ndarray]) -> CellRun:
    ((steps, units),) = (found.shape for found in a.values())
    return CellRun(
        cell="rnn",
        stage="plain",
        sequence=WORD,
        weights={},
        W_y=np.zeros((4, units)),
        a=a,
        values=values,
        first={},
        y=np.zeros((steps, 4)),
        e=np.zeros(steps),
        gradients={},
        of_last=False,
        held={},
    )


@pytest.mark.parametrize("kind", stages.STAGES)
def test_parameters_are_torchs(kind: str) -> None:
    run = trace.run(kind, stages.FINAL[kind], WORD, Setup())
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](4, 3, bias=kind != "rnn")
    assert run.parameters == sum(p.numel() for p in layer.parameters()) + 4 * 3


def test_the_profile_has_both_norms_of_an_lstm() -> None:
    run = trace.run("lstm", "forget", WORD, Setup())
    profile = trace.profile(run)
    assert profile.c is not None
    np.testing.assert_allclose(profile.h, np.sqrt((run.gradients["h"] ** 2).sum(1)))
    assert [piece.text for piece in profile.pieces] == list("hell")
    assert trace.profile(trace.run("gru", "update", WORD, Setup())).c is None


@pytest.mark.parametrize("seed", range(5))
def test_the_exercise_can_be_done_by_hand(seed: int) -> None:
    """Halves and whole numbers, two units, three steps; answers recomputed here in plain Python."""
    run = trace.exercise(seed)
    w = run.weights["h"]
    for given in (w.W_x, w.W_h, run.W_y, run.sequence.x):
        assert (given * 2 == np.round(given * 2)).all()
        assert (given != 0).all()
    assert (run.steps, run.hidden, w.b) == (3, 2, None)
    h = np.zeros(2)
    for t, x in enumerate(run.sequence.x):
        h = np.tanh(w.W_x @ x + w.W_h @ h)
        np.testing.assert_allclose(run.values["h"][t], h, atol=1e-14)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_an_exercise_with_gates_has_halves_and_no_bias(kind: str) -> None:
    run = trace.exercise(4, kind)
    assert (run.steps, run.hidden) == (2, 2)
    for w in run.weights.values():
        assert w.b is not None
        assert not w.b.any()
        for given in (w.W_x, w.W_h):
            assert (given * 2 == np.round(given * 2)).all()
    assert not np.allclose(run.values["h"], trace.exercise(5, kind).values["h"])


def test_same_seed_same_numbers() -> None:
    one, two = (trace.run("gru", "update", WORD, Setup(seed=7)) for _ in range(2))
    np.testing.assert_array_equal(one.values["h"], two.values["h"])
    other = trace.run("gru", "update", WORD, Setup(seed=8))
    assert np.abs(one.values["h"] - other.values["h"]).max() > 1e-3


@pytest.mark.parametrize("of_last", [False, True])
def test_the_copies_of_a_weight_add_up_to_torchs_gradient(of_last: bool) -> None:
    """Slides 25 and 29, against torch.nn.RNN."""
    setup, sequence = Setup(of_last=of_last), read("hello")
    found = trace.run("rnn", "plain", sequence, setup)
    cell, W_y = trace.make("rnn", "plain", sequence, setup)
    layer = nn.RNN(cell.input_size, cell.hidden_size, bias=False, dtype=torch.float64)
    layer.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
    states, _ = layer(torch.from_numpy(sequence.x))
    target = torch.from_numpy(sequence.targets)
    e = nn.functional.cross_entropy(states @ W_y.T, target, reduction="none")
    loss = e[-1] if of_last else e.sum()
    loss.backward()
    copies = backward.by_hand(found).copies
    for which, weight in (("h", layer.weight_hh_l0), ("x", layer.weight_ih_l0)):
        assert weight.grad is not None
        np.testing.assert_allclose(copies[which]["h"].sum(0), np.asarray(weight.grad), atol=1e-12)


def test_the_last_steps_gradient_comes_from_its_output_alone() -> None:
    found = trace.run("lstm", "forget", read("hello"), Setup())
    np.testing.assert_allclose(found.from_output[-1], found.gradients["h"][-1], atol=1e-12)
    assert np.abs(found.gradients["h"] - found.from_output)[:-1].max() > 0.01


HELD = [
    ("lstm", "forget", {"f": 0.0}),
    ("lstm", "forget", {"f": (1.0, None, 0.0), "o": (None, 0.0, None)}),
    ("gru", "update", {"z": (0.0, None, 1.0)}),
    ("gru", "update", {"r": 0.0, "z": (None, None, 1.0)}),
]


@pytest.mark.parametrize("of_last", [False, True])
@pytest.mark.parametrize(
    ("kind", "stage", "held"),
    [*((k, s, {}) for k, ss in STAGES.items() for s in ss), *HELD],
)
def test_the_way_back_by_hand_is_autograds(
    kind: str, stage: str, held: dict[str, Any], of_last: bool
) -> None:
    """Every part by hand in numpy, against autograd on the cell that runs."""
    run = trace.run(kind, stage, read("hello"), Setup(of_last=of_last), held)
    back = backward.by_hand(run)
    np.testing.assert_allclose(back.h, run.gradients["h"], atol=1e-13)
    if back.c is not None:
        np.testing.assert_allclose(back.c, run.gradients["c"], atol=1e-13)
    for gate, found in run.weight_gradients.items():
        assert back.difference("h", gate) < 1e-13
        assert back.difference("x", gate) < 1e-13
        np.testing.assert_allclose(back.autograd["h"][gate], found.W_h)


def test_a_gates_gradient_is_the_slope_of_the_loss() -> None:
    """∂e/∂W of one number of every gate, by finite differences of the loss itself."""
    sequence, step = read("abca"), 1e-6
    for kind in ("lstm", "gru"):
        back = backward.by_hand(trace.run(kind, FINAL[kind], sequence, Setup()))
        cell, W_y = trace.make(kind, FINAL[kind], sequence, Setup())
        for gate in back.da:
            row = cell.gate_rows(3, gate).start + 1
            losses = []
            for shift in (step, -2 * step):
                cell.weight_hh[row, 2] += shift
                run = trace.record(kind, FINAL[kind], cell, W_y, sequence, False, {})
                losses.append(run.e.sum())
            cell.weight_hh[row, 2] += step
            slope = (losses[0] - losses[1]) / (2 * step)
            assert back.copies["h"][gate].sum(0)[1, 2] == pytest.approx(slope, abs=1e-8)
