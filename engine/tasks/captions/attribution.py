"""What a word of a caption owes to each state and to each place of the photo.

Three measures that need not agree, nor agree with attention: gradients by the states, gradients by
the pixels, and occlusion (Zeiler and Fergus 2014): how probable the word still is when a part of
the photo is covered. Only the last changes the photo and looks at what happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from engine import vision
from engine.gradients import norms_through_time
from engine.models.captioner import START, UNWRITTEN, Captioner
from engine.results import Floats

SIDE = vision.SIDE // vision.GRID
"""Pixels of a cell on each side."""


def gradient_norms(
    model: Captioner, feature_map: Float[Tensor, "1 49 208"], ids: Sequence[int]
) -> tuple[Float[Floats, " N"], Float[Floats, " N"] | None]:
    """‖∂e/∂h_t‖ and, for the LSTM, ‖∂e/∂c_t‖ for t = 0 … n, e the loss of the last of n words."""
    with torch.no_grad():
        photo = model.encode(feature_map)
        states = model.initial_states(photo)
    # The first states stand in the place of probes of their own: what is added to them is zero.
    first = tuple(state.clone().requires_grad_() for state in states)
    probe = model.probes(len(ids))
    logits, _, _ = model(read_ids(ids, feature_map.device), photo, first, probe=probe)
    loss = _loss(logits, ids)
    at_zero = torch.autograd.grad(loss, first, retain_graph=True)
    later = norms_through_time(loss, probe)
    norms = [
        torch.cat((zero.norm(dim=-1).flatten(), rest[-1, :, 0])).double().cpu().numpy()
        for zero, rest in zip(at_zero, later, strict=True)
    ]
    return norms[0], norms[1] if len(norms) > 1 else None


def saliency(model: Captioner, squashed: Any, ids: Sequence[int]) -> Float[Floats, "7 7"]:
    """‖∂e/∂pixels‖ in each region of a photo (224, 224, 3), e the loss of the last of the words."""
    device = model.embedding.weight.device
    photo = vision.pixels(squashed).unsqueeze(0).to(device).requires_grad_()
    encoded = model.encode(vision.encoder(str(device)).backbone(photo))
    states = model.initial_states(encoded)
    logits, _, _ = model(read_ids(ids, device), encoded, states)
    (gradient,) = torch.autograd.grad(_loss(logits, ids), photo)
    regions = gradient[0].unfold(1, SIDE, SIDE).unfold(2, SIDE, SIDE)
    norms: Floats = regions.square().sum((0, 3, 4)).sqrt().double().cpu().numpy()
    return norms


def occlusion(
    model: Captioner, squashed: Any, ids: Sequence[int], takes: Sequence[Sequence[int]]
) -> Iterator[tuple[Float[Floats, " n"], Float[Floats, "7 n"]]]:
    """P(word) of each of n words, and the same with each cell of a row covered by the photo's mean
    colour, in whole steps of 256 as any photo's colours are; one row of cells after the other.

    The words before, `ids`, are those of the whole photo, whatever the network would say of the
    covered one. A word has the probability of all that it `takes`.
    """
    whole = vision.pixels(squashed).to(model.embedding.weight.device)
    mean = whole.mul(128.0).mean((1, 2)).round().div(128.0)[:, None, None]
    before = _probabilities(model, whole.unsqueeze(0), ids, takes)[0]
    for row in range(vision.GRID):
        covered = whole.repeat(vision.GRID, 1, 1, 1)
        for column in range(vision.GRID):
            y, x = row * SIDE, column * SIDE
            covered[column, :, y : y + SIDE, x : x + SIDE] = mean
        yield before, _probabilities(model, covered, ids, takes)


@torch.inference_mode()
def _probabilities(
    model: Captioner,
    photos: Float[Tensor, "P 3 224 224"],
    ids: Sequence[int],
    takes: Sequence[Sequence[int]],
) -> Float[Floats, "P n"]:
    """P(word) of each word of one sentence, for several photos at once."""
    backbone = vision.encoder(str(photos.device)).backbone
    encoded = model.encode(backbone(photos.contiguous(memory_format=torch.channels_last)))
    words = read_ids(ids, photos.device).expand(-1, len(photos))
    logits, _, _ = model(words, encoded, model.initial_states(encoded))
    p = logits.float().softmax(-1)
    own = [p[k][:, [id - UNWRITTEN for id in each]].sum(-1) for k, each in enumerate(takes)]
    found: Floats = torch.stack(own, 1).double().cpu().numpy()
    return found


def read_ids(ids: Sequence[int], device: torch.device) -> Int[Tensor, "T 1"]:
    """What is read (T, 1) when the words `ids` are written: START in front, the last left out."""
    return torch.tensor([START, *ids[:-1]], device=device).unsqueeze(1)


def _loss(logits: Tensor, ids: Sequence[int]) -> Tensor:
    """The loss of the last of the words."""
    target = torch.tensor([ids[-1] - UNWRITTEN], device=logits.device)
    return torch.nn.functional.cross_entropy(logits[-1].float(), target)
