"""The character model against torch.nn, and its one-stream step against the whole sequence."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engine.models.char_model import CharBatch, CharModel
from engine.models.char_step import LARGE, Stepper

CELLS = ("rnn", "lstm", "gru")
V, H = 11, 24


def made(cell: str, layers: int = 2, **options: float) -> CharModel:
    generator = torch.Generator().manual_seed(1)
    return CharModel(V, H, layers, cell, generator=generator, **options)


def text(steps: int, rows: int = 1) -> torch.Tensor:
    return torch.randint(V, (steps, rows), generator=torch.Generator().manual_seed(2))


def test_the_input_is_one_hot_and_the_output_linear() -> None:
    """As slide 9 has it, computed with torch.nn's layer."""
    model, ids = made("lstm"), text(7, 3)
    oracle = nn.LSTM(V, H, 2)
    oracle.load_state_dict(model.recurrent.state_dict())
    h, _ = oracle(nn.functional.one_hot(ids, V).float())
    logits, states, _ = model(ids)
    torch.testing.assert_close(states, h)
    torch.testing.assert_close(logits, model.output(h))


@pytest.mark.parametrize("cell", CELLS)
def test_carried_states_make_two_batches_one_text(cell: str) -> None:
    model, ids = made(cell), text(21, 2)
    whole, _ = model.loss(CharBatch(ids[:-1], ids[1:]))
    first, carry = model.loss(CharBatch(ids[:10], ids[1:11]))
    second, _ = model.loss(CharBatch(ids[10:20], ids[11:21]), carry)
    torch.testing.assert_close((first + second) / 2, whole)
    anew, _ = model.loss(CharBatch(ids[10:20], ids[11:21], fresh=True), carry)
    alone, _ = model.loss(CharBatch(ids[10:20], ids[11:21]))
    torch.testing.assert_close(anew, alone)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_step_writes_what_the_sequence_says(cell: str, layers: int) -> None:
    model, ids = made(cell, layers).requires_grad_(False), text(40)
    stepper = Stepper(model)
    state = stepper.start()
    stepped = torch.stack([stepper.step(int(token), state).clone() for token in ids[:, 0]])
    torch.testing.assert_close(stepped, model(ids)[0][:, 0], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_the_step_of_a_large_model_writes_the_same(cell: str) -> None:
    """From some size on, products are shared by threads."""
    drawn = torch.Generator().manual_seed(0)
    model = CharModel(V, 512, 2, cell, generator=drawn).eval().requires_grad_(False)
    assert model.recurrent.get_parameter("weight_hh_l0").numel() >= LARGE
    ids, stepper = text(20), Stepper(model)
    state = stepper.start()
    stepped = torch.stack([stepper.step(int(token), state).clone() for token in ids[:, 0]])
    torch.testing.assert_close(stepped, model(ids)[0][:, 0], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_bytes_change_the_step_a_little_and_only_a_little(cell: str) -> None:
    model, ids = made(cell).requires_grad_(False), text(40)
    stepper = Stepper(model, int8=True)
    state = stepper.start()
    stepped = torch.stack([stepper.step(int(token), state).clone() for token in ids[:, 0]])
    off = (stepped - model(ids)[0][:, 0]).abs().max()
    assert 0 < float(off) < 0.03


def test_two_streams_do_not_disturb_each_other() -> None:
    model = made("gru").requires_grad_(False)
    stepper, alone = Stepper(model), Stepper(model)
    one, other, single = stepper.start(), stepper.start(), alone.start()
    for token in (3, 1, 4, 1, 5):
        mixed = stepper.step(token, one).clone()
        stepper.step(9 - token, other)
        torch.testing.assert_close(mixed, alone.step(token, single))


@pytest.mark.parametrize("cell", CELLS)
def test_recurrent_dropout_is_of_the_weights_and_only_in_training(cell: str) -> None:
    model, ids = made(cell, recurrent_dropout=0.5), text(9)
    model.eval()
    torch.testing.assert_close(model(ids)[0], made(cell)(ids)[0])
    model.train()
    draws = [model(ids, generator=torch.Generator().manual_seed(s))[0] for s in (0, 0, 1)]
    torch.testing.assert_close(draws[0], draws[1])
    assert not torch.allclose(draws[0], draws[2])
    model.loss(CharBatch(ids[:-1], ids[1:]), generator=torch.Generator().manual_seed(0))[
        0
    ].backward()
    gradient = model.recurrent.get_parameter("weight_hh_l0").grad
    assert gradient is not None
    assert 0.3 < float((gradient == 0).float().mean()) < 0.7


def test_keeping_gates_start_open() -> None:
    lstm, gru = (made(cell, keep_bias=2.0).recurrent for cell in ("lstm", "gru"))
    assert bool((lstm.get_parameter("bias_ih_l1")[H : 2 * H] == 2).all())
    assert bool((gru.get_parameter("bias_ih_l0")[H : 2 * H] == -2).all())
    with pytest.raises(ValueError, match="cell must be"):
        made("transformer")
