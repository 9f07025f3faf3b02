"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import streamlit as st

from engine.decoding import Search
from engine.results import Sentence
from engine.tasks.translation import TranslationPredictor
from pages.parts.translation.ask import Question
from pages.parts.translation.held import Asked, held
from pages.parts.translation.shown import model
from pages.parts.translation.source import Line
from pages.parts.translation.table import Row
from pages.shared import jobs, models

PATIENCE = 0.3
"""Seconds that are waited for a first answer, so that a short sentence does not flicker."""

CLOSELY = 20
"""Sentences of the chosen line that can be looked at: of the rest only translations are kept."""

_RUN, _ASKED = "_translation_run", "_translation_asked"

Step = tuple[str, Sentence | str]
"""A sentence that is done: itself, and what was found."""


@dataclass
class Draft:
    """What a job is just writing: which sentence, and its likeliest beginning."""

    source: str = ""
    text: str = ""


@dataclass
class Run:
    """The sentences that one job works on; `taken` of its results are in the store."""

    question: Question
    draft: Draft
    job: jobs.Job[Step]
    taken: int = 0
    stopped: bool = field(default=False)

    def collect(self) -> bool:
        """Takes over what is finished; says whether more will come. Raises what the work raised."""
        over = self.job.ended()
        try:
            steps = self.job.results()
        except Exception:
            st.session_state.pop(_RUN, None)  # or it would be raised for ever
            raise
        for source, found in steps[self.taken :]:
            held().keep(_asked(self.question, source), found)
        self.taken = len(steps)
        return not over

    def stop(self) -> None:
        """A callback: what is found stays."""
        self.job.cancel()
        self.job.ended(1.0 if not self.job.position else 0.0)
        self.stopped = True
        self.collect()


def _asked(question: Question, source: str) -> Asked:
    search = question.search
    way: Hashable = (question.direction, search.width, search.penalty, question.device)
    return (way, source)


def closely(question: Question) -> tuple[str, ...]:
    """The sentences that are looked at."""
    return question.chosen.sentences[:CLOSELY]


def found(question: Question) -> list[Sentence]:
    """Those of them that are translated by now, in order."""
    full = held().full
    asked = (_asked(question, source) for source in closely(question))
    return [full[each] for each in asked if each in full]


def pending(question: Question) -> tuple[list[str], list[str]]:
    """The sentences that are left: those to look at, and those of which a translation will do."""
    store = held()
    first = [s for s in closely(question) if _asked(question, s) not in store.full]
    rest = [
        source
        for line in (question.chosen, *question.lines)
        for source in line.sentences
        if source not in first and store.text(_asked(question, source)) is None
    ]
    return list(dict.fromkeys(first)), list(dict.fromkeys(rest))


def translation(
    question: Question, line: Line, picked: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    """A line's translation, None while part of it is missing. What cannot be translated stays, and
    `picked` translations take the place of the best ones of their sentences."""
    if not line.sentences:
        return line.text.strip()
    known = [held().text(_asked(question, source)) for source in line.sentences]
    parts = [picked.get(*each) for each in zip(line.sentences, known, strict=True)]
    return None if None in parts else " ".join(part for part in parts if part)


def beginning(question: Question, line: Line, draft: Draft) -> str:
    """The same as far as it is known, with what is just being written."""
    parts = []
    for source in line.sentences:
        known = held().text(_asked(question, source))
        parts.append((draft.text if draft.source == source else "") if known is None else known)
    return " ".join(part for part in parts if part) or "…"


def translate(question: Question) -> Run | None:
    """The job that works on all that is left, the chosen line first; None if nothing is."""
    st.session_state[_ASKED] = question
    run: Run | None = st.session_state.get(_RUN)
    if run is not None:
        run.collect()
    first, rest = pending(question)
    if not first and not rest:
        return None
    if run is not None and run.question == question and (run.stopped or not run.job.ended()):
        return run
    network, draft = models.translation(model(question.direction), question.device), Draft()

    def work(stop: jobs.Stop) -> Iterator[Step]:
        return _translated(network, first, rest, question.search, draft, stop)

    key = (_asked(question, ""), tuple(first), tuple(rest))
    run = Run(question, draft, jobs.start("translation", key, work))
    st.session_state[_RUN] = run
    run.job.ended(PATIENCE)
    run.collect()
    return run


def _translated(
    network: TranslationPredictor,
    first: Sequence[str],
    rest: Sequence[str],
    search: Search,
    draft: Draft,
    stop: jobs.Stop,
) -> Iterator[Step]:
    """Sentence after sentence in full, then the rest side by side."""

    def watch(text: str) -> None:
        draft.text = text

    try:
        for source in first:
            draft.source, draft.text = source, ""
            yield source, network.translate(source, search, stop=stop, watch=watch)
        for k, text in network.translate_batch(rest, search, stop):
            yield rest[k], text
    except InterruptedError:
        return


def rows() -> list[Row]:
    """The lines of the text, with the translations that are known by now."""
    question: Question = st.session_state[_ASKED]
    return [Row(line.number, line.text, translation(question, line)) for line in question.lines]


def again() -> None:
    """A callback: goes on with what was stopped."""
    st.session_state.pop(_RUN, None)


def working() -> Run | None:
    """The job that is under way, if one is."""
    run: Run | None = st.session_state.get(_RUN)
    return run if run is not None and not run.stopped and not run.job.ended() else None
