"""PyTorch's GRU over a whole sequence."""

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
)


def gru_reset_after(
    x: Tensor, h0: Tensor, W_x: Tensor, W_h: Tensor, b_x: Tensor | None, b_h: Tensor | None,
    probe: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """PyTorch's GRU for all t, with b_h inside r ⊙ (W_h h_{t-1} + b_h): (T, B, H)."""
    states: Tensor = GRUResetAfter.apply(x, h0, W_x, W_h, b_x, b_h, probe)
    return states


class GRUResetAfter(Function):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, n = tanh(W_xn x_t + b_xn + r ⊙ u), u = W_hn h_{t-1} + b_hn.

        ∂a_z = ∂h_t ⊙ (h_{t-1} − n) · z (1 − z)      ∂a_n = ∂h_t ⊙ (1 − z) · (1 − n²)
        ∂a_r = ∂a_n ⊙ u · r (1 − r)                  ∂u   = ∂a_n ⊙ r

        ∂h_{t-1} = (∂e/∂h_{t-1} from y_{t-1}) + z ⊙ ∂h_t + W_hrᵀ ∂a_r + W_hzᵀ ∂a_z + W_hnᵀ ∂u

    PyTorch's form: ∂a (r, z, n) goes to W_x and b_x, ∂v = (∂a_r, ∂a_z, ∂u) to W_h and b_h.
    """

    @staticmethod
    def run(x, W_x, W_h, b_x, b_h, h) -> tuple[Tensor, Tensor]:  # type: ignore[no-untyped-def]
        """Fill h (T + 1, B, H) from step 1 on; return the gates r, z, n and u."""
        H = W_h.size(1)
        gates = x.new_empty(*x.shape[:2], 3 * H)
        from_inputs(x, W_x, b_x, out=gates)
        from_state = x.new_empty(*x.shape[:2], 3 * H)
        from_state.zero_() if b_h is None else from_state.copy_(b_h.expand_as(from_state))
        W_ht = W_h.t()
        rz = gates[..., : 2 * H].unbind(0)
        r, z, n = (part.unbind(0) for part in gates.chunk(3, -1))
        v_rz, u = from_state[..., : 2 * H].unbind(0), from_state[..., 2 * H :].unbind(0)
        steps = zip(rz, r, z, n, from_state.unbind(0), v_rz, u, pairwise(h.unbind(0)), strict=True)
        for rz_t, r_t, z_t, n_t, v_t, v_rz_t, u_t, (h_before, h_t) in steps:
            plus_times(v_t, h_before, W_ht, out=v_t)
            rz_t.add_(v_rz_t).sigmoid_()
            tanh_(n_t.addcmul_(r_t, u_t))
            torch.lerp(n_t, h_before, z_t, out=h_t)
        return gates, from_state[..., 2 * H :]

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b_x, b_h, probe):  # type: ignore[no-untyped-def]
        h = states_from(h0, x.size(0))
        W_x, W_h = rounded(W_x, W_h)
        ctx.kept = GRUResetAfter.run(x, W_x, W_h, b_x, b_h, h)
        ctx.save_for_backward(x, W_x, W_h, b_x, b_h, h)
        return h[1:]

    @staticmethod
    def local_derivatives(gates: Tensor, u: Tensor, h_before: Tensor) -> tuple[Tensor, Tensor]:
        """Turn the gates in place into the factors of ∂a; return those of ∂v and z."""
        r, z, n = gates.chunk(3, -1)
        keep, reset = z.clone(), r.clone()
        change = torch.sub(h_before, n)
        n.mul_(n).sub_(1).mul_(z.sub(1))
        z.addcmul_(z, z, value=-1).mul_(change)
        r.addcmul_(r, r, value=-1).mul_(u).mul_(n)
        v = gates.clone()
        v[..., 2 * keep.size(-1) :].mul_(reset)
        return v, keep

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, e: Tensor) -> Gradients:
        x, W_x, W_h, b_x, b_h, h = ctx.saved_tensors
        if ctx.kept is None:
            ctx.kept = GRUResetAfter.run(x, W_x, W_h, b_x, b_h, h.clone())
        (d, u), ctx.kept = ctx.kept, None
        H, need = W_h.size(1), ctx.needs_input_grad
        v, keep = GRUResetAfter.local_derivatives(d, u, h[:-1])
        dh_all = torch.empty_like(e)
        from_future = torch.zeros_like(h[0])
        for e_t, v_t, by_gate, z_t, dh in backwards(e, v, v.unflatten(-1, (3, H)), keep, dh_all):
            torch.add(e_t, from_future, out=dh)
            by_gate.mul_(dh.unsqueeze(1))
            torch.mul(dh, z_t, out=from_future)
            plus_times(from_future, v_t, W_h, out=from_future)
        d[..., : 2 * H] = v[..., : 2 * H]
        d[..., 2 * H :].mul_(dh_all)
        return (
            below(d.to(W_h.dtype), W_x) if need[0] else None,
            from_future if need[1] else None,
            shared(d.to(W_h.dtype), x) if need[2] else None,
            shared(v.to(W_h.dtype), h[:-1]) if need[3] else None,
            d.sum((0, 1)) if need[4] else None,
            v.sum((0, 1)) if need[5] else None,
            dh_all if need[6] else None,
        )
