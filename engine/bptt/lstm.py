"""The LSTM over a whole sequence (slides 40-42)."""

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
    input_gradient,
    project_inputs,
    reversed_steps,
    unroll,
    weight_gradient,
)
from engine.cells import LSTMCell, State
from engine.second_order import is_transformed, needs_plain_gradient, plain_gradient


def lstm(
    x: Float[Tensor, "T B I"],
    h0: Float[Tensor, "B H"],
    c0: Float[Tensor, "B H"],
    W_x: Float[Tensor, "4*H I"],
    W_h: Float[Tensor, "4*H H"],
    b: Float[Tensor, " 4*H"] | None,
    probe_h: Float[Tensor, "T B H"] | None = None,
    probe_c: Float[Tensor, "T B H"] | None = None,
) -> tuple[Float[Tensor, "T B H"], Float[Tensor, "T B H"]]:
    """The LSTM of slide 40 for all t: h and c."""
    arguments = (x, h0, c0, W_x, W_h, b, probe_h, probe_c)
    states: tuple[Tensor, Tensor]
    states = plain(*arguments) if is_transformed() else _LSTM.apply(*arguments)
    return states


def plain(x, h0, c0, W_x, W_h, b, probe_h, probe_c):  # type: ignore[no-untyped-def]
    """The same by the cell's equations, step by step under autograd."""
    cell = LSTMCell.with_weights(W_x, W_h, b, None)

    def step(x_t: Float[Tensor, "B I"], state: State, added: State) -> State:
        gates = cell.gates(x_t, state)
        c = gates.c + added[1]  # h_t reads c_t, so what is added to c_t comes first
        return gates.o * torch.tanh(c) + added[0], c

    return unroll(step, x, (h0, c0), (probe_h, probe_c))


class _LSTM(Function):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ k with k = tanh(c_t)  (slide 40).

        ∂c_t     = ∂h_t ⊙ o (1 − k²)  +  f_{t+1} ⊙ ∂c_{t+1}
        ∂a_o     = ∂h_t ⊙ k · o (1 − o)              ∂a_i = ∂c_t ⊙ g · i (1 − i)
        ∂a_f     = ∂c_t ⊙ c_{t-1} · f (1 − f)        ∂a_g = ∂c_t ⊙ i · (1 − g²)

    The direct path from c_t to c_{t-1} is the one product with f: no matrix, no tanh (slide 42).

    One σ serves all four gates side by side (slide 41), and c too: tanh(a) = 1 − 2σ(−2a). What is
    kept of g and k is therefore s = σ(−2a_g) and u = σ(−2c_t), so that i ⊙ g = i − 2 i s and
    h_t = o − 2 o u, one operation each. torch's tanh is not called; `sequence.tanh_` says why.
    """

    @staticmethod
    def run(
        x: Float[Tensor, "T B I"],
        W_x: Float[Tensor, "R I"],
        W_h: Float[Tensor, "R H"],
        b: Float[Tensor, " R"] | None,
        h: Float[Tensor, "T+1 B H"],
        c: Float[Tensor, "T+1 B H"],
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B H"]]:
        """Fill h and c from step 1 on; return i, f, s, o in the places of the gates, and u."""
        a = x.new_empty(*x.shape[:2], len(W_h))
        project_inputs(x, W_x, b, out=a)  # W_x x_t + b for all t; W_h h_{t-1} is still to come
        gates = a  # one buffer: the loop turns each a_t into the gates of step t
        i, f, s, o = (part.unbind(0) for part in LSTMCell.split_gates(gates))
        u, W_hT, minus_two = torch.empty_like(c[1:]), W_h.t(), a.new_tensor(-2)
        steps = zip(
            a.unbind(0), i, f, s, o, u.unbind(0), pairwise(h.unbind(0)), pairwise(c.unbind(0)),
            strict=True,
        )  # fmt: skip
        for a_t, i_t, f_t, s_t, o_t, u_t, (h_before, h_t), (c_before, c_t) in steps:
            addmm(a_t, h_before, W_hT, out=a_t)  # a_t = W_x x_t + b + W_h h_{t-1}
            s_t.mul_(minus_two)  # −2 a_g, so that the next line makes it s
            a_t.sigmoid_()  # i = σ(a_i), f = σ(a_f), s = σ(−2 a_g), o = σ(a_o)
            torch.addcmul(i_t, i_t, s_t, value=-2, out=c_t)  # i ⊙ g = i − 2 i s
            c_t.addcmul_(f_t, c_before)  # c_t = f ⊙ c_{t-1} + i ⊙ g
            torch.mul(c_t, minus_two, out=u_t).sigmoid_()  # u = σ(−2 c_t)
            torch.addcmul(o_t, o_t, u_t, value=-2, out=h_t)  # h_t = o ⊙ tanh(c_t) = o − 2 o u
        return gates, u

    @staticmethod
    def forward(ctx: Any, x, h0, c0, W_x, W_h, b, probe_h, probe_c):  # type: ignore[no-untyped-def]
        arguments = (x, h0, c0, W_x, W_h, b, probe_h, probe_c)
        h, c = allocate_states(h0, x.size(0)), allocate_states(c0, x.size(0))
        W_x, W_h = autocast_weights(W_x, W_h)
        ctx.save_for_backward(*arguments, W_x, W_h, h, c, *_LSTM.run(x, W_x, W_h, b, h, c))
        ctx.spent = False
        ctx.set_materialize_grads(False)  # where nothing reads c directly, e_c comes as None
        return h[1:], c[1:]

    @staticmethod
    def local_derivatives(
        gates: Float[Tensor, "T B R"],
        u: Float[Tensor, "T B H"],
        h: Float[Tensor, "T B H"],
        c_before: Float[Tensor, "T B H"],
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B H"], Float[Tensor, "T B H"]]:
        """What ∂h_t or ∂c_t is multiplied with to give ∂a_t, for all t, in the memory of the gates
        and in their order; ∂h_t/∂c_t = o (1 − k²); and f. The gates are gone afterwards.
        """
        i, f, s, o = LSTMCell.split_gates(gates)
        forget = f.clone()
        ig = torch.addcmul(i, i, s, value=-2)  # i ⊙ g = i − 2 i s
        dh_dc = torch.sub(o, h).addcmul_(h, u, value=2)  # o − h (1 − 2u) = o (1 − k²)
        torch.addcmul(torch.sub(i, ig), ig, s, value=2, out=s)  # ∂c_t/∂a_g = i − ig (1 − 2s)
        torch.addcmul(ig, i, ig, value=-1, out=i)  # ∂c_t/∂a_i = i g · (1 − i)
        f.addcmul_(f, f, value=-1).mul_(c_before)  # ∂c_t/∂a_f = f (1 − f) · c_{t-1}
        torch.addcmul(h, o, h, value=-1, out=o)  # ∂h_t/∂a_o = h (1 − o) = k · o (1 − o)
        return gates, dh_dc, forget

    @staticmethod
    def backward(ctx: Any, e_h: Tensor | None, e_c: Tensor | None) -> Gradients:
        """e_h and e_c (T, B, H) are ∂e/∂h_t and ∂e/∂c_t as they come from outside the layer."""
        *arguments, W_x, W_h, h, c, gates, u = ctx.saved_tensors
        x, _, _, _, _, b, _, _ = arguments
        if needs_plain_gradient(e_h, e_c):
            return plain_gradient(plain, arguments, ctx.needs_input_grad, (e_h, e_c))
        if ctx.spent:  # by a backward pass before this one
            gates, u = _LSTM.run(x, W_x, W_h, b, h.clone(), c.clone())
        gates, ctx.spent = gates.data, True  # .data: autograd lets its own copy be written to
        slopes, dh_dc, forget = _LSTM.local_derivatives(gates, u, h[1:], c[:-1])
        da = slopes  # one buffer: the loop multiplies the slopes of step t and makes them ∂a_t
        by_gate, o = (
            da.unflatten(-1, (len(LSTMCell.gate_names), -1)),
            LSTMCell.gate_names.index("o"),
        )
        need = ctx.needs_input_grad
        e_h = torch.zeros_like(h[1:]) if e_h is None else e_h
        e_c_steps = e_c.unbind(0) if e_c is not None else [None] * len(da)
        dh_all, dh_steps = allocate_state_gradients(e_h, need[6])
        dc_all, dc_steps = allocate_state_gradients(e_h, need[7])
        # ∂a_{t+1}, and f_{t+1} ⊙ ∂c_{t+1}: after the last step nothing follows.
        da_next, dc_from_next = None, torch.zeros_like(h[0])
        steps = reversed_steps(
            e_h,
            e_c_steps,
            da,
            by_gate[:, :, o],
            by_gate[:, :, :o],
            dh_dc,
            forget,
            dh_steps,
            dc_steps,
        )
        for e_t, e_ct, da_t, do_t, difg_t, dh_dc_t, f_t, dh, dc in steps:
            if da_next is None:
                dh.copy_(e_t)  # after the last step nothing follows
            else:
                addmm(e_t, da_next, W_h, out=dh)  # ∂h_t = (from y_t) + W_hᵀ ∂a_{t+1}  (slide 29)
            # ∂c_t = f_{t+1} ⊙ ∂c_{t+1} + ∂h_t ⊙ o (1 − k²)  (slide 42)
            torch.addcmul(dc_from_next, dh, dh_dc_t, out=dc)
            if e_ct is not None:
                dc.add_(e_ct)  # + ∂e/∂c_t from outside, where something reads c_t itself
            do_t.mul_(dh)  # ∂a_o = ∂h_t ⊙ k · o (1 − o)
            difg_t.mul_(dc.unsqueeze(1))  # ∂a_i, ∂a_f and ∂a_g: ∂c_t ⊙ their slopes
            torch.mul(dc, f_t, out=dc_from_next)  # the direct path: f_t ⊙ ∂c_t goes to c_{t-1}
            da_next = da_t  # all four gates side by side, for the one product W_hᵀ ∂a_{t+1}
        factors = da.to(W_h.dtype)  # ∂a_t as the products read it
        return (
            input_gradient(factors, W_x) if need[0] else None,  # ∂x_t = W_xᵀ ∂a_t
            factors[0] @ W_h if need[1] else None,  # ∂h_0 = W_hᵀ ∂a_1
            dc_from_next if need[2] else None,  # ∂c_0 = f_1 ⊙ ∂c_1
            weight_gradient(factors, x) if need[3] else None,  # ∂W_x = Σ_t ∂a_t x_tᵀ
            weight_gradient(factors, h[:-1]) if need[4] else None,  # ∂W_h = Σ_t ∂a_t h_{t-1}ᵀ
            da.sum((0, 1)) if need[5] else None,  # ∂b = Σ_t ∂a_t
            dh_all,  # ∂h_t and ∂c_t, all paths included
            dc_all,
        )
