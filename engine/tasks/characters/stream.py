"""Drawing character after character from a model: what every writer does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from engine.decoding import Choice, draw
from engine.models.char_step import State, Stepper


def begun(stepper: Stepper, ids: Sequence[int]) -> tuple[State, Tensor]:
    """The state after reading `ids`, at least one, and the logits of what follows."""
    state = stepper.start()
    first, *rest = ids
    logits = stepper.step(first, state)
    for token in rest:
        logits = stepper.step(token, state)
    return state, logits


def stream(
    stepper: Stepper,
    ids: Sequence[int],
    length: int,
    choice: Choice,
    seed: int,
    stop: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, Tensor]]:
    """Up to `length` characters that follow `ids`, each with the logits it was drawn from, until
    `stop()`; the logits are valid until the next one. The same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    state, logits = begun(stepper, ids)
    for _ in range(length):
        if stop is not None and stop():
            return
        token = draw(logits, choice, generator)
        yield token, logits
        logits = stepper.step(token, state)
