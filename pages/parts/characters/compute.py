"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.figures.candidates import visible
from engine.results import (
    Floats,
    GradientProfile,
    Letter,
    PredictionStep,
    StateTrace,
    UnitMatch,
)
from engine.tasks.characters import TextGenerator
from pages.parts.characters.controls import Query, cells_compared
from pages.shared import jobs, models, streaming

CHUNK = 20
"""Characters that arrive together."""

FIRST = 150
"""Characters among which a first one is marked."""

PATIENCE = 1.0
"""Seconds in which most texts are finished, so that nothing has to stream."""

WINDOW = 100
"""Characters back that the gradient and the influence are looked at."""

READ = 800
"""Characters in which units are looked for."""

MOMENT = 300
"""Characters that a moment of training is shown by."""

SLOT = "characters_sample"
Result = TypeVar("Result")


def joined(letters: Iterable[Letter]) -> str:
    """The text that letters make up."""
    return "".join(letter.text for letter in letters)


Stream = streaming.Stream[tuple[Query, list[Letter]], tuple[Letter, ...]]


@dataclass(frozen=True)
class Sample:
    """A text as far as it is written, whether nothing more will come, and what writes it."""

    letters: tuple[Letter, ...]
    ended: bool
    stream: Stream

    @property
    def text(self) -> str:
        """All letters."""
        return joined(self.letters)


def sample(query: Query, patience: float = 0.0) -> Sample:
    """What is written of the text by now, after waiting at most `patience` seconds for its end."""
    stream: Stream | None = streaming.current(SLOT)
    if stream is None or stream.query[0] != query:
        predictor, letters = models.characters(query.model), list[Letter]()

        def work(stop: jobs.Stop) -> Iterator[tuple[Letter, ...]]:
            written = _write(predictor, query, stop)
            while chunk := tuple(islice(written, CHUNK)):
                yield chunk

        stream = streaming.begin(SLOT, (query, letters), query, work, letters.extend, patience)
    stream.job.ended(patience)
    ended = not stream.collect()
    return Sample(tuple(stream.query[1]), ended, stream)


def _write(predictor: TextGenerator, query: Query, stop: jobs.Stop) -> Iterator[Letter]:
    return predictor.write(query.prompt, query.length, query.choice, query.seed, stop)


def up_to(query: Query, mark: int | None) -> str:
    """Prompt and text up to the marked character, the last `WINDOW` before it and itself; empty
    where nothing is marked yet."""
    if mark is None:
        return ""
    written = joined(sample(query).letters[: mark + 1])
    known = models.characters(query.model).alphabet
    text = "".join(c for c in (query.prompt or "\n") if c in known) + written
    return text[-WINDOW - 1 :]


def greedy(query: Query, length: int) -> str:
    """What the model writes when it always takes the likeliest character."""
    longer = replace(query, length=length, choice=replace(query.choice, greedy=True))
    predictor = models.characters(query.model)
    return jobs.once(
        "characters_greedy", longer, lambda stop: joined(_write(predictor, longer, stop))
    )


def offer(query: Query, text: str) -> tuple[tuple[str, float], ...]:
    """The five likeliest next characters; the text begins a line there, as where it is reread."""
    return _once("offer", query.model, text, lambda predictor: predictor.candidates(text))


def reread(query: Query, text: str) -> StateTrace:
    """The probabilities of each character of `text`."""
    return _once("reread", query.model, text, lambda predictor: predictor.read(text))


def influence(query: Query, text: str) -> Floats:
    """Nats of log p(last character) that go with each earlier character."""
    return _once("influence", query.model, text, lambda predictor: predictor.influence(text))


def step(query: Query, text: str) -> PredictionStep:
    """What the last character of `text` does on its way to the next one's probabilities."""
    return _once("step", query.model, text, lambda predictor: predictor.step(text))


def _once(slot: str, model: str, text: str, compute: Callable[[TextGenerator], Result]) -> Result:
    """One answer of the model about a text."""
    predictor = models.characters(model)
    return jobs.once(f"characters_{slot}", (model, text), lambda _stop: compute(predictor))


def read(query: Query) -> tuple[StateTrace, tuple[UnitMatch, ...]]:
    """Text and states, and the units that follow something. The text goes on where the page's ends,
    with the same seed, since in a short one too much correlates by chance."""
    longer = replace(query, length=READ)
    predictor = models.characters(query.model)

    def compute(stop: jobs.Stop) -> tuple[StateTrace, tuple[UnitMatch, ...]]:
        trace = predictor.read(query.prompt + joined(_write(predictor, longer, stop)))
        return trace, predictor.unit_matches(trace)

    return jobs.once("characters_read", longer, compute)


def profiles(query: Query, text: str, most: int | None = None) -> list[GradientProfile]:
    """The gradients of the same text of the (first `most`) small models where there are several,
    else of the model."""
    compared = cells_compared(query.model)
    chosen = (compared if len(compared) > 1 else [query.model])[:most]
    predictors = [models.characters(name) for name in chosen]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (_readable(predictor.gradients(text)) for predictor in predictors)

    return jobs.wait(jobs.start("characters_gradients", (*chosen, text), work))


def _readable(profile: GradientProfile) -> GradientProfile:
    """The profile with a sign for every character that cannot be seen."""
    pieces = tuple(replace(piece, text=visible(piece.text)) for piece in profile.pieces)
    return replace(profile, pieces=pieces)


@dataclass(frozen=True)
class Moment:
    """A small model at one moment of its training: its text, and its last step."""

    text: str
    profile: GradientProfile
    eigenvalues: NDArray[np.complex128]


def written(query: Query, network: str, iterations: Sequence[int]) -> list[str]:
    """What `network` wrote at each of the `iterations`, with the page's prompt and seed."""
    predictors = [models.characters(network, iteration) for iteration in iterations]
    start = "".join(c for c in query.prompt if c in predictors[0].alphabet)
    short = replace(query, model=network, length=MOMENT, prompt=start)

    def compute(stop: jobs.Stop) -> list[str]:
        return [joined(_write(predictor, short, stop)) for predictor in predictors]

    return jobs.once("characters_written", (short, tuple(iterations)), compute)


def moment(query: Query, network: str, iteration: int | None) -> Moment:
    """What `network` wrote at `iteration` (None: at its end), with the page's prompt and seed."""
    predictor = models.characters(network, iteration)
    start = "".join(c for c in query.prompt if c in predictor.alphabet)
    short = replace(query, model=network, length=MOMENT)

    def compute(stop: jobs.Stop) -> Moment:
        text = joined(_write(predictor, replace(short, prompt=start), stop))
        end = (start + text)[-WINDOW - 1 :]
        return Moment(text, _readable(predictor.gradients(end)), predictor.eigenvalues(end))

    return jobs.once("characters_moment", (short, iteration), compute)
