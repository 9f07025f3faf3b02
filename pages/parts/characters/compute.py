"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from engine.figures import characters as figures
from engine.results import Floats, GradientProfile, Letter, StateTrace, UnitMatch
from engine.tasks.characters import TextGenerator
from pages.parts.characters import names
from pages.parts.characters.ask import Question
from pages.shared import jobs, models

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

STOPPED = "_characters_stopped"
Result = TypeVar("Result")


def joined(letters: Iterable[Letter]) -> str:
    return "".join(letter.text for letter in letters)


@dataclass(frozen=True)
class Sample:
    """A text as far as it is written; `place` in the queue while it has not begun."""

    letters: tuple[Letter, ...]
    ended: bool
    place: int = 0
    stopped: bool = False

    @property
    def text(self) -> str:
        return joined(self.letters)


def sample(question: Question, patience: float = 0.0) -> Sample:
    """What is written of the text by now, after waiting at most `patience` seconds for its end."""
    halted = st.session_state.get(STOPPED)
    if halted is not None and halted[0] == question:
        return Sample(halted[1], ended=True, stopped=True)
    job = _writing(question)
    ended = job.ended(patience)
    letters = tuple(letter for chunk in job.results() for letter in chunk)
    return Sample(letters, ended, job.position)


def stop(question: Question) -> None:
    """A callback: ends the writing and keeps what there is."""
    job = _writing(question)
    job.cancel()
    letters = tuple(letter for chunk in job.results() for letter in chunk)
    st.session_state[STOPPED] = (question, letters)


def again() -> None:
    """A callback: a text that was stopped is written from its beginning."""
    st.session_state.pop(STOPPED, None)


def _writing(question: Question) -> jobs.Job[tuple[Letter, ...]]:
    writer = models.characters(question.model)

    def work(stop: jobs.Stop) -> Iterator[tuple[Letter, ...]]:
        return chunks(_write(writer, question, stop))

    return jobs.start("characters_sample", question, work)


def _write(writer: TextGenerator, question: Question, stop: jobs.Stop) -> Iterator[Letter]:
    return writer.write(question.prompt, question.length, question.choice, question.seed, stop)


def chunks(letters: Iterator[Letter], size: int = CHUNK) -> Iterator[tuple[Letter, ...]]:
    """The letters, `size` at a time."""
    while chunk := tuple(islice(letters, size)):
        yield chunk


def up_to(question: Question, mark: int | None) -> str:
    """Prompt and text up to the marked character, the last `WINDOW` before it and itself; empty
    where nothing is marked yet."""
    if mark is None:
        return ""
    written = joined(sample(question).letters[: mark + 1])
    known = models.characters(question.model).alphabet
    text = "".join(c for c in (question.prompt or "\n") if c in known) + written
    return text[-WINDOW - 1 :]


def greedy(question: Question, length: int) -> str:
    """What the model writes when it always takes the likeliest character."""
    asked = replace(question, length=length, choice=replace(question.choice, greedy=True))
    writer = models.characters(question.model)

    def work(stop: jobs.Stop) -> Iterator[str]:
        yield joined(_write(writer, asked, stop))

    return jobs.wait(jobs.start("characters_greedy", asked, work))[0]


def offer(question: Question, text: str) -> tuple[tuple[str, float], ...]:
    """The five likeliest next characters; the text begins a line there, as where it is reread."""
    return _asked("offer", question.model, text, lambda writer: writer.candidates(text))


def read(question: Question) -> tuple[StateTrace, tuple[UnitMatch, ...]]:
    """Text and states, and the units that follow something. The text goes on where the page's ends,
    with the same seed, since in a short one too much correlates by chance."""
    asked = replace(question, length=READ)
    writer = models.characters(question.model)

    def work(stop: jobs.Stop) -> Iterator[tuple[StateTrace, tuple[UnitMatch, ...]]]:
        written = joined(_write(writer, asked, stop))
        memory = writer.read(question.prompt + written)
        yield memory, writer.unit_matches(memory)

    return jobs.wait(jobs.start("characters_read", asked, work))[0]


def influence(question: Question, text: str) -> Floats:
    """Nats of log p(last character) that go with each earlier character."""
    return _asked("influence", question.model, text, lambda writer: writer.influence(text))


def profiles(question: Question, text: str) -> list[GradientProfile]:
    """The small models' gradients of the same text where there are several, else the model's."""
    installed = models.characters_headers()
    compared = [name for name in names.small(question.model) if name in installed]
    chosen = compared if len(compared) > 1 else [question.model]
    writers = [models.characters(name) for name in chosen]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (visible(writer.gradients(text)) for writer in writers)

    return jobs.wait(jobs.start("characters_gradients", (*chosen, text), work))


def visible(profile: GradientProfile) -> GradientProfile:
    """The profile with a sign for every character that cannot be seen."""
    pieces = tuple(replace(piece, text=figures.shown(piece.text)) for piece in profile.pieces)
    return replace(profile, pieces=pieces)


def _asked(slot: str, model: str, text: str, look: Callable[[TextGenerator], Result]) -> Result:
    """One answer of the model about a text."""
    writer = models.characters(model)

    def work(_stop: jobs.Stop) -> Iterator[Result]:
        yield look(writer)

    return jobs.wait(jobs.start(f"characters_{slot}", (model, text), work))[0]


def reread(question: Question, text: str) -> StateTrace:
    """The probabilities of each character of `text`."""
    return _asked("reread", question.model, text, lambda writer: writer.read(text))


@dataclass(frozen=True)
class Moment:
    """A small model at one moment of its training: its text, and its last step."""

    text: str
    profile: GradientProfile
    eigenvalues: NDArray[np.complex128]


def moment(question: Question, network: str, iteration: int | None) -> Moment:
    """What `network` wrote at `iteration` (None: at its end), with the page's prompt and seed."""
    writer = models.characters(network, iteration)
    asked = replace(question, model=network, length=MOMENT)
    start = "".join(c for c in question.prompt if c in writer.alphabet)

    def work(stop: jobs.Stop) -> Iterator[Moment]:
        begun = replace(asked, prompt=start)
        text = joined(_write(writer, begun, stop))
        read = (start + text)[-WINDOW - 1 :]
        yield Moment(text, visible(writer.gradients(read)), writer.eigenvalues(read))

    return jobs.wait(jobs.start("characters_moment", (asked, iteration), work))[0]
