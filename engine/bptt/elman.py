"""The plain recurrent network over a whole sequence (slides 19, 21, 29)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import Function

from engine.bptt.sequence import (
    Gradients,
    addmm,
    allocate_state_gradients,
    allocate_states,
    autocast_weights,
    cell_step,
    input_gradient,
    project_inputs,
    reversed_steps,
    tanh_,
    unroll,
    weight_gradient,
)
from engine.cells import ElmanCell
from engine.second_order import is_transformed, needs_plain_gradient, plain_gradient


def elman(
    x: Float[Tensor, "T B I"],
    h0: Float[Tensor, "B H"],
    W_x: Float[Tensor, "H I"],
    W_h: Float[Tensor, "H H"],
    b: Float[Tensor, " H"] | None,
    probe: Float[Tensor, "T B H"] | None = None,
    nonlinearity: str = "tanh",
) -> Float[Tensor, "T B H"]:
    """h_t = tanh(W_x x_t + W_h h_{t-1} + b) for all t (slide 19)."""
    arguments = (x, h0, W_x, W_h, b, probe, nonlinearity)
    states: Tensor = plain(*arguments) if is_transformed() else _Elman.apply(*arguments)
    return states


def plain(x, h0, W_x, W_h, b, probe, nonlinearity):  # type: ignore[no-untyped-def]
    """The same by the cell's equation, step by step under autograd."""
    cell = ElmanCell.with_weights(W_x, W_h, b, None, nonlinearity=nonlinearity)
    return unroll(cell_step(cell), x, (h0,), (probe,))[0]


class _Elman(Function):
    """h_t = tanh(a_t), so ∂a_t = ∂h_t ⊙ (1 − h_t²)  (slides 21 and 29); for ReLU [h_t > 0]."""

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b, probe, nonlinearity):  # type: ignore[no-untyped-def]
        arguments, states = (x, h0, W_x, W_h, b, probe), allocate_states(h0, x.size(0))
        W_x, W_h = autocast_weights(W_x, W_h)
        # Each h_t is computed where it stays: its place first holds W_x x_t + b, then a_t.
        project_inputs(x, W_x, b, out=states[1:])
        activation_ = tanh_ if nonlinearity == "tanh" else torch.relu_
        W_hT = W_h.t()
        for h_before, h_t in pairwise(states.unbind(0)):
            addmm(h_t, h_before, W_hT, out=h_t)  # a_t = W_x x_t + b + W_h h_{t-1}
            activation_(h_t)  # h_t = tanh(a_t)
        ctx.save_for_backward(*arguments, W_x, W_h, states)
        ctx.nonlinearity = nonlinearity
        return states[1:]

    @staticmethod
    def backward(ctx: Any, e: Tensor) -> Gradients:
        """e (T, B, H) is ∂e/∂h_t as it comes from y_t alone."""
        *arguments, W_x, W_h, states = ctx.saved_tensors
        x, need, h = arguments[0], ctx.needs_input_grad, states[1:]
        if needs_plain_gradient(e):
            return plain_gradient(plain, (*arguments, ctx.nonlinearity), need, (e,))
        if ctx.nonlinearity == "tanh":
            slope = torch.addcmul(h.new_ones(()), h, h, value=-1)  # tanh' = 1 − h²  (slide 21)
        else:
            slope = (h > 0).to(h.dtype)
        da = slope  # one buffer: the loop multiplies each slope_t by ∂h_t, which makes it ∂a_t
        dh_all, dh_steps = allocate_state_gradients(e, need[5])  # dh_all: kept for the probe
        da_next = None  # ∂a_{t+1}
        for e_t, slope_t, dh in reversed_steps(e, slope, dh_steps):
            if da_next is None:
                dh.copy_(e_t)  # after the last step nothing follows
            else:
                addmm(e_t, da_next, W_h, out=dh)  # ∂h_t = (from y_t) + W_hᵀ ∂a_{t+1}  (slide 29)
            da_next = slope_t.mul_(dh)  # ∂a_t = ∂h_t ⊙ tanh'(a_t)
        h_before, factors = states[:-1], da.to(W_h.dtype)  # ∂a_t as the products read it
        if need[3] and ctx.nonlinearity == "relu":
            # Unbounded states may overflow beyond a short sequence's end, and 0 · inf is no 0.
            h_before = h_before.masked_fill((da == 0).all(-1, keepdim=True), 0)
        return (
            input_gradient(factors, W_x) if need[0] else None,  # ∂x_t = W_xᵀ ∂a_t
            factors[0] @ W_h if need[1] else None,  # ∂h_0 = W_hᵀ ∂a_1
            weight_gradient(factors, x) if need[2] else None,  # ∂W_x = Σ_t ∂a_t x_tᵀ
            weight_gradient(factors, h_before) if need[3] else None,  # ∂W_h = Σ_t ∂a_t h_{t-1}ᵀ
            da.sum((0, 1)) if need[4] else None,  # ∂b = Σ_t ∂a_t
            dh_all,  # ∂h_t, all paths included
            None,
        )
