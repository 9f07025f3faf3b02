"""The lecture's GRU over a whole sequence (slides 45-47)."""

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
    times,
    totals,
)


def gru(
    x: Tensor, h0: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor | None, probe: Tensor | None = None
) -> Tensor:
    """The lecture's GRU (slides 45-47) for all t: (T, B, H)."""
    states: Tensor = GRU.apply(x, h0, W_x, W_h, b, probe)
    return states


class GRU(Function):
    """h_t = (1 − z) ⊙ h_{t-1} + z ⊙ n, n = tanh(W_xn x_t + W_hn q), q = r ⊙ h_{t-1}.

    ∂a_z = ∂h_t ⊙ (n − h_{t-1}) · z (1 − z)      ∂a_n = ∂h_t ⊙ z · (1 − n²)
    ∂q   = W_hnᵀ ∂a_n                            ∂a_r = ∂q ⊙ h_{t-1} · r (1 − r)

    ∂h_{t-1} = (∂e/∂h_{t-1} from y_{t-1}) + (1 − z) ⊙ ∂h_t + r ⊙ ∂q + W_hrᵀ ∂a_r + W_hzᵀ ∂a_z
    """

    @staticmethod
    def run(
        x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor | None, h: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Fill h (T + 1, B, H) from step 1 on; return the gates r, z, n and q."""
        H = W_h.size(1)
        gates = x.new_empty(*x.shape[:2], 3 * H)
        from_inputs(x, W_x, b, out=gates)
        q = torch.empty_like(h[1:])
        W_rz, W_n = W_h[: 2 * H].t(), W_h[2 * H :].t()
        rz = gates[..., : 2 * H].unbind(0)
        r, z, n = (part.unbind(0) for part in gates.chunk(3, -1))
        steps = zip(rz, r, z, n, q.unbind(0), pairwise(h.unbind(0)), strict=True)
        for rz_t, r_t, z_t, n_t, q_t, (h_before, h_t) in steps:
            plus_times(rz_t, h_before, W_rz, out=rz_t).sigmoid_()
            torch.mul(r_t, h_before, out=q_t)
            tanh_(plus_times(n_t, q_t, W_n, out=n_t))
            torch.lerp(h_before, n_t, z_t, out=h_t)
        return gates, q

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b, probe):  # type: ignore[no-untyped-def]
        h = states_from(h0, x.size(0))
        W_x, W_h = rounded(W_x, W_h)
        ctx.kept = GRU.run(x, W_x, W_h, b, h)
        ctx.save_for_backward(x, W_x, W_h, b, h)
        return h[1:]

    @staticmethod
    def local_derivatives(gates: Tensor, h_before: Tensor) -> tuple[Tensor, Tensor]:
        """Turn the gates in place into the factors of ∂a; return r and 1 − z."""
        r, z, n = gates.chunk(3, -1)
        reset, keep = r.clone(), 1 - z
        r.addcmul_(r, r, value=-1).mul_(h_before)
        change = torch.sub(n, h_before)
        n.mul_(n).mul_(z)
        torch.sub(z, n, out=n)
        z.mul_(keep).mul_(change)
        return reset, keep

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, e: Tensor) -> Gradients:
        x, W_x, W_h, b, h = ctx.saved_tensors
        if ctx.kept is None:
            ctx.kept = GRU.run(x, W_x, W_h, b, h.clone())
        (d, q), ctx.kept = ctx.kept, None
        reset, keep = GRU.local_derivatives(d, h[:-1])
        H, need = W_h.size(1), ctx.needs_input_grad
        W_rz, W_n = W_h[: 2 * H], W_h[2 * H :]
        kept, into = totals(e, need[5])
        d_rz, (d_r, d_z, d_n) = d[..., : 2 * H], d.chunk(3, -1)
        from_future, dq = torch.zeros_like(h[0]), torch.empty_like(h[0])
        steps = backwards(e, d_r, d_z, d_n, d_rz, reset, keep, into)
        for e_t, dr_t, dz_t, dn_t, drz_t, r_t, keep_t, dh in steps:
            torch.add(e_t, from_future, out=dh)
            dz_t.mul_(dh)
            dn_t.mul_(dh)
            times(dn_t, W_n, out=dq)
            dr_t.mul_(dq)
            torch.mul(dh, keep_t, out=from_future).addcmul_(dq, r_t)
            plus_times(from_future, drz_t, W_rz, out=from_future)
        products = d.to(W_h.dtype)
        return (
            below(products, W_x) if need[0] else None,
            from_future if need[1] else None,
            shared(products, x) if need[2] else None,
            GRU.of_state_weights(products, h[:-1], q) if need[3] else None,
            d.sum((0, 1)) if need[4] else None,
            kept,
        )

    @staticmethod
    def of_state_weights(d: Tensor, h_before: Tensor, q: Tensor) -> Tensor:
        """∂W_h: its rows for r and z read h_{t-1}, those for n read q."""
        H = q.size(-1)
        return torch.cat([shared(d[..., : 2 * H], h_before), shared(d[..., 2 * H :], q)])
