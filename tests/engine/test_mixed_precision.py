"""Mixed precision: products in bfloat16, everything else as it was."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import engine
from engine.stacking import Recurrent
from engine.training import Settings, train
from tests.engine.small_model import SmallModel, batches

T, B, N, H = 20, 3, 8, 16
KINDS: dict[str, tuple[type[Recurrent], dict[str, Any]]] = {
    "RNN": (engine.RNN, {}),
    "LSTM": (engine.LSTM, {}),
    "GRU": (engine.GRU, {}),
    "GRU, reset_after": (engine.GRU, {"reset_after": True}),
}


def gradients(layer: Recurrent, x: Tensor, mixed: bool) -> list[Tensor]:
    """h, then ∂(Σ h²)/∂x and those of all parameters."""
    with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
        h, _ = layer(x)
        assert h.dtype == torch.float32
        loss = h.square().sum()
    return [h.detach(), *torch.autograd.grad(loss, [x, *layer.parameters()])]


@pytest.mark.parametrize("name", KINDS)
def test_mixed_precision_agrees_to_what_bfloat16_can_hold(name: str) -> None:
    kind, options = KINDS[name]
    drawn = torch.Generator().manual_seed(0)
    layer = kind(N, H, 2, generator=drawn, **options)
    x = torch.randn(T, B, N, generator=drawn).requires_grad_()
    exact, mixed = gradients(layer, x, False), gradients(layer, x, True)
    assert all(m.dtype == torch.float32 for m in mixed)
    errors = [float((m - e).norm() / e.norm()) for m, e in zip(mixed, exact, strict=True)]
    assert max(errors) < 0.02
    assert min(errors) > 1e-5, "the products were not rounded"


def test_what_another_layer_computed_in_bfloat16_can_be_read() -> None:
    layer = engine.LSTM(N, H)
    with torch.autocast("cpu", torch.bfloat16):
        h, _ = layer(torch.zeros(T, B, N, dtype=torch.bfloat16))
    assert h.dtype == torch.float32
    with pytest.raises(ValueError, match="does not match weight dtype"):
        layer(torch.zeros(T, B, N, dtype=torch.bfloat16))


def test_first_states_that_another_layer_computed_in_bfloat16_can_be_gone_on_from() -> None:
    layer = engine.LSTM(N, H)
    first = tuple(torch.ones(1, B, H, dtype=torch.bfloat16) for _ in range(2))
    with torch.autocast("cpu", torch.bfloat16):
        h, last = layer(torch.zeros(T, B, N), first)
    assert {t.dtype for t in (h, *last)} == {torch.float32}


def test_double_precision_stays_what_it_is() -> None:
    layer = engine.GRU(N, H, dtype=torch.float64)
    x = torch.ones(T, B, N, dtype=torch.float64)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(layer(x)[0], layer(x)[0].double())
        mixed = layer(x)[0]
    assert torch.equal(mixed, layer(x)[0])


def test_mixed_precision_trains_with_rounded_products_and_float32_weights() -> None:
    exact, mixed = (SmallModel(dropout=0.0, double=False) for _ in range(2))
    for model, setting in ((exact, False), (mixed, True)):
        settings = Settings(steps=5, learning_rate=0.01, mixed_precision=setting)
        list(train(model, lambda k: batches(k).float(), settings))
    for one, other in zip(exact.parameters(), mixed.parameters(), strict=True):
        assert other.dtype == torch.float32
        assert torch.allclose(one, other, atol=0.02)
    assert not torch.equal(exact.outer.weight, mixed.outer.weight)
