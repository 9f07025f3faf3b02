"""Where the loss of a written piece reaches back to: every state of the decoder and the encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.models.translator import START, Translator
from engine.results.arrays import Floats

Norms = tuple[Floats, Floats, Floats | None, Floats | None]


def through_time(
    model: Translator, source: Sequence[int], said: Sequence[int], device: torch.device
) -> Norms:
    """‖∂e/∂h‖ of the encoder's states and the decoder's, then ‖∂e/∂c‖ of both for the LSTM, e the
    loss of the last of the pieces `said`.

    The encoder's are in the order of the sentence; those of two directions count together.
    """
    reading, writing = model.probes(len(source), len(said))
    numbers = torch.tensor(source, device=device).unsqueeze(1)
    memory = model.read(numbers, torch.tensor([len(source)], device=device), probe=reading)
    read = torch.tensor([START, *said[:-1]], device=device).unsqueeze(1)
    logits, _, _ = model(read, memory, memory.states, probe=writing)
    loss = torch.nn.functional.cross_entropy(
        logits[-1].float(), torch.tensor([said[-1]], device=device)
    )
    found = torch.autograd.grad(loss, (*reading, *writing))
    ways = model.encoder.directions
    read_norms = [_norms(g[-ways:]) for g in found[: len(reading)]]
    if model.reverse:
        read_norms = [norms[::-1].copy() for norms in read_norms]
    written = [_norms(g) for g in found[len(reading) :]]
    read_c, written_c = (each[1] if len(each) > 1 else None for each in (read_norms, written))
    return read_norms[0], written[0], read_c, written_c


def _norms(gradient: Tensor) -> Floats:
    """(ways, T, 1, H) -> (T,)."""
    found: Floats = gradient.square().sum((0, 2, 3)).sqrt().double().cpu().numpy()
    return found
