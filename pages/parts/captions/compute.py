"""What the page asks of the engine, through the queue: nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from engine import images
from engine.errors import InputError
from engine.results import Caption, CaptionReach, Description, Floats, Occlusion
from pages.parts.captions.session import (
    MODEL,
    LoadedPhoto,
    PhotoSource,
    Query,
    Selection,
    cache,
)
from pages.shared import jobs, models, streaming

PATIENCE = 2.0
"""Seconds in which a first photo is nearly always described, so that nothing has to stream."""

SLOT = "captions_photos"
Result = TypeVar("Result")
Step = tuple[str, LoadedPhoto | InputError, Description | None]
"""One photo that is done: its id, itself or what is wrong with it, and its description."""

Stream = streaming.Stream[tuple[Query, tuple[str, ...]], Step]
OcclusionJob = jobs.Job[tuple[Floats, Floats]]
"""One row of cells after the other."""


def pending(query: Query) -> list[PhotoSource]:
    """The photos that are neither described nor refused."""
    known = cache()
    return [
        photo
        for photo in query.batch
        if known.error(photo.id) is None and query.key(photo.id) not in known.descriptions
    ]


def describe(query: Query) -> Stream | None:
    """The job that works on all that is pending, the chosen photo first; None if nothing is."""
    stream: Stream | None = streaming.current(SLOT)
    left = pending(query)
    if not left:
        return None
    ids = tuple(photo.id for photo in left)
    if stream is not None and _works_on(stream, query, ids):
        return stream
    predictor = models.captions(MODEL, query.device)
    known = {id: photo for id in ids if (photo := cache().photo(id)) is not None}

    def work(stop: jobs.Stop) -> Iterator[Step]:
        """Photo after photo: read, encoded, described; a broken one does not hold up the others."""
        for source in left:
            try:
                photo = known.get(source.id)
                if photo is None:
                    read = images.read(source.load(), source.name)
                    features = models.photo_features(read.squashed)
                    photo = LoadedPhoto(source.id, read, features, source.example)
            except InputError as error:
                yield source.id, error, None
                continue
            try:
                found = predictor.caption(photo.features, query.search, stop=stop)
            except InterruptedError:
                return
            yield source.id, photo, found

    def keep(step: Step) -> None:
        id, photo, found = step
        cache().photos[id] = photo
        if found is not None:
            cache().descriptions[query.key(id)] = found

    key, own = (ids, query.key("")), not all(photo.example for photo in left)
    return streaming.begin(SLOT, (query, ids), key, work, keep, PATIENCE, private=own)


def _works_on(stream: Stream, query: Query, ids: tuple[str, ...]) -> bool:
    """Whether this job is at work on these, and on the chosen photo next if it is among them."""
    before, order = stream.query
    if before.key("") != query.key("") or not {*ids} <= {*order}:
        return False
    in_turn = query.chosen.id not in ids or query.chosen.id == before.chosen.id
    return in_turn and (stream.was_stopped or stream.is_running)


def once(
    selection: Selection, slot: str, key: Hashable, compute: Callable[[jobs.Stop], Result]
) -> Result:
    """One answer about the photo; computed again for another `key`, photo or device only."""
    whole = (selection.photo.id, selection.query.device, key)
    return jobs.once(f"captions_{slot}", whole, compute, private=not selection.photo.example)


def example(source: PhotoSource) -> tuple[images.Photo, Description]:
    """An example with its sentences, found once a process however many ask."""
    predictor = models.captions(MODEL)

    def work(stop: jobs.Stop) -> tuple[images.Photo, Description]:
        photo = images.read(source.load(), source.name)
        return photo, predictor.caption(models.photo_features(photo.squashed), stop=stop)

    return jobs.once("captions_example", source.id, work)


def saliency(selection: Selection) -> Floats:
    """(7, 7): how strongly the marked word's loss answers to each place's pixels."""
    words, at, photo = selection.caption.tokens, selection.at, selection.photo.photo
    predictor = selection.predictor
    return once(
        selection,
        "saliency",
        (words, at),
        lambda _stop: predictor.saliency(photo.squashed, words, at),
    )


def occlude(query: Query, photo: LoadedPhoto, caption: Caption) -> OcclusionJob | None:
    """The job that finds every word's probability with each cell of the photo covered; None where
    it was stopped before, or for a network without attention to compare it with."""
    predictor, words = models.captions(MODEL, query.device), caption.tokens
    if not (predictor.attention and words):
        return None

    def work(_stop: jobs.Stop) -> Iterator[tuple[Floats, Floats]]:
        return predictor.occlusion(photo.photo.squashed, caption)

    key = (photo.id, query.device, words, tuple(word.stands_for for word in caption.words))
    try:
        return jobs.start("captions_occlusion", key, work, private=not photo.example)
    except InputError:  # the rest of the page stays
        return None


def occlusion(job: OcclusionJob) -> Occlusion | None:
    """What the job found, waited for; None once it was stopped."""
    rows = jobs.wait(job)
    if len(rows) < 7:
        return None
    return Occlusion(rows[0][0], np.stack([row for _before, row in rows]))


def reaches(selection: Selection, names: Sequence[str]) -> list[CaptionReach]:
    """The marked word's loss in each of these models, reading the same sentence."""
    words, at, features = selection.caption.tokens, selection.at, selection.photo.features
    predictors = [models.captions(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[CaptionReach]:
        return (predictor.reach(features, words, at) for predictor in predictors)

    key = (selection.photo.id, tuple(names), words, at)
    private = not selection.photo.example
    return jobs.wait(jobs.start("captions_reach", key, work, private=private))
