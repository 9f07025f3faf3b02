"""PyTorch's GRU over a whole sequence."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import Function

from engine.bptt.gru import rz_and_n
from engine.bptt.sequence import (
    Gradients,
    addmm,
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
from engine.cells import GRUCell
from engine.second_order import is_transformed, needs_plain_gradient, plain_gradient


def gru_reset_after(
    x: Float[Tensor, "T B I"],
    h0: Float[Tensor, "B H"],
    W_x: Float[Tensor, "3*H I"],
    W_h: Float[Tensor, "3*H H"],
    b_x: Float[Tensor, " 3*H"] | None,
    b_h: Float[Tensor, " 3*H"] | None,
    probe: Float[Tensor, "T B H"] | None = None,
) -> Float[Tensor, "T B H"]:
    """PyTorch's GRU for all t, with b_h inside r ⊙ (W_h h_{t-1} + b_h)."""
    arguments = (x, h0, W_x, W_h, b_x, b_h, probe)
    states: Tensor = plain(*arguments) if is_transformed() else _GRUResetAfter.apply(*arguments)
    return states


def plain(x, h0, W_x, W_h, b_x, b_h, probe):  # type: ignore[no-untyped-def]
    """The same by the cell's equations, step by step under autograd."""
    cell = GRUCell.with_weights(W_x, W_h, b_x, b_h, reset_after=True)
    return unroll(cell_step(cell), x, (h0,), (probe,))[0]


class _GRUResetAfter(Function):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, n = tanh(W_xn x_t + b_xn + r ⊙ u), u = W_hn h_{t-1} + b_hn.

        ∂a_z = ∂h_t ⊙ (h_{t-1} − n) · z (1 − z)      ∂a_n = ∂h_t ⊙ (1 − z) · (1 − n²)
        ∂a_r = ∂a_n ⊙ u · r (1 − r)                  ∂u   = ∂a_n ⊙ r

        ∂h_{t-1} = (∂e/∂h_{t-1} from y_{t-1}) + z ⊙ ∂h_t + W_hrᵀ ∂a_r + W_hzᵀ ∂a_z + W_hnᵀ ∂u

    PyTorch's form: ∂a (r, z, n) goes to W_x and b_x, ∂v = (∂a_r, ∂a_z, ∂u) to W_h and b_h.
    """

    @staticmethod
    def run(
        x: Float[Tensor, "T B I"],
        W_x: Float[Tensor, "R I"],
        W_h: Float[Tensor, "R H"],
        b_x: Float[Tensor, " R"] | None,
        b_h: Float[Tensor, " R"] | None,
        h: Float[Tensor, "T+1 B H"],
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B H"]]:
        """Fill h from step 1 on; return the gates r, z, n and u."""
        a = x.new_empty(*x.shape[:2], len(W_h))
        project_inputs(x, W_x, b_x, out=a)  # W_x x_t + b_x for all t
        gates = a  # one buffer: the loop turns each a_t into the gates of step t
        v = torch.empty_like(a)  # v_t = W_h h_{t-1} + b_h; its rows for n are u_t
        v.zero_() if b_h is None else v.copy_(b_h.expand_as(v))
        r, z, n = (part.unbind(0) for part in GRUCell.split_gates(gates))
        a_rz, (v_rz, u) = rz_and_n(a)[0].unbind(0), rz_and_n(v)
        W_hT = W_h.t()
        steps = zip(
            a_rz, r, z, n, v.unbind(0), v_rz.unbind(0), u.unbind(0), pairwise(h.unbind(0)),
            strict=True,
        )  # fmt: skip
        for a_rz_t, r_t, z_t, n_t, v_t, v_rz_t, u_t, (h_before, h_t) in steps:
            addmm(v_t, h_before, W_hT, out=v_t)  # v_t = W_h h_{t-1} + b_h
            a_rz_t.add_(v_rz_t).sigmoid_()  # r = σ(W_xr x_t + b_xr + v_r) and z likewise
            tanh_(n_t.addcmul_(r_t, u_t))  # n = tanh(W_xn x_t + b_xn + r ⊙ u)
            torch.lerp(n_t, h_before, z_t, out=h_t)  # h_t = n + z ⊙ (h_{t-1} − n)
        return gates, u

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b_x, b_h, probe):  # type: ignore[no-untyped-def]
        arguments, h = (x, h0, W_x, W_h, b_x, b_h, probe), allocate_states(h0, x.size(0))
        W_x, W_h = autocast_weights(W_x, W_h)
        activations = _GRUResetAfter.run(x, W_x, W_h, b_x, b_h, h)
        ctx.save_for_backward(*arguments, W_x, W_h, h, *activations)
        ctx.spent = False
        return h[1:]

    @staticmethod
    def local_derivatives(
        gates: Float[Tensor, "T B R"], u: Float[Tensor, "T B H"], h_before: Float[Tensor, "T B H"]
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B R"], Float[Tensor, "T B H"]]:
        """What ∂h_t is multiplied with to give ∂a_t, for all t, in the memory of the gates and in
        their order; the same for ∂v_t; and z. The gates are gone afterwards."""
        r, z, n = GRUCell.split_gates(gates)
        keep, reset = z.clone(), r.clone()
        change = torch.sub(h_before, n)
        n.mul_(n).sub_(1).mul_(z.sub(1))  # ∂h_t/∂a_n = (n² − 1) (z − 1) = (1 − z) · (1 − n²)
        z.addcmul_(z, z, value=-1).mul_(change)  # ∂h_t/∂a_z = z (1 − z) · (h_{t-1} − n)
        r.addcmul_(r, r, value=-1).mul_(u).mul_(n)  # ∂h_t/∂a_r = ∂h_t/∂a_n · u · r (1 − r)
        dv = gates.clone()
        rz_and_n(dv)[1].mul_(reset)  # ∂h_t/∂u = ∂h_t/∂a_n · r
        return gates, dv, keep

    @staticmethod
    def backward(ctx: Any, e: Tensor) -> Gradients:
        """e (T, B, H) is ∂e/∂h_t as it comes from y_t alone."""
        *arguments, W_x, W_h, h, gates, u = ctx.saved_tensors
        x, _, _, _, b_x, b_h, _ = arguments
        need = ctx.needs_input_grad
        if needs_plain_gradient(e):
            return plain_gradient(plain, arguments, need, (e,))
        if ctx.spent:  # by a backward pass before this one
            gates, u = _GRUResetAfter.run(x, W_x, W_h, b_x, b_h, h.clone())
        gates, ctx.spent = gates.data, True  # .data: autograd lets its own copy be written to
        a_slopes, v_slopes, keep = _GRUResetAfter.local_derivatives(gates, u, h[:-1])
        dv = v_slopes  # one buffer: the loop multiplies the slopes of step t and makes them ∂v_t
        # After the last step nothing follows: nothing comes from there.
        dh_all, dh_from_next = torch.empty_like(e), torch.zeros_like(h[0])
        by_gate = dv.unflatten(-1, (len(GRUCell.gate_names), -1))
        steps = reversed_steps(e, dv, by_gate, keep, dh_all)
        for e_t, dv_t, by_gate_t, z_t, dh in steps:
            torch.add(e_t, dh_from_next, out=dh)  # ∂h_t = (from y_t) + (from step t + 1)
            by_gate_t.mul_(dh.unsqueeze(1))  # ∂v_t = (∂a_r, ∂a_z, ∂u), each with ∂h_t as a factor
            # What goes on to h_{t-1}: z ⊙ ∂h_t + W_hᵀ ∂v_t
            torch.mul(dh, z_t, out=dh_from_next)
            addmm(dh_from_next, dv_t, W_h, out=dh_from_next)
        da = a_slopes  # ∂a_r and ∂a_z are those of ∂v; ∂a_n = ∂h_t ⊙ its slope, all t at once
        rz_and_n(da)[0].copy_(rz_and_n(dv)[0])
        rz_and_n(da)[1].mul_(dh_all)
        return (
            input_gradient(da.to(W_h.dtype), W_x) if need[0] else None,  # ∂x_t = W_xᵀ ∂a_t
            dh_from_next if need[1] else None,  # ∂h_0: what step 1 hands back
            weight_gradient(da.to(W_h.dtype), x) if need[2] else None,  # ∂W_x = Σ_t ∂a_t x_tᵀ
            weight_gradient(dv.to(W_h.dtype), h[:-1]) if need[3] else None,  # Σ_t ∂v_t h_{t-1}ᵀ
            da.sum((0, 1)) if need[4] else None,  # ∂b_x = Σ_t ∂a_t
            dv.sum((0, 1)) if need[5] else None,  # ∂b_h = Σ_t ∂v_t
            dh_all if need[6] else None,  # ∂h_t, all paths included
        )
