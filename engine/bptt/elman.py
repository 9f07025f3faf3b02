"""The plain recurrent network over a whole sequence (slides 19, 21, 29)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from engine.bptt.sequence import (
    Gradients,
    backwards,
    below,
    from_inputs,
    plus_times,
    rounded,
    shared,
    states_from,
    tanh_,
    totals,
)


def elman(
    x: Tensor, h0: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor | None,
    probe: Tensor | None = None, nonlinearity: str = "tanh",
) -> Tensor:  # fmt: skip
    """h_t = tanh(W_x x_t + W_h h_{t-1} + b) for all t (slide 19): (T, B, H)."""
    states: Tensor = Elman.apply(x, h0, W_x, W_h, b, probe, nonlinearity)
    return states


class Elman(Function):
    """h_t = tanh(a_t), so ∂a_t = ∂h_t ⊙ (1 − h_t²)  (slides 21 and 29); for ReLU [h_t > 0]."""

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b, probe, nonlinearity):  # type: ignore[no-untyped-def]
        states = states_from(h0, x.size(0))
        W_x, W_h = rounded(W_x, W_h)
        from_inputs(x, W_x, b, out=states[1:])
        activate = tanh_ if nonlinearity == "tanh" else torch.relu_
        W_ht = W_h.t()
        for h_before, h in pairwise(states.unbind(0)):
            activate(plus_times(h, h_before, W_ht, out=h))
        ctx.save_for_backward(x, W_x, W_h, states)
        ctx.nonlinearity = nonlinearity
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, e: Tensor) -> Gradients:
        x, W_x, W_h, states = ctx.saved_tensors
        h = states[1:]
        if ctx.nonlinearity == "tanh":
            d = torch.addcmul(h.new_ones(()), h, h, value=-1)
        else:
            d = (h > 0).to(h.dtype)
        kept, into = totals(e, ctx.needs_input_grad[5])
        after = None
        for e_t, d_t, dh in backwards(e, d, into):
            dh.copy_(e_t) if after is None else plus_times(e_t, after, W_h, out=dh)
            after = d_t.mul_(dh)
        before, need, products = states[:-1], ctx.needs_input_grad, d.to(W_h.dtype)
        if need[3] and ctx.nonlinearity == "relu":
            # Unbounded states may overflow beyond a short sequence's end, and 0 · inf is no 0.
            before = before.masked_fill((d == 0).all(-1, keepdim=True), 0)
        return (
            below(products, W_x) if need[0] else None,
            products[0] @ W_h if need[1] else None,
            shared(products, x) if need[2] else None,
            shared(products, before) if need[3] else None,
            d.sum((0, 1)) if need[4] else None,
            kept,
            None,
        )
