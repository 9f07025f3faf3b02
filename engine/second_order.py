"""Derivatives of derivatives, for functions whose backward pass is written by hand.

A hand-written backward pass computes in place, which autograd cannot follow. Whoever wants to
differentiate it (`create_graph=True`) or runs it under a transform of `torch.func` gets the same
numbers from plain equations instead, slower, but differentiable as often as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import forward_ad


def is_traced() -> bool:
    """Whether the calls are being recorded, to be run or exported as a graph later."""
    return torch.jit.is_tracing() or torch.compiler.is_exporting()


def is_transformed() -> bool:
    """Whether somebody who cannot see into a `torch.autograd.Function` looks on: `torch.func`
    (vmap, grad, jvp, …), forward-mode differentiation, or a tracer.
    """
    # torch has no public name for the first two questions.
    forward_mode = forward_ad._current_level >= 0
    return forward_mode or torch._C._are_functorch_transforms_active() or is_traced()


def needs_plain_gradient() -> bool:
    """Whether a backward pass that runs now has to be differentiable, or sees batched gradients."""
    return torch.is_grad_enabled() or is_transformed()


def plain_gradient(
    function: Callable[..., Any],
    arguments: Sequence[Any],
    needed: Sequence[bool],
    gradients: Sequence[Float[Tensor, " ..."] | None],
) -> tuple[Float[Tensor, " ..."] | None, ...]:
    """What a backward pass returns, by differentiating `function`, itself differentiable.

    Args:
        function: the plain equations; one tensor or several.
        arguments: those of `forward`.
        needed: which of them want a gradient (`ctx.needs_input_grad`).
        gradients: ∂e/∂(each output of `function`); None for one that e does not depend on.
    """
    with torch.enable_grad():
        # A view of each argument, so that where one was computed from another, as h_0 from x, the
        # path between the two is not counted here: autograd follows it outside.
        given = [a.view_as(a) if need else a for a, need in zip(arguments, needed, strict=True)]
        outputs = function(*given)
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        used = [(y, g) for y, g in zip(outputs, gradients, strict=True) if g is not None]
        wanted = [a for a, need in zip(given, needed, strict=True) if need]
        found = iter(
            torch.autograd.grad(
                [y for y, _ in used],
                wanted,
                [g.to(y.dtype) for y, g in used],
                create_graph=True,
                allow_unused=True,
            )
        )
    return tuple(next(found) if need else None for need in needed)
