"""The runner of the races: its answers against torch.nn, its gates' starts, its cuts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engine.models.memory import CHRONO, MemoryBatch, MemoryModel, cuts
from engine.tasks.memory.race import gradient_by_lag


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model(cell: str, **options: object) -> MemoryModel:
    """5 inputs, 4 classes, 6 units, in float64."""
    made = MemoryModel(5, 4, 1, 6, cell, generator=seeded(), **options)  # type: ignore[arg-type]
    return made.double()


def sequences(steps: int = 9, size: int = 3) -> MemoryBatch:
    x = torch.randn(steps, size, 5, generator=seeded(1), dtype=torch.float64)
    return MemoryBatch(x, torch.randint(4, (1, size), generator=seeded(2)))


@pytest.mark.parametrize("answers", [1, 3])
def test_answers_and_loss_are_torchs(answers: int) -> None:
    ours = MemoryModel(5, 4, answers, 6, "lstm", generator=seeded()).double()
    theirs = nn.LSTM(5, 6).double()
    theirs.load_state_dict(ours.recurrent.state_dict())
    x = sequences().inputs
    targets = torch.randint(4, (answers, 3), generator=seeded(2))
    states, _ = theirs(x)
    wanted = states[-answers:] @ ours.readout.weight.T + ours.readout.bias
    torch.testing.assert_close(ours(x), wanted)
    loss = nn.functional.cross_entropy(wanted.reshape(-1, 4), targets.reshape(-1))
    torch.testing.assert_close(ours.loss(MemoryBatch(x, targets))[0], loss)


def test_a_number_is_judged_by_its_squared_error() -> None:
    ours = MemoryModel(2, 0, 1, 6, "gru", generator=seeded())
    x, targets = torch.rand(4, 3, 2), torch.rand(1, 3)
    wanted = ((ours(x)[0, :, 0] - targets[0]) ** 2).mean()
    torch.testing.assert_close(ours.loss(MemoryBatch(x, targets))[0], wanted)


def test_gradient_by_lag_of_a_plain_rnn_is_slide_29s() -> None:
    ours, batch = model("rnn"), sequences()
    weights = [w.detach().numpy() for w in ours.parameters()]
    W_x, W_h, b_x, b_h, W_y, b_y = weights
    norms = np.zeros((9, 3))
    for k in range(3):
        states = [np.zeros(6)]
        for x in batch.inputs[:, k].numpy():
            states.append(np.tanh(W_x @ x + b_x + W_h @ states[-1] + b_h))
        scores = W_y @ states[-1] + b_y
        p = np.exp(scores) / np.exp(scores).sum()
        p[int(batch.targets[0, k])] -= 1
        gradient = W_y.T @ p
        for lag in range(9):
            norms[lag, k] = np.linalg.norm(gradient)
            gradient = W_h.T @ ((1 - states[9 - lag] ** 2) * gradient)
    (h,) = gradient_by_lag(ours, batch)
    np.testing.assert_allclose(h, norms.mean(1), rtol=1e-9)


def test_gradient_by_lag_of_an_lstm_is_autograds() -> None:
    ours, batch = model("lstm"), sequences()
    cell = nn.LSTMCell(5, 6).double()
    cell.load_state_dict({n.removesuffix("_l0"): w for n, w in ours.recurrent.state_dict().items()})
    h = c = torch.zeros(3, 6, dtype=torch.float64)
    kept_h, kept_c = [], []
    for x in batch.inputs:
        h, c = cell(x, (h, c))
        kept_h.append(h)
        kept_c.append(c)
    e = nn.functional.cross_entropy(ours.readout(h), batch.targets[0], reduction="sum")
    # h_t alone: what c_t hands on does not go through it, as slide 42 warns
    for got, kept in zip(gradient_by_lag(ours, batch), (kept_h, kept_c), strict=True):
        found = torch.autograd.grad(e, kept, retain_graph=True)
        wanted = torch.stack([g.norm(dim=-1).mean() for g in found]).flip(0)
        np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-9)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_cut_ends_the_gradient_and_leaves_the_answer(cell: str) -> None:
    whole, cut = model(cell), model(cell, truncation=4)
    batch = sequences()
    torch.testing.assert_close(cut(batch.inputs), whole(batch.inputs))
    for uncut, short in zip(
        gradient_by_lag(whole, batch), gradient_by_lag(cut, batch), strict=True
    ):
        np.testing.assert_allclose(short[:4], uncut[:4])
        assert (short[4:] == 0).all()
        assert (uncut[4:] > 0).all()


def test_a_cuts_weight_gradient_is_that_of_a_state_taken_as_given() -> None:
    batch, cut = sequences(), model("rnn", truncation=4)
    whole = model("rnn")
    with torch.no_grad():
        _, state = whole.recurrent(batch.inputs[:5])
    states, _ = whole.recurrent(batch.inputs[5:], state)
    nn.functional.cross_entropy(whole.readout(states[-1]), batch.targets[0]).backward()
    cut.loss(batch)[0].backward()
    for ours, wanted in zip(cut.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, wanted.grad)


def test_the_last_stretch_is_a_whole_one() -> None:
    assert cuts(9, 0) == [(0, 9)]
    assert cuts(9, 9) == [(0, 9)]
    assert cuts(9, 4) == [(0, 1), (1, 5), (5, 9)]


def bias(model: MemoryModel) -> torch.Tensor:
    return model.recurrent.get_parameter("bias_ih_l0") + model.recurrent.get_parameter("bias_hh_l0")


def test_keep_bias_opens_the_gate_that_keeps() -> None:
    lstm = MemoryModel(5, 4, 1, 6, "lstm", 2.0, generator=seeded())
    gru = MemoryModel(5, 4, 1, 6, "gru", 2.0, generator=seeded())
    forget = (
        lstm.recurrent.get_parameter("bias_ih_l0") + lstm.recurrent.get_parameter("bias_hh_l0")
    )[6:12]
    update = (
        gru.recurrent.get_parameter("bias_ih_l0") + gru.recurrent.get_parameter("bias_hh_l0")
    )[6:12]
    assert forget.tolist() == [2.0] * 6
    assert update.tolist() == [-2.0] * 6
    # both keep σ(2) = .88 of the old state at each step
    torch.testing.assert_close(torch.sigmoid(forget), 1 - torch.sigmoid(update))


def test_chrono_draws_a_time_scale_for_each_unit() -> None:
    lstm = MemoryModel(5, 4, 1, 400, "lstm", CHRONO, 50, generator=seeded())
    gru = MemoryModel(5, 4, 1, 400, "gru", CHRONO, 50, generator=seeded())
    lstm_bias = (
        lstm.recurrent.get_parameter("bias_ih_l0") + lstm.recurrent.get_parameter("bias_hh_l0")
    ).detach()
    gru_bias = (
        gru.recurrent.get_parameter("bias_ih_l0") + gru.recurrent.get_parameter("bias_hh_l0")
    ).detach()
    scale = lstm_bias[400:800].exp()
    assert 1 <= float(scale.min()) < 2
    assert 49 < float(scale.max()) <= 50.01
    assert float(scale.mean()) == pytest.approx(25.5, abs=2.5)
    torch.testing.assert_close(lstm_bias[:400], -lstm_bias[400:800])
    assert float((-gru_bias[400:800]).exp().mean()) == pytest.approx(25.5, abs=2.5)


def test_an_orthogonal_start() -> None:
    W = MemoryModel(5, 4, 1, 6, "rnn", orthogonal=True, generator=seeded()).recurrent.weights().W_h
    torch.testing.assert_close(W @ W.T, torch.eye(6))
    plain = MemoryModel(5, 4, 1, 6, "rnn", generator=seeded()).recurrent.weights().W_h
    assert not torch.allclose(plain @ plain.T, torch.eye(6), atol=0.1)


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="cell must be"):
        MemoryModel(5, 4, 1, 6, "elman")
