"""Where a word's loss reaches back to: every earlier state, h_0, and the photo's pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from engine import vision
from engine.gradients import norms_through_time
from engine.models.captioner import START, UNSAID, Captioner
from engine.results.arrays import Floats


def through_time(
    model: Captioner, halfway: Tensor, said: Sequence[int]
) -> tuple[Floats, Floats | None]:
    """‖∂e/∂h_t‖ and, for the LSTM, ‖∂e/∂c_t‖ for t = 0 … n, e the loss of the last of n words."""
    with torch.no_grad():
        sight = model.see(halfway)
        states = model.initial(sight)
    # The first states stand in the place of probes of their own: what is added to them is zero.
    first = tuple(state.clone().requires_grad_() for state in states)
    probe = model.probes(len(said))
    logits, _, _ = model(_read(said, halfway), sight, first, probe=probe)
    loss = _loss(logits, said)
    at_zero = torch.autograd.grad(loss, first, retain_graph=True)
    later = norms_through_time(loss, probe)
    norms = [
        torch.cat((zero.norm(dim=-1).flatten(), rest[-1, :, 0])).double().cpu().numpy()
        for zero, rest in zip(at_zero, later, strict=True)
    ]
    return norms[0], norms[1] if len(norms) > 1 else None


def on_the_photo(
    model: Captioner, squashed: Any, said: Sequence[int], device: torch.device
) -> Floats:
    """(7, 7): the length of ∂e/∂pixels within each place of the photo."""
    photo = vision.pixels(squashed).unsqueeze(0).to(device).requires_grad_()
    halfway = vision.encoder(str(device)).trunk(photo)
    sight = model.see(halfway)
    logits, _, _ = model(_read(said, halfway), sight, model.initial(sight))
    (gradient,) = torch.autograd.grad(_loss(logits, said), photo)
    side = vision.SIDE // vision.GRID
    places = gradient[0].unfold(1, side, side).unfold(2, side, side)
    found: Floats = places.square().sum((0, 3, 4)).sqrt().double().cpu().numpy()
    return found


def _read(said: Sequence[int], like: Tensor) -> Tensor:
    return torch.tensor([START, *said[:-1]], device=like.device).unsqueeze(1)


def _loss(logits: Tensor, said: Sequence[int]) -> Tensor:
    target = torch.tensor([said[-1] - UNSAID], device=logits.device)
    return torch.nn.functional.cross_entropy(logits[-1].float(), target)
