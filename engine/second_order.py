"""Derivatives of derivatives, for functions whose backward pass is written by hand.

A hand-written backward pass computes in place, which autograd cannot follow. Whoever wants to
differentiate it (`create_graph=True`) or runs it under a transform of `torch.func` gets the same
numbers from plain equations instead, slower, but differentiable as often as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import forward_ad


def is_traced() -> bool:
    """Whether the calls are being recorded, to be run or exported as a graph later."""
    tracing: bool = torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
    return tracing or torch.compiler.is_exporting()


def is_transformed() -> bool:
    """Whether somebody who cannot see into a `torch.autograd.Function` looks on: `torch.func`
    (vmap, grad, jvp, …), forward-mode differentiation, a mode as `FakeTensorMode`, or a tracer.
    """
    # torch has no public name for the first three questions.
    forward_mode = forward_ad._current_level >= 0
    transforms = torch._C._are_functorch_transforms_active()
    return forward_mode or transforms or torch._C._len_torch_dispatch_stack() > 0 or is_traced()


def needs_plain_gradient(*gradients: Float[Tensor, " ..."] | None) -> bool:
    """Whether a backward pass that runs now has to be differentiable, or sees batched gradients, as
    those of `torch.autograd.functional.jacobian(vectorize=True)` are.
    """
    is_batched = torch._C._functorch.is_legacy_batchedtensor
    batched = any(g is not None and is_batched(g) for g in gradients)
    return batched or torch.is_grad_enabled() or is_transformed()


def mixed_precision(device_type: str) -> torch.dtype | None:
    """The type in which `torch.autocast` takes products at the moment; None where it is off."""
    if not torch.amp.is_autocast_available(device_type):  # the meta device has none
        return None
    enabled = torch.is_autocast_enabled(device_type)
    return torch.get_autocast_dtype(device_type) if enabled else None


def full_precision(device_type: str) -> AbstractContextManager[Any]:
    """Products in the precision of their factors, whatever `torch.autocast` says outside."""
    available = torch.amp.is_autocast_available(device_type)
    return torch.autocast(device_type, enabled=False) if available else nullcontext()


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
