"""What a loss tells each state: ∂e/∂h_t and ∂e/∂c_t for all t, all paths included (slide 29)."""

from __future__ import annotations

import torch
from torch import Tensor


def probes(
    states: int, layers: int, steps: int, batch: int, hidden: int, like: Tensor
) -> tuple[Tensor, ...]:
    """Zeros to add to every state, wanting a gradient: `states` × (layers·directions, T, B, H).

    One for h; for the LSTM a second for c. See `bptt` for why their gradient is what is wanted.
    """
    shape = (layers, steps, batch, hidden)
    return tuple(like.new_zeros(shape).requires_grad_() for _ in range(states))


def norms_through_time(loss: Tensor, probe: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """‖∂e/∂s_t‖₂ over the units of each state s: one (layers·directions, T, B) tensor per probe."""
    return tuple(g.norm(dim=-1) for g in torch.autograd.grad(loss, probe))
