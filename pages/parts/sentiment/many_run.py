"""Many rows read in the background, chunk by chunk; what is read stays when it is stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from engine.device import AUTO
from engine.errors import InputError
from engine.language import check, detect_language
from engine.results import Verdict
from engine.tasks.sentiment import SentimentPredictor
from pages.parts.sentiment.rows import Row
from pages.shared import jobs, models

CHUNK = 64
"""Rows at a time. Fewer would show progress sooner, but cost a model of long texts far more."""

READABLE = ("en", "vi")
"""Languages that have a flagship model and that `detect_language` tells apart."""

Models = Mapping[str, SentimentPredictor | InputError]


class Answer(NamedTuple):
    """What a row got: a verdict by the model of `language`, or the reason why there is none."""

    language: str | None
    verdict: Verdict | None
    fault: InputError | None


class Chunk(NamedTuple):
    """Answers by position among all rows, and how long they took."""

    answers: dict[int, Answer]
    seconds: float


def read(
    rows: Sequence[Row], places: Sequence[int], forced: str | None, known: Models
) -> Iterator[Chunk]:
    """The rows at `places`, CHUNK at a time; `forced` is the language that all are read in."""
    for start in range(0, len(places), CHUNK):
        began = time.perf_counter()
        answers = _chunk(rows, places[start : start + CHUNK], forced, known)
        yield Chunk(answers, time.perf_counter() - began)


def _chunk(
    rows: Sequence[Row], places: Sequence[int], forced: str | None, known: Models
) -> dict[int, Answer]:
    """One batch per language: each model gets its rows together."""
    answers: dict[int, Answer] = {}
    texts: dict[str, dict[int, str]] = {}
    for place in places:
        try:
            text = checked(rows[place])
            language = forced or detect_language(text)
            texts.setdefault(language, {})[place] = text
        except InputError as error:
            answers[place] = Answer(None, None, error)
    for language, found in texts.items():
        model = known[language]
        if isinstance(model, InputError):
            answers |= {place: Answer(language, None, model) for place in found}
        else:
            verdicts = model.classify([*found.values()])
            answers |= {k: Answer(language, v, None) for k, v in zip(found, verdicts, strict=True)}
    return answers


def checked(row: Row) -> str:
    """The row's text, made plain; InputError when it cannot be read."""
    if row.fault is not None:
        raise row.fault
    return check(row.text)


def load(languages: Sequence[str]) -> Models:
    """The flagship of each language on the chosen device, or why it is not there."""
    found: dict[str, SentimentPredictor | InputError] = {}
    for language in languages:
        try:
            device = st.session_state.get("device", AUTO)
            found[language] = models.sentiment(f"sentiment-{language}", device)
        except InputError as error:
            found[language] = error
    return found


@dataclass
class Run:
    """One session's reading of some rows: what is answered, and the job that works on the rest."""

    rows: tuple[Row, ...]
    forced: str | None
    answers: dict[int, Answer] = field(default_factory=dict)
    seconds: float = 0.0
    job: jobs.Job[Chunk] | None = None
    _taken: int = 0

    @property
    def left(self) -> list[int]:
        """Positions of the rows without an answer."""
        return [place for place in range(len(self.rows)) if place not in self.answers]

    @property
    def rate(self) -> float:
        """Rows per second of computing, waiting not counted."""
        return len(self.answers) / self.seconds if self.seconds else 0.0

    def fits(self, rows: Sequence[Row], forced: str | None) -> bool:
        """Whether it is about these texts; what their labels are does not matter."""
        return self.forced == forced and [_asked(r) for r in rows] == [_asked(r) for r in self.rows]

    def begin(self, slot: str, patience: float = jobs.PATIENCE) -> None:
        """Starts on what is left, or goes on; waits a little, since a few rows take no time."""
        rows, forced, left = self.rows, self.forced, self.left
        known = load([forced] if forced else READABLE)

        def work(_stop: jobs.Stop) -> Iterator[Chunk]:
            return read(rows, left, forced, known)

        self.job, self._taken = jobs.start(slot, (rows, forced, tuple(left)), work), 0
        self.job.ended(patience)
        self.collect()

    def collect(self) -> bool:
        """Takes over what is finished; says whether more will come. Raises what the work raised."""
        job = self.job
        if job is None:
            return False
        over = job.ended()  # asked first, so that nothing comes in between unseen
        if over:
            self.job = None
        chunks = job.results()
        for chunk in chunks[self._taken :]:
            self.answers |= chunk.answers
            self.seconds += chunk.seconds
        self._taken = len(chunks)
        return not over

    def stop(self) -> None:
        """Ends it with the present chunk; answers so far are kept."""
        if self.job is not None:
            self.job.cancel()
            self.job.ended(1.0 if not self.job.position else 0.0)
            self.collect()
            self.job = None


def _asked(row: Row) -> tuple[str, bool]:
    return row.text, row.fault is None
