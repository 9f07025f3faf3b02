"""What the four sequence functions have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Gradients = tuple[Tensor | None, ...]


def rounded(W_x: Tensor, W_h: Tensor) -> tuple[Tensor, Tensor]:
    """The weights as products read them: under `torch.autocast` in its type, else as they are.

    A product is taken in the precision of its weight; sums, gates and states keep theirs.
    """
    kind = W_h.device.type
    if W_h.dtype != torch.float32 or not torch.is_autocast_enabled(kind):
        return W_x, W_h
    lower = torch.get_autocast_dtype(kind)
    return W_x.to(lower), W_h.to(lower)


def times(x: Tensor, W: Tensor, out: Tensor) -> Tensor:
    """out = x W, with x rounded to W's precision if that is lower; both are matrices."""
    if W.dtype.itemsize >= x.dtype.itemsize:
        return torch.mm(x, W, out=out)
    return out.copy_(torch.mm(x.to(W.dtype), W))


def plus_times(a: Tensor, x: Tensor, W: Tensor, out: Tensor) -> Tensor:
    """out = a + x W, with x rounded to W's precision if that is lower; a may be out."""
    if W.dtype.itemsize >= x.dtype.itemsize:
        return torch.addmm(a, x, W, out=out)
    return torch.add(a, torch.mm(x.to(W.dtype), W), out=out)


def from_inputs(x: Tensor, W_x: Tensor, b: Tensor | None, out: Tensor) -> None:
    """out (T, B, R) = W_x x_t + b for all t in one product."""
    flat, inputs = out.view(-1, out.size(-1)), x.reshape(-1, x.size(-1))
    if b is None:
        times(inputs, W_x.t(), out=flat)
    else:
        plus_times(b, inputs, W_x.t(), out=flat)


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


def shared(d: Tensor, x: Tensor) -> Tensor:
    """Σ_t ∂a_t x_tᵀ in ∂a's precision: the gradient of a weight shared by all steps, (R, I)."""
    return d.reshape(-1, d.size(-1)).t() @ x.reshape(-1, x.size(-1)).to(d.dtype)


def below(d: Tensor, W_x: Tensor) -> Tensor:
    """W_xᵀ ∂a_t for all t: the gradient handed to the layer below, (T, B, I)."""
    return (d.view(-1, d.size(-1)) @ W_x).view(*d.shape[:2], W_x.size(1))
