"""What the four sequence functions have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Gradients = tuple[Tensor | None, ...]


def from_inputs(x: Tensor, W_x: Tensor, b: Tensor | None, out: Tensor) -> None:
    """out (T, B, R) = W_x x_t + b for all t in one product."""
    flat, inputs = out.view(-1, out.size(-1)), x.reshape(-1, x.size(-1))
    if b is None:
        torch.mm(inputs, W_x.t(), out=flat)
    else:
        torch.addmm(b, inputs, W_x.t(), out=flat)


MINUS_ONE = torch.tensor(-1.0)


def stretch_(s: Tensor) -> Tensor:
    """2s − 1 in place, so that stretch_(σ(2a)) = tanh(a)  (slide 20)."""
    return torch.add(MINUS_ONE, s, alpha=2, out=s)


def tanh_(a: Tensor) -> Tensor:
    """tanh(a) in place, on the CPU as slide 20 writes it: 2σ(2a) − 1.

    There torch's own tanh goes through a library that wakes a team of threads for a few hundred
    numbers already: up to four times slower alone, and a hundred times where the cores are busy.
    The two agree to a rounding error of a number near 1 (1.2e-7 in float32).
    """
    return stretch_(a.add_(a).sigmoid_()) if a.is_cpu else a.tanh_()


def states_from(first: Tensor, steps: int) -> Tensor:
    """(T + 1, B, H): room for the states, the first one filled in."""
    states = first.new_empty(steps + 1, *first.shape)
    states[0] = first
    return states


def totals(e: Tensor, wanted: bool) -> tuple[Tensor | None, list[Tensor]]:
    """Where the loop writes ∂h_t: all T of them if a probe asks, else one buffer over and over."""
    if wanted:
        kept = torch.empty_like(e)
        return kept, list(kept.unbind(0))
    return None, [e.new_empty(e.shape[1:])] * e.size(0)


def backwards(*sequences: Tensor | Sequence[Tensor | None]) -> Any:
    """Steps T … 1 of several (T, …) tensors side by side, as views made once."""
    return zip(
        *(reversed(s.unbind(0) if isinstance(s, Tensor) else s) for s in sequences), strict=True
    )


def shared(d: Tensor, x: Tensor, out: Tensor | None = None) -> Tensor:
    """Σ_t ∂a_t x_tᵀ: the gradient of a weight shared by all steps, (R, I)."""
    return torch.mm(d.reshape(-1, d.size(-1)).t(), x.reshape(-1, x.size(-1)), out=out)


def below(d: Tensor, W_x: Tensor) -> Tensor:
    """W_xᵀ ∂a_t for all t: the gradient handed to the layer below, (T, B, I)."""
    return (d.view(-1, d.size(-1)) @ W_x).view(*d.shape[:2], W_x.size(1))
