"""The LSTM over a whole sequence (slides 40-42)."""

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
    stretch_,
    tanh_,
    totals,
)


def lstm(
    x: Tensor, h0: Tensor, c0: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor | None,
    probe_h: Tensor | None = None, probe_c: Tensor | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The LSTM of slide 40 for all t: h and c, each (T, B, H)."""
    states: tuple[Tensor, Tensor] = LSTM.apply(x, h0, c0, W_x, W_h, b, probe_h, probe_c)
    return states


class LSTM(Function):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ k with k = tanh(c_t)  (slide 40).

        ∂c_t     = ∂h_t ⊙ o (1 − k²)  +  f_{t+1} ⊙ ∂c_{t+1}
        ∂a_o     = ∂h_t ⊙ k · o (1 − o)              ∂a_i = ∂c_t ⊙ g · i (1 − i)
        ∂a_f     = ∂c_t ⊙ c_{t-1} · f (1 − f)        ∂a_g = ∂c_t ⊙ i · (1 − g²)

    The direct path from c_t to c_{t-1} is the one product with f: no matrix, no tanh (slide 42).

    Forward, one σ serves all four gates side by side (slide 41): g = tanh(a_g) = 2σ(2a_g) − 1.
    """

    @staticmethod
    def run(
        x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor | None, h: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Fill h and c (T + 1, B, H) from step 1 on; return the gates i, f, g, o and k."""
        H = W_h.size(1)
        gates = x.new_empty(*x.shape[:2], 4 * H)
        from_inputs(x, W_x, b, out=gates)
        k, W_ht = torch.empty_like(c[1:]), W_h.t()
        i, f, g, o = (part.unbind(0) for part in gates.chunk(4, -1))
        steps = zip(
            gates.unbind(0), i, f, g, o, k.unbind(0), pairwise(h.unbind(0)), pairwise(c.unbind(0)),
            strict=True,
        )  # fmt: skip
        for a, i_t, f_t, g_t, o_t, k_t, (h_before, h_t), (c_before, c_t) in steps:
            plus_times(a, h_before, W_ht, out=a)
            g_t.add_(g_t)
            a.sigmoid_()
            stretch_(g_t)
            torch.mul(f_t, c_before, out=c_t).addcmul_(i_t, g_t)
            tanh_(k_t.copy_(c_t))
            torch.mul(o_t, k_t, out=h_t)
        return gates, k

    @staticmethod
    def forward(ctx: Any, x, h0, c0, W_x, W_h, b, probe_h, probe_c):  # type: ignore[no-untyped-def]
        h, c = states_from(h0, x.size(0)), states_from(c0, x.size(0))
        W_x, W_h = rounded(W_x, W_h)
        ctx.kept = LSTM.run(x, W_x, W_h, b, h, c)
        ctx.save_for_backward(x, W_x, W_h, b, h, c)
        ctx.set_materialize_grads(False)
        return h[1:], c[1:]

    @staticmethod
    def local_derivatives(gates: Tensor, k: Tensor, c_before: Tensor) -> tuple[Tensor, Tensor]:
        """Turn the gates in place into the factors of ∂a; return o (1 − k²) and f. Uses k up."""
        i, f, g, o = gates.chunk(4, -1)
        forget = f.clone()
        through = torch.mul(k, k).mul_(o)
        torch.sub(o, through, out=through)
        input_gate = torch.empty_like(k).copy_(i)
        i.addcmul_(i, i, value=-1).mul_(g)
        f.addcmul_(f, f, value=-1).mul_(c_before)
        o.addcmul_(o, o, value=-1).mul_(k)
        g.mul_(g).mul_(input_gate)
        torch.sub(input_gate, g, out=g)
        return through, forget

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, e_h: Tensor | None, e_c: Tensor | None) -> Gradients:
        x, W_x, W_h, b, h, c = ctx.saved_tensors
        if ctx.kept is None:
            ctx.kept = LSTM.run(x, W_x, W_h, b, h.clone(), c.clone())
        (d, k), ctx.kept = ctx.kept, None
        through, forget = LSTM.local_derivatives(d, k, c[:-1])
        need = ctx.needs_input_grad
        e_h = torch.zeros_like(h[1:]) if e_h is None else e_h
        kept_h, totals_h = totals(e_h, need[6])
        kept_c, totals_c = totals(e_h, need[7])
        after, dc_after = None, torch.zeros_like(h[0])
        d_i, d_f, d_g, d_o = d.chunk(4, -1)
        direct = e_c.unbind(0) if e_c is not None else [None] * len(totals_h)
        steps = backwards(e_h, direct, d, d_i, d_f, d_g, d_o, through, forget, totals_h, totals_c)
        for e_t, e_ct, d_t, di_t, df_t, dg_t, do_t, through_t, f_t, dh, dc in steps:
            dh.copy_(e_t) if after is None else plus_times(e_t, after, W_h, out=dh)
            torch.addcmul(dc_after, dh, through_t, out=dc)
            if e_ct is not None:
                dc.add_(e_ct)
            do_t.mul_(dh)
            di_t.mul_(dc)
            df_t.mul_(dc)
            dg_t.mul_(dc)
            torch.mul(dc, f_t, out=dc_after)
            after = d_t
        products = d.to(W_h.dtype)
        return (
            below(products, W_x) if need[0] else None,
            products[0] @ W_h if need[1] else None,
            dc_after if need[2] else None,
            shared(products, x) if need[3] else None,
            shared(products, h[:-1]) if need[4] else None,
            d.sum((0, 1)) if need[5] else None,
            kept_h,
            kept_c,
        )
