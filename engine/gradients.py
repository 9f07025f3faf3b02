"""∂e/∂h_t and ∂e/∂c_t of a loss e for all t, all paths included (slide 29)."""

from __future__ import annotations

from copy import deepcopy
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from engine.stacking import Probes, Recurrent

Network = TypeVar("Network", bound=nn.Module)


def exact(network: Network) -> Network:
    """A copy on the CPU in double precision: gradients shrink over many orders of magnitude."""
    return deepcopy(network).cpu().double()


def probes(recurrent: Recurrent, steps: int, batch: int = 1) -> Probes:
    """Zeros to add to every state, with `requires_grad`: one tensor for h; for the LSTM a second
    for c. `bptt` says why their gradient is ∂e/∂h_t.
    """
    shape = (recurrent.num_layers * recurrent.directions, steps, batch, recurrent.hidden_size)
    like = recurrent.weights().W_h
    return tuple(like.new_zeros(shape).requires_grad_() for _ in recurrent.cell_class.state_names)


def norms_through_time(
    loss: Float[Tensor, ""], probe: Probes
) -> tuple[Float[Tensor, "LD T B"], ...]:
    """‖∂e/∂s_t‖₂ over the units of each state s: one tensor per probe."""
    return tuple(g.norm(dim=-1) for g in torch.autograd.grad(loss, probe))
