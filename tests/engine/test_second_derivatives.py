"""Derivatives of gradients: the layers beside `torch.nn`'s, the lecture's GRU beside its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import engine
from engine.gradients import probes
from engine.stacking import Recurrent

T, B, N, H = 3, 2, 3, 4
KINDS: dict[str, tuple[type[Recurrent], type[nn.Module] | None, dict[str, Any], dict[str, Any]]] = {
    "RNN": (engine.RNN, nn.RNN, {}, {}),
    "RNN, relu": (engine.RNN, nn.RNN, {"nonlinearity": "relu"}, {}),
    "LSTM": (engine.LSTM, nn.LSTM, {}, {}),
    "LSTM, fused": (engine.LSTM, nn.LSTM, {}, {"fused": True}),
    "GRU, reset_after": (engine.GRU, nn.GRU, {}, {"reset_after": True}),
    "GRU": (engine.GRU, None, {}, {}),
}


class ByCell(nn.Module):
    """One layer by its cell, step by step; parameters go by the layer's names."""

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        cell = self.layer.cell_class.with_weights(*self.layer.weights())
        state, outputs = (x.new_zeros(x.size(1), H),), []
        for x_t in x:
            h, state = cell(x_t, state)
            outputs.append(h)
        return torch.stack(outputs), outputs[-1]


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64).requires_grad_()


def pair(name: str, layers: int = 1) -> tuple[Recurrent, nn.Module]:
    """Ours, and one that autograd sees through, with the same numbers."""
    kind, reference, both, own = KINDS[name]
    drawn = torch.Generator().manual_seed(1)
    layer = kind(N, H, layers, **both, **own, generator=drawn, dtype=torch.float64)
    if reference is None:
        return layer, ByCell(layer)
    theirs = reference(N, H, layers, **both, dtype=torch.float64)
    theirs.load_state_dict(layer.state_dict())
    return layer, theirs


def assert_same(found: Any, expected: Any) -> None:
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=1e-9)


Loss = Callable[[Tensor], Tensor]
LOSSES: tuple[Loss, ...] = (Tensor.sum, lambda y: y.pow(3).sum())


@pytest.mark.parametrize("loss", LOSSES, ids=["linear", "cubic"])
@pytest.mark.parametrize("name", KINDS)
def test_the_hessian_is_torchs(name: str, loss: Loss) -> None:
    x = draw(2, T, 1, N).detach()
    ours, theirs = (
        torch.autograd.functional.hessian(lambda x, layer=layer: loss(layer(x)[0]), x)
        for layer in pair(name)
    )
    assert_same(ours, theirs)
    assert bool(ours.any()) or name == "RNN, relu"


@pytest.mark.parametrize("loss", LOSSES, ids=["linear", "cubic"])
@pytest.mark.parametrize("name", KINDS)
def test_a_gradient_penalty_trains_every_parameter_as_torchs(name: str, loss: Loss) -> None:
    layers = 1 if name == "GRU" else 2
    results = []
    for layer in pair(name, layers):
        x = draw(2, T, B, N)
        output, final = layer(x)
        finals = [final] if isinstance(final, Tensor) else list(final)
        (slope,) = torch.autograd.grad(
            loss(output) + sum(map(Tensor.sum, finals)), x, create_graph=True
        )
        penalty = (slope.norm(dim=-1) - 1).square().sum()
        wanted = [x, *layer.parameters()]
        found = torch.autograd.grad(penalty, wanted, allow_unused=True)
        results.append([penalty, *found])
    for found, expected in zip(*results, strict=True):
        assert_same(found, expected)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "GRU, reset_after"])
def test_two_states_from_one_tensor_are_not_counted_twice(name: str) -> None:
    """x and h_0 come from one z: its gradient is the sum of both paths, in both orders."""
    layer, _ = pair(name)
    z = draw(4, B, H).detach()[:, :N].requires_grad_()

    def loss(z: Tensor) -> Tensor:
        h = nn.functional.pad(z, (0, H - N)).unsqueeze(0)
        state = (h, 2 * h) if name == "LSTM" else h
        output: Tensor = layer(z.expand(T, B, N), state)[0]
        return output.sum()

    assert torch.autograd.gradcheck(loss, z)
    assert torch.autograd.gradgradcheck(loss, z)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "GRU, reset_after"])
def test_the_gradient_of_a_probe_can_be_differentiated(name: str) -> None:
    """∂e/∂h_t (and ∂e/∂c_t) as a function of x: its derivative by finite differences."""
    layer, _ = pair(name, 2)

    def slopes(x: Tensor) -> tuple[Tensor, ...]:
        probe = probes(layer, T, B)
        loss = layer(x, probe=probe)[0].pow(2).sum()
        return torch.autograd.grad(loss, probe, create_graph=True)

    x = draw(2, T, B, N)
    assert torch.autograd.gradcheck(slopes, x)
    plain = probes(layer, T, B)
    first = torch.autograd.grad(layer(x, probe=plain)[0].pow(2).sum(), plain)
    assert_same(slopes(x), first)
