"""What people do around `torch.nn`'s layers, done with ours: the same happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

import engine
from engine.dropout import dropout

T, B, N, H = 5, 3, 4, 6
KINDS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Any]]] = {
    "RNN": (engine.RNN, nn.RNN, {}),
    "LSTM": (engine.LSTM, nn.LSTM, {}),
    "GRU": (engine.GRU, nn.GRU, {"reset_after": True}),
}
each_kind = pytest.mark.parametrize("name", KINDS)


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64)


def pair(name: str, *sizes: Any, **options: Any) -> tuple[Any, Any]:
    """Ours, and torch's with our numbers, in float64."""
    kind, rival, own = KINDS[name]
    ours = kind(N, H, *sizes, **options, **own, dtype=torch.float64)
    theirs = rival(N, H, *sizes, **options, dtype=torch.float64)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def assert_same(found: Any, expected: Any, tolerance: float = 1e-11) -> None:
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


def gradients(layer: nn.Module, change: Any) -> list[Tensor]:
    x = draw(1, T, B, N).requires_grad_()
    output, _ = layer(x)
    changed = change(output)
    loss = (changed * draw(2, *changed.shape)).sum()
    return [changed.detach(), *torch.autograd.grad(loss, [x, *layer.parameters()])]


def overwrite(output: Tensor) -> Tensor:
    output[2:] = 0
    return output


@each_kind
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_written_into_the_output_does_not_harm_the_gradient(
    name: str, layers: int, bidirectional: bool
) -> None:
    for change in (lambda y: functional.relu(y, inplace=True), overwrite, lambda y: y.mul_(2)):
        ours, theirs = pair(name, layers, bidirectional=bidirectional)
        assert_same(gradients(ours, change), gradients(theirs, change))


@each_kind
def test_checkpointing_gives_the_same_gradients(name: str) -> None:
    ours, theirs = pair(name, 2)
    results: list[Any] = []
    for layer in (ours, theirs):
        x = draw(1, T, B, N).requires_grad_()
        output, _ = checkpoint(layer, x, use_reentrant=False)
        loss = output.square().sum()
        wanted = [x, *layer.parameters()]
        results.append(torch.autograd.grad(loss, wanted))
    assert_same(results[0], results[1])


@each_kind
def test_all_that_a_layer_keeps_can_be_packed_away(name: str) -> None:
    """Through the hooks by which checkpointing frees it: the graph itself holds no tensor."""
    ours, _ = pair(name, 2)
    with torch.autograd.graph.saved_tensors_hooks(len, lambda packed: packed):
        queue, seen = [ours(draw(1, T, B, N).requires_grad_())[0].grad_fn], set()
    while queue:
        node = queue.pop()
        if node is not None and node not in seen:
            seen.add(node)
            queue += [after for after, _ in node.next_functions]
            held = vars(node).values() if hasattr(node, "__dict__") else ()
            assert not [part for part in held if isinstance(part, Tensor | tuple)]


@pytest.mark.parametrize("p", [0.001, 0.1, 0.3, 0.5, 0.9985])
def test_dropout_rates_are_exact(p: float) -> None:
    n = 4_000_000
    x = torch.ones(n)
    found = dropout(x, p, torch.Generator().manual_seed(0))
    share = float((found == 0).double().mean())
    assert abs(share - p) < 4.5 * (p * (1 - p) / n) ** 0.5
    assert float(found.max()) == pytest.approx(1 / (1 - p), rel=1e-6)
