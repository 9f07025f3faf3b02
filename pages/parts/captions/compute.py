"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import streamlit as st

from engine import images
from engine.decoding import Search
from engine.errors import InputError
from engine.results import CaptionReach, Description, Floats
from engine.tasks.captions import CaptionPredictor
from pages.parts.captions import held, source
from pages.parts.captions.ask import Question
from pages.parts.captions.asked import describer, once
from pages.parts.captions.held import Asked
from pages.parts.captions.shown import MODEL, Entry, Shown
from pages.parts.captions.source import Given
from pages.parts.captions.table import Row
from pages.shared import jobs, models

PATIENCE = 2.0
"""Seconds in which a first photo is nearly always described, so that nothing has to stream."""

_RUN = "_captions_run"

Step = tuple[str, Entry | InputError, Description | None]
"""One photo that is done: its id, itself or what is wrong with it, and what was said."""


@dataclass
class Run:
    """The photos that one job works on, in order; `taken` of its results are in the store."""

    question: Question
    order: tuple[str, ...]
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
        store = held.held()
        for id, entry, found in steps[self.taken :]:
            store.entries[id] = entry
            if found is not None:
                store.found[asked(id, self.question)] = found
        self.taken = len(steps)
        return not over

    def stop(self) -> None:
        """A callback: what is found stays."""
        self.job.cancel()
        self.job.ended(1.0 if not self.job.position else 0.0)
        self.stopped = True
        self.collect()


def asked(id: str, asker: Question | Shown) -> Asked:
    search = asker.search
    return (id, search.width, search.penalty, asker.device)


def found(id: str, question: Question) -> Description | None:
    """What was said of a photo, if that is known by now."""
    return held.held().found.get(asked(id, question))


def entry(id: str) -> Entry | None:
    """The photo, if it has been read."""
    known = held.held().entries.get(id)
    return known if isinstance(known, Entry) else None


def batch(question: Question) -> list[Given]:
    """The photos that get a sentence: one's own, and the chosen one whatever it is."""
    own, chosen = question.choice.own, question.choice.chosen
    return [chosen, *(given for given in own if given != chosen)]


def pending(question: Question) -> list[Given]:
    """Those that are neither described nor refused."""
    return [
        given
        for given in batch(question)
        if held.fault(given.id) is None and found(given.id, question) is None
    ]


def describe(question: Question) -> Run | None:
    """The job that works on all that is pending, the chosen photo first; None if nothing is."""
    run: Run | None = st.session_state.get(_RUN)
    if run is not None:
        run.collect()
    left = pending(question)
    if not left:
        return None
    ids = tuple(given.id for given in left)
    if run is not None and _serves(run, question, ids):
        return run
    network = models.captions(MODEL, question.device)

    def work(stop: jobs.Stop) -> Iterator[Step]:
        return _described(network, left, question.search, known, stop)

    known = {id: entry for id, entry in held.held().entries.items() if isinstance(entry, Entry)}
    key = (ids, asked("", question))
    run = Run(question, ids, jobs.start("captions_photos", key, work))
    st.session_state[_RUN] = run
    run.job.ended(PATIENCE)
    run.collect()
    return run


def _serves(run: Run, question: Question, ids: tuple[str, ...]) -> bool:
    """Whether this job is at work on these, and on the chosen photo next if it is among them."""
    if asked("", run.question) != asked("", question) or not {*ids} <= {*run.order}:
        return False
    chosen = question.choice.chosen.id
    in_turn = chosen not in ids or chosen == run.question.choice.chosen.id
    return in_turn and (run.stopped or not run.job.ended())


def _described(
    network: CaptionPredictor,
    photos: Sequence[Given],
    search: Search,
    known: dict[str, Entry],
    stop: jobs.Stop,
) -> Iterator[Step]:
    """Photo after photo: read, looked at, described; a broken one does not hold up the others."""
    for given in photos:
        try:
            entry = known.get(given.id) or _read(given)
        except InputError as error:
            yield given.id, error, None
            continue
        try:
            yield given.id, entry, network.caption(entry.seen, search, stop=stop)
        except InterruptedError:
            return


def _read(given: Given) -> Entry:
    photo = images.read(given.load(), given.name)
    return Entry(given.id, photo, models.photo_features(photo.squashed), given.example)


def described(shown: Shown) -> list[Row]:
    """The photos that have a sentence by now, one's own first, in the order in which they came."""
    rows = []
    for id in source.ids():
        photo = entry(id)
        said = held.held().found.get(asked(id, shown))
        if photo is not None and said is not None:
            rows.append(Row(source.name(photo), photo, said))
    return rows


def again() -> None:
    """A callback: goes on with what was stopped."""
    st.session_state.pop(_RUN, None)


def saliency(shown: Shown) -> Floats:
    """(7, 7) how strongly the tapped word's loss answers to each place's pixels."""
    network, photo = describer(shown), shown.entry.photo
    words, at = shown.caption.tokens, shown.at
    return once(
        shown,
        "saliency",
        (words, at),
        lambda _stop: network.saliency(photo.squashed, words, at),
    )


def reaches(shown: Shown, names: Sequence[str]) -> list[CaptionReach]:
    """The tapped word's loss in each of these models, reading the same sentence."""
    words, at, seen = shown.caption.tokens, shown.at, shown.entry.seen
    networks = [models.captions(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[CaptionReach]:
        return (network.reach(seen, words, at) for network in networks)

    key = (shown.entry.id, tuple(names), words, at)
    return jobs.wait(jobs.start("captions_reach", key, work))
