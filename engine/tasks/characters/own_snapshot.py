"""What a model in training shows of itself: a sample of its writing, its gradient by lag."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from engine.decoding import Choice
from engine.errors import N_, InputError
from engine.gradients import norms_through_time, probes
from engine.models.char_model import CharModel
from engine.models.char_step import Stepper
from engine.results import Floats
from engine.tasks.characters.stream import stream

PLACES = 8
"""Places of the text whose gradients are averaged."""

FARTHEST = 200
"""Lags that are looked at."""


def write(
    model: CharModel,
    alphabet: str,
    prompt: str,
    length: int,
    choice: Choice,
    seed: int,
    stop: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """Yields `length` characters after `prompt`, one by one; the same for the same seed.

    What of the prompt the alphabet lacks is left out; InputError when nothing is left of it. An
    empty prompt begins after a line end, or after the first character there is.
    """
    known = {character: k for k, character in enumerate(alphabet)}
    read = [known[c] for c in prompt if c in known]
    if prompt and not read:
        raise InputError(N_("The model knows none of the characters of this beginning."))
    begins = [known.get("\n", 0), *read]
    for token, _logits in stream(Stepper(model), begins, length, choice, seed, stop):
        yield alphabet[token]


def gradient_by_lag(model: CharModel, ids: Tensor, steps: int) -> tuple[Floats, ...]:
    """‖∂e/∂h‖ and, for the LSTM, ‖∂e/∂c‖ of all layers' states by lag (L,), lag 0 first.

    e is the loss of one character; nothing is cut within L = twice `steps`, at most `FARTHEST`
    characters. Mean over `PLACES` places spread over the text `ids` (N,).
    """
    lags = min(2 * steps, FARTHEST, len(ids) - 1)
    places = np.linspace(0, len(ids) - 1 - lags, PLACES).astype(int)
    window = torch.as_tensor(places) + torch.arange(lags + 1).unsqueeze(1)
    piece = ids[window].to(model.output.weight.device)
    added = probes(model.recurrent, lags, PLACES)
    logits, _, _ = model(piece[:-1], probe=added)
    loss = nn.functional.cross_entropy(logits[-1], piece[-1], reduction="sum")
    norms = norms_through_time(loss, added)
    return tuple(_by_lag(norm) for norm in norms)


def _by_lag(norms: Tensor) -> Floats:
    """(layers, T, B) -> (T,), lag 0 first: all layers' states as one vector, mean over the rows."""
    together = norms.double().square().sum(0).sqrt().mean(-1)
    return together.flip(0).cpu().numpy()
