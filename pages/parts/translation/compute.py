"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from engine.results import Sentence
from pages.parts.translation.session import Line, Query, Selection, cache, model
from pages.shared import jobs, models, streaming

PATIENCE = 0.3
"""Seconds that are waited for a first answer, so that a short sentence does not flicker."""

SLOT = "translation"
Result = TypeVar("Result")


@dataclass
class Draft:
    """What a job is just writing: which sentence, and its likeliest beginning."""

    source: str = ""
    text: str = ""


Step = Draft | tuple[str, Sentence | str]
"""First what the job writes into; then a sentence that is done: itself, and what was found."""

Stream = streaming.Stream[tuple[Query, list[Draft]], Step]


def found(query: Query) -> list[Sentence]:
    """Those of the sentences to look at that are translated by now, in order."""
    full = cache().full
    return [full[key] for key in map(query.key, query.examined) if key in full]


def pending(query: Query) -> tuple[list[str], list[str]]:
    """The sentences that are left: those to look at, and those of which a translation will do."""
    known = cache()
    first = [source for source in query.examined if query.key(source) not in known.full]
    rest = [
        source
        for line in (query.chosen, *query.lines)
        for source in line.sentences
        if source not in first and known.text(query.key(source)) is None
    ]
    return list(dict.fromkeys(first)), list(dict.fromkeys(rest))


def translation(
    query: Query, line: Line, picked: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    """A line's translation, None while part of it is missing. What cannot be translated stays, and
    `picked` translations take the place of the best ones of their sentences."""
    if not line.sentences:
        return line.text.strip()
    known = [cache().text(query.key(source)) for source in line.sentences]
    parts = [picked.get(*each) for each in zip(line.sentences, known, strict=True)]
    return None if None in parts else " ".join(part for part in parts if part)


def beginning(query: Query, line: Line, drafts: list[Draft]) -> str:
    """The same as far as it is known, with what is just being written."""
    parts, draft = [], drafts[0] if drafts else Draft()
    for source in line.sentences:
        known = cache().text(query.key(source))
        parts.append((draft.text if draft.source == source else "") if known is None else known)
    return " ".join(part for part in parts if part) or "…"


def translate(query: Query) -> Stream | None:
    """The job that works on all that is left, the chosen line first; None if nothing is."""
    cache().query = query
    stream: Stream | None = streaming.current(SLOT)
    first, rest = pending(query)
    if not first and not rest:
        return None
    is_current = stream is not None and stream.query[0] == query
    if stream is not None and is_current and (stream.was_stopped or stream.is_running):
        return stream
    predictor, drafts = models.translation(model(query.direction), query.device), list[Draft]()

    def work(stop: jobs.Stop) -> Iterator[Step]:
        """Sentence after sentence in full, then the rest side by side."""
        draft = Draft()
        yield draft

        def watch(text: str) -> None:
            draft.text = text

        try:
            for source in first:
                draft.source, draft.text = source, ""
                yield source, predictor.translate(source, query.search, stop=stop, watch=watch)
            for k, text in predictor.translate_batch(rest, query.search, stop):
                yield rest[k], text
        except InterruptedError:
            return

    def keep(step: Step) -> None:
        if isinstance(step, Draft):
            drafts.append(step)
        else:
            cache().keep(query.key(step[0]), step[1])

    key = (query.key(""), tuple(first), tuple(rest))
    return streaming.begin(SLOT, (query, drafts), key, work, keep, PATIENCE)


def is_working() -> bool:
    """Whether a job is under way."""
    stream = streaming.current(SLOT)
    return stream is not None and stream.is_running


def once(
    selection: Selection, slot: str, key: Hashable, compute: Callable[[jobs.Stop], Result]
) -> Result:
    """One answer; computed again for another `key`, sentence, direction or device only."""
    query = selection.query
    whole = (selection.sentence.source, query.direction, query.device, key)
    return jobs.once(f"translation_{slot}", whole, compute)
