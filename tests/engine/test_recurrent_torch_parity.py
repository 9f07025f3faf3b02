"""The whole of `torch.nn`'s call, option by option: outputs, states, every gradient, in float64."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import engine
from engine.stacking import Recurrent

T, B, N, H = 6, 3, 4, 5
LENGTHS = {"sorted": [6, 4, 1], "unsorted": [3, 6, 5], "lengths": [3, 6, 5]}
KINDS: dict[str, tuple[type[Recurrent], type[nn.Module], dict[str, Any], dict[str, Any]]] = {
    "RNN": (engine.RNN, nn.RNN, {}, {}),
    "RNN, relu": (engine.RNN, nn.RNN, {"nonlinearity": "relu"}, {}),
    "LSTM": (engine.LSTM, nn.LSTM, {}, {}),
    "LSTM, fused": (engine.LSTM, nn.LSTM, {}, {"fused": True}),
    "GRU, reset_after": (engine.GRU, nn.GRU, {}, {"reset_after": True}),
}


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64).requires_grad_()


def pair(name: str, **options: Any) -> tuple[Recurrent, nn.Module]:
    """Ours, and torch's with our numbers."""
    kind, reference, both, own = KINDS[name]
    generator = torch.Generator().manual_seed(1)
    ours = kind(N, H, **options, **both, **own, generator=generator, dtype=torch.float64)
    theirs = reference(N, H, **options, **both, dtype=torch.float64)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def called(layer: nn.Module, x: Tensor, state: Any, lengths: str) -> tuple[Tensor, list[Tensor]]:
    """Output as a padded tensor, and final states; `lengths` names how they are handed over."""
    first = layer.batch_first
    if lengths == "all":
        output, final = layer(x, state)
    elif lengths == "lengths" and isinstance(layer, Recurrent):
        output, final = layer(x, state, lengths=torch.tensor(LENGTHS[lengths]))
    else:
        packed = pack_padded_sequence(x, LENGTHS[lengths], bool(first), lengths == "sorted")
        output, final = layer(packed, state)
        output, _ = pad_packed_sequence(output, bool(first))
    return output, [final] if isinstance(final, Tensor) else list(final)


def measured(layer: nn.Module, x: Tensor, state: Any, lengths: str) -> dict[str, Tensor]:
    """Everything by name: output, final states, gradients of a weighed sum of all of them."""
    output, finals = called(layer, x, state, lengths)
    loss = sum((y * draw(9, *y.shape)).sum() for y in (output, *finals))
    assert isinstance(loss, Tensor)
    states = [] if state is None else [state] if isinstance(state, Tensor) else list(state)
    wanted = {"x": x} | {f"state {k}": s for k, s in enumerate(states)}
    wanted |= dict(layer.named_parameters())
    gradients = torch.autograd.grad(loss, list(wanted.values()))
    results = {"output": output} | {f"final {k}": f for k, f in enumerate(finals)}
    return results | {f"∂ {name}": g for name, g in zip(wanted, gradients, strict=True)}


def assert_same(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> None:
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        assert ours[name].shape == value.shape, name
        assert float((ours[name] - value).detach().abs().max()) < 1e-10, name


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lengths", ["all", *LENGTHS])
def test_every_option_gives_torchs_numbers_and_gradients(name: str, lengths: str) -> None:
    grid = product([1, 2, 3], [False, True], [False, True], [True, False], [True, False])
    for layers, bidirectional, batch_first, bias, given in grid:
        ours, theirs = pair(
            name,
            num_layers=layers,
            bidirectional=bidirectional,
            batch_first=batch_first,
            bias=bias,
        )
        x = draw(2, B, T, N) if batch_first else draw(2, T, B, N)
        states = [draw(3 + k, layers * ours.directions, B, H) for k in range(2)]
        state: Any = tuple(states) if "LSTM" in name else states[0]
        state = state if given else None
        assert_same(measured(ours, x, state, lengths), measured(theirs, x, state, lengths))


@pytest.mark.parametrize("name", KINDS)
def test_one_sequence_without_a_batch_gives_torchs_numbers_and_gradients(name: str) -> None:
    for batch_first, given in product([False, True], [False, True]):
        ours, theirs = pair(name, num_layers=2, bidirectional=True, batch_first=batch_first)
        states = [draw(3 + k, 4, H) for k in range(2)]
        state: Any = tuple(states) if "LSTM" in name else states[0]
        state, x = state if given else None, draw(2, T, N)
        assert_same(measured(ours, x, state, "all"), measured(theirs, x, state, "all"))


@pytest.mark.parametrize("name", KINDS)
def test_numbers_travel_both_ways(name: str) -> None:
    ours, theirs = pair(name, num_layers=2, bidirectional=True)
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.mul_(2)
    ours.load_state_dict(theirs.state_dict())
    x = draw(2, T, B, N)
    assert_same(measured(ours, x, None, "all"), measured(theirs, x, None, "all"))


def test_a_training_step_of_the_fused_lstm_is_that_of_the_hand_written_one() -> None:
    hand, _ = pair("LSTM", num_layers=2, bidirectional=True)
    fused, _ = pair("LSTM, fused", num_layers=2, bidirectional=True)
    before = [p.detach().clone() for p in hand.parameters()]
    for layer in (hand, fused):
        optimiser = torch.optim.SGD(layer.parameters(), lr=0.5)
        layer(draw(2, T, B, N), lengths=torch.tensor([3, 6, 5]))[0].square().sum().backward()
        optimiser.step()
    for was, a, b in zip(before, hand.parameters(), fused.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=0, atol=1e-10)
        assert (a - was).abs().max() > 1e-4


def ours(name: str) -> Recurrent:
    return pair(name, num_layers=2)[0]


LAYERS: dict[str, Callable[[], Recurrent]] = {
    **{name: partial(ours, name) for name in KINDS},
    "GRU": partial(engine.GRU, N, H, 2, dtype=torch.float64),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_gradient_runs_through_a_state_that_is_carried_over(name: str) -> None:
    layer = LAYERS[name]()
    x, weigh = draw(2, T, B, N), draw(3, T, B, H)
    whole, _ = layer(x)
    first, state = layer(x[:2])
    parts = torch.cat([first, layer(x[2:], state)[0]])
    assert torch.allclose(parts, whole, rtol=0, atol=1e-12)
    wanted = [x, *layer.parameters()]
    expected = torch.autograd.grad((whole * weigh).sum(), wanted)
    for a, b in zip(torch.autograd.grad((parts * weigh).sum(), wanted), expected, strict=True):
        assert torch.allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_two_threads_that_train_one_layer_get_the_gradients_of_one(name: str) -> None:
    layer = LAYERS[name]()
    batches = [draw(k, T, B, N) for k in range(8)]

    def gradients() -> list[Tensor]:
        losses = [layer(x)[0].square().sum() for x in batches]
        return [g for e in losses for g in torch.autograd.grad(e, list(layer.parameters()))]

    alone, found = gradients(), dict[int, list[Tensor]]()
    work = [threading.Thread(target=lambda k=k: found.update({k: gradients()})) for k in range(2)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    for k in range(2):
        for a, b in zip(alone, found[k], strict=True):
            assert torch.allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_a_pickled_layer_comes_back_the_same(name: str) -> None:
    layer, x = LAYERS[name](), draw(2, T, B, N)
    back = pickle.loads(pickle.dumps(layer))  # noqa: S301 - our own bytes
    assert torch.equal(back(x)[0], layer(x)[0])
    assert repr(back) == repr(layer)


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_is_stored_on_the_layer_by_a_call(name: str) -> None:
    layer = LAYERS[name]()
    before = dict(vars(layer))
    layer(draw(2, T, B, N))
    assert vars(layer) == before
