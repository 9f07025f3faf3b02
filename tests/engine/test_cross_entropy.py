"""The cross-entropy of large vocabularies against torch's own."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.cross_entropy import ROWS, cross_entropy

D, V = 5, 11


def drawn(rows: int, scale: float = 1.0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """h, E, b that want gradients, and targets."""
    draws = torch.Generator().manual_seed(rows)
    shapes = ((rows, D), (V, D), (V,))
    h, E, b = (scale * torch.randn(s, generator=draws, dtype=torch.float64) for s in shapes)
    targets = torch.randint(V, (rows,), generator=draws)
    return h.requires_grad_(), E.requires_grad_(), b.requires_grad_(), targets


def reference(h: Tensor, E: Tensor, b: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    return functional.cross_entropy(h @ E.T + b, targets, label_smoothing=smoothing)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("rows", [1, 2, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS, 3 * ROWS + 7])
def test_loss_and_gradients_are_torchs(rows: int, smoothing: float) -> None:
    h, E, b, targets = drawn(rows)
    found, expected = (each(h, E, b, targets, smoothing) for each in (cross_entropy, reference))
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=1e-12)
    # Scaled, as any loss may be one of several terms.
    ours, theirs = (torch.autograd.grad(3 * loss, [h, E, b]) for loss in (found, expected))
    for own, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(own, other, atol=1e-12, rtol=1e-10)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_rows_may_count_more_or_less_or_against(smoothing: float) -> None:
    h, E, b, targets = drawn(ROWS + 5)
    weights = torch.linspace(-1, 2, ROWS + 5, dtype=torch.float64)
    found = cross_entropy(h, E, b, targets, smoothing, weights)
    rows = functional.cross_entropy(
        h @ E.T + b, targets, label_smoothing=smoothing, reduction="none"
    )
    expected = (rows * weights).mean()
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=1e-12)
    ours, theirs = (torch.autograd.grad(loss, [h, E, b]) for loss in (found, expected))
    for own, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(own, other, atol=1e-12, rtol=1e-10)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_second_derivatives_are_torchs(smoothing: float) -> None:
    h, E, b, targets = drawn(4)
    weights = torch.linspace(-1, 2, 4, dtype=torch.float64)
    found = torch.autograd.functional.hessian(
        partial(cross_entropy, targets=targets, smoothing=smoothing), (h, E, b)
    )
    expected = torch.autograd.functional.hessian(
        partial(reference, targets=targets, smoothing=smoothing), (h, E, b)
    )
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=1e-10)
    weighted = partial(cross_entropy, targets=targets, smoothing=smoothing, weights=weights)
    assert torch.autograd.gradgradcheck(weighted, (h, E, b))
    slopes = torch.func.grad(cross_entropy, (0, 1, 2))(h, E, b, targets, smoothing)
    torch.testing.assert_close(
        slopes, torch.autograd.grad(reference(h, E, b, targets, smoothing), [h, E, b])
    )


def test_weights_that_want_a_gradient_are_refused() -> None:
    h, E, b, targets = drawn(2)
    with pytest.raises(RuntimeError, match="constants"):
        cross_entropy(h, E, b, targets, 0.0, torch.ones(2, requires_grad=True))


def test_mixed_precision_agrees_to_what_bfloat16_can_hold() -> None:
    *parts, targets = drawn(ROWS + 3)
    h, E, b = (part.detach().float().requires_grad_() for part in parts)
    exact = torch.autograd.grad(cross_entropy(h, E, b, targets, 0.1), [h, E, b])
    with torch.autocast("cpu", torch.bfloat16):
        loss = cross_entropy(h, E, b, targets, 0.1)
    mixed = torch.autograd.grad(loss, [h, E, b])
    assert loss.dtype == torch.float32
    assert all(m.dtype == torch.float32 for m in mixed)
    torch.testing.assert_close(loss, reference(h, E, b, targets, 0.1), atol=0.02, rtol=0.02)
    errors = [float((m - e).norm() / e.norm()) for m, e in zip(mixed, exact, strict=True)]
    assert max(errors) < 0.02
    assert min(errors) > 1e-5, "the products were not rounded"


def test_what_another_layer_computed_in_bfloat16_can_be_compared() -> None:
    h, E, b, targets = drawn(4)
    low = h.detach().bfloat16().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        loss = cross_entropy(low, E.detach().float(), b.detach().float(), targets, 0.0)
    (gradient,) = torch.autograd.grad(loss, [low])
    assert gradient.dtype == torch.bfloat16
    expected = reference(h, E, b, targets, 0.0).float()
    torch.testing.assert_close(loss, expected, atol=0, rtol=0.02)


def test_extreme_scores_stay_finite() -> None:
    b = torch.tensor([1e4, -1e4, 0.0], requires_grad=True)
    h, E = torch.zeros(3, 2, requires_grad=True), torch.zeros(3, 2, requires_grad=True)
    targets = torch.tensor([0, 1, 2])
    loss = cross_entropy(h, E, b, targets, 0.1)
    expected = reference(h, E, b, targets, 0.1)
    torch.testing.assert_close(loss, expected)
    ours, theirs = (torch.autograd.grad(each, [h, E, b]) for each in (loss, expected))
    for own, other in zip(ours, theirs, strict=True):
        assert bool(own.isfinite().all())
        torch.testing.assert_close(own, other)


def test_only_what_is_asked_for_gets_a_gradient() -> None:
    h, E, b, targets = drawn(3)
    cross_entropy(h.detach(), E, b.detach(), targets, 0.1).backward()
    assert E.grad is not None
    assert h.grad is None
    assert b.grad is None


def test_the_mean_of_no_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        cross_entropy(*drawn(0), 0.1)
