"""The lecture's GRU over a whole sequence (slides 45-47)."""

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
    matmul,
    project_inputs,
    reversed_steps,
    tanh_,
    unroll,
    weight_gradient,
)
from engine.cells import GRUCell
from engine.second_order import is_transformed, needs_plain_gradient, plain_gradient


def gru(
    x: Float[Tensor, "T B I"],
    h0: Float[Tensor, "B H"],
    W_x: Float[Tensor, "3*H I"],
    W_h: Float[Tensor, "3*H H"],
    b: Float[Tensor, " 3*H"] | None,
    probe: Float[Tensor, "T B H"] | None = None,
) -> Float[Tensor, "T B H"]:
    """The lecture's GRU (slides 45-47) for all t."""
    arguments = (x, h0, W_x, W_h, b, probe)
    states: Tensor = plain(*arguments) if is_transformed() else _GRU.apply(*arguments)
    return states


def plain(x, h0, W_x, W_h, b, probe):  # type: ignore[no-untyped-def]
    """The same by the cell's equations, step by step under autograd."""
    cell = GRUCell.with_weights(W_x, W_h, b, None)
    return unroll(cell_step(cell), x, (h0,), (probe,))[0]


class _GRU(Function):
    """h_t = (1 − z) ⊙ h_{t-1} + z ⊙ n, n = tanh(W_xn x_t + W_hn q), q = r ⊙ h_{t-1}.

    ∂a_z = ∂h_t ⊙ (n − h_{t-1}) · z (1 − z)      ∂a_n = ∂h_t ⊙ z · (1 − n²)
    ∂q   = W_hnᵀ ∂a_n                            ∂a_r = ∂q ⊙ h_{t-1} · r (1 − r)

    ∂h_{t-1} = (∂e/∂h_{t-1} from y_{t-1}) + (1 − z) ⊙ ∂h_t + r ⊙ ∂q + W_hrᵀ ∂a_r + W_hzᵀ ∂a_z
    """

    @staticmethod
    def run(
        x: Float[Tensor, "T B I"],
        W_x: Float[Tensor, "R I"],
        W_h: Float[Tensor, "R H"],
        b: Float[Tensor, " R"] | None,
        h: Float[Tensor, "T+1 B H"],
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B H"]]:
        """Fill h from step 1 on; return the gates r, z, n and q."""
        a = x.new_empty(*x.shape[:2], len(W_h))
        project_inputs(x, W_x, b, out=a)  # W_x x_t + b for all t; the state's share is to come
        gates = a  # one buffer: the loop turns each a_t into the gates of step t
        r, z, n = (part.unbind(0) for part in GRUCell.split_gates(gates))
        q = torch.empty_like(h[1:])
        (W_rz, W_n), a_rz = (W.t() for W in rz_and_n(W_h, 0)), rz_and_n(a)[0].unbind(0)
        steps = zip(a_rz, r, z, n, q.unbind(0), pairwise(h.unbind(0)), strict=True)
        for a_rz_t, r_t, z_t, n_t, q_t, (h_before, h_t) in steps:
            # r = σ(W_xr x_t + b_r + W_hr h_{t-1}) and z likewise, in one product
            addmm(a_rz_t, h_before, W_rz, out=a_rz_t).sigmoid_()
            torch.mul(r_t, h_before, out=q_t)  # q = r ⊙ h_{t-1}
            tanh_(addmm(n_t, q_t, W_n, out=n_t))  # n = tanh(W_xn x_t + b_n + W_hn q)
            torch.lerp(h_before, n_t, z_t, out=h_t)  # h_t = h_{t-1} + z ⊙ (n − h_{t-1})
        return gates, q

    @staticmethod
    def forward(ctx: Any, x, h0, W_x, W_h, b, probe):  # type: ignore[no-untyped-def]
        arguments, h = (x, h0, W_x, W_h, b, probe), allocate_states(h0, x.size(0))
        W_x, W_h = autocast_weights(W_x, W_h)
        ctx.save_for_backward(*arguments, W_x, W_h, h, *_GRU.run(x, W_x, W_h, b, h))
        ctx.spent = False
        return h[1:]

    @staticmethod
    def local_derivatives(
        gates: Float[Tensor, "T B R"], h_before: Float[Tensor, "T B H"]
    ) -> tuple[Float[Tensor, "T B R"], Float[Tensor, "T B H"], Float[Tensor, "T B H"]]:
        """What ∂q (for r) or ∂h_t is multiplied with to give ∂a_t, for all t, in the memory of the
        gates and in their order; r; and 1 − z. The gates are gone afterwards."""
        r, z, n = GRUCell.split_gates(gates)
        reset, keep = r.clone(), 1 - z
        r.addcmul_(r, r, value=-1).mul_(h_before)  # ∂q/∂a_r = r (1 − r) · h_{t-1}
        change = torch.sub(n, h_before)
        n.mul_(n).mul_(z)
        torch.sub(z, n, out=n)  # ∂h_t/∂a_n = z − z n² = z · (1 − n²)
        z.mul_(keep).mul_(change)  # ∂h_t/∂a_z = z (1 − z) · (n − h_{t-1})
        return gates, reset, keep

    @staticmethod
    def backward(ctx: Any, e: Tensor) -> Gradients:
        """e (T, B, H) is ∂e/∂h_t as it comes from y_t alone."""
        *arguments, W_x, W_h, h, gates, q = ctx.saved_tensors
        x, _, _, _, b, _ = arguments
        if needs_plain_gradient(e):
            return plain_gradient(plain, arguments, ctx.needs_input_grad, (e,))
        if ctx.spent:  # by a backward pass before this one
            gates, q = _GRU.run(x, W_x, W_h, b, h.clone())
        gates, ctx.spent = gates.data, True  # .data: autograd lets its own copy be written to
        slopes, reset, keep = _GRU.local_derivatives(gates, h[:-1])
        da = slopes  # one buffer: the loop multiplies the slopes of step t and makes them ∂a_t
        da_r, da_z, da_n = GRUCell.split_gates(da)
        need, (W_rz, W_n) = ctx.needs_input_grad, rz_and_n(W_h, 0)
        dh_all, dh_steps = allocate_state_gradients(e, need[5])
        # After the last step nothing follows: nothing comes from there.
        dh_from_next, dq = torch.zeros_like(h[0]), torch.empty_like(h[0])
        steps = reversed_steps(e, da_r, da_z, da_n, rz_and_n(da)[0], reset, keep, dh_steps)
        for e_t, dr_t, dz_t, dn_t, drz_t, r_t, keep_t, dh in steps:
            torch.add(e_t, dh_from_next, out=dh)  # ∂h_t = (from y_t) + (from step t + 1)
            dz_t.mul_(dh)  # ∂a_z = ∂h_t ⊙ (n − h_{t-1}) · z (1 − z)
            dn_t.mul_(dh)  # ∂a_n = ∂h_t ⊙ z · (1 − n²)
            matmul(dn_t, W_n, out=dq)  # ∂q = W_hnᵀ ∂a_n
            dr_t.mul_(dq)  # ∂a_r = ∂q ⊙ h_{t-1} · r (1 − r)
            # What goes on to h_{t-1}: (1 − z) ⊙ ∂h_t + r ⊙ ∂q + W_hrᵀ ∂a_r + W_hzᵀ ∂a_z
            torch.mul(dh, keep_t, out=dh_from_next).addcmul_(dq, r_t)
            addmm(dh_from_next, drz_t, W_rz, out=dh_from_next)  # both gates in one product
        factors = da.to(W_h.dtype)  # ∂a_t as the products read it
        return (
            input_gradient(factors, W_x) if need[0] else None,  # ∂x_t = W_xᵀ ∂a_t
            dh_from_next if need[1] else None,  # ∂h_0: what step 1 hands back
            weight_gradient(factors, x) if need[2] else None,  # ∂W_x = Σ_t ∂a_t x_tᵀ
            _GRU.state_weight_gradient(factors, h[:-1], q) if need[3] else None,
            da.sum((0, 1)) if need[4] else None,  # ∂b = Σ_t ∂a_t
            dh_all,  # ∂h_t, all paths included
        )

    @staticmethod
    def state_weight_gradient(
        da: Float[Tensor, "T B R"], h_before: Float[Tensor, "T B H"], q: Float[Tensor, "T B H"]
    ) -> Float[Tensor, "R H"]:
        """∂W_h: its rows for r and z read h_{t-1}, those for n read q."""
        da_rz, da_n = rz_and_n(da)
        return torch.cat([weight_gradient(da_rz, h_before), weight_gradient(da_n, q)])


def rz_and_n(
    stacked: Float[Tensor, " ..."], dim: int = -1
) -> tuple[Float[Tensor, " ..."], Float[Tensor, " ..."]]:
    """What belongs to the gates r and z, side by side, and what belongs to the candidate n."""
    hidden = stacked.size(dim) // len(GRUCell.gate_names)
    n = GRUCell.gate_rows(hidden, "n")
    return stacked.narrow(dim, 0, n.start), stacked.narrow(dim, n.start, hidden)
