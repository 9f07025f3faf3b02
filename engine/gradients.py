"""What a loss tells each state: ∂e/∂h_t and ∂e/∂c_t for all t, all paths included (slide 29)."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.stacking import Recurrent


def probes(recurrent: Recurrent, steps: int, batch: int = 1) -> tuple[Tensor, ...]:
    """Zeros to add to every state, wanting a gradient: one (layers·directions, T, B, H) for h; for
    the LSTM a second for c. See `bptt` for why their gradient is what is wanted.
    """
    shape = (recurrent.num_layers * recurrent.directions, steps, batch, recurrent.hidden_size)
    like = recurrent.weights().W_h
    return tuple(like.new_zeros(shape).requires_grad_() for _ in recurrent.cell_class.state_names)


def norms_through_time(loss: Tensor, probe: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """‖∂e/∂s_t‖₂ over the units of each state s: one (layers·directions, T, B) tensor per probe."""
    return tuple(g.norm(dim=-1) for g in torch.autograd.grad(loss, probe))
