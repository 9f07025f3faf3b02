"""Where frames are labelled wrongly: how often by label, and stretches of held-out films."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.models.frames import NO_LABEL
from engine.results import FailureReport, LabelledFilm, MislabelledStretch
from engine.tasks import failures
from engine.tasks.frames.data import Film
from engine.tasks.frames.predictor import load

QUOTES, PER_KIND, SHORTEST = 12, 2, 3
"""Stretches quoted at most: in all, and of one true label; frames of the shortest."""


def collect(
    films: Sequence[Film], found: Sequence[LabelledFilm]
) -> FailureReport[MislabelledStretch]:
    """The failures on films whose labels are known; the longest wrong stretches are quoted."""
    labels = found[0].labels if found else ()
    counts = failures.ErrorCounts(labels)
    mistakes: list[MislabelledStretch] = []
    for film, labelled in zip(films, found, strict=True):
        wrong = labelled.answers != film.labels
        for t in np.flatnonzero(film.labels != NO_LABEL):
            counts.add([(labels[film.labels[t]], bool(wrong[t]))])
        mistakes += _stretches(film, labelled)
    mistakes.sort(key=lambda mistake: mistake.first - mistake.last)
    quotes = failures.choose_quotes(mistakes, lambda quote: quote.label, QUOTES, PER_KIND)
    return counts.report(quotes)


def _stretches(film: Film, labelled: LabelledFilm) -> Iterator[MislabelledStretch]:
    """Stretches of one true label and one wrong answer."""
    pairs = np.stack([film.labels.astype(np.int64), labelled.answers], 1)
    edges = np.flatnonzero((np.diff(pairs, axis=0) != 0).any(1)) + 1
    bounds = [0, *edges.tolist(), len(pairs)]
    for first, last in pairwise(bounds):
        truth, answer = pairs[first].tolist()
        if truth not in (NO_LABEL, answer) and last - first >= SHORTEST:
            mean = float(labelled.probabilities[first:last, answer].mean())
            names = labelled.labels[truth], labelled.labels[answer]
            yield MislabelledStretch(film.name, first, last - 1, *names, mean)


def write_failures(path: Path, films: Sequence[Film]) -> None:
    """Writes where the model at `path` fails on films whose labels are known, beside it."""
    found = list(load(path).label([film.frames for film in films]))
    failures.write(failures.failures_path(path), collect(films, found))


def read_failures(path: Path) -> FailureReport[MislabelledStretch]:
    """The failures that were written beside a frame model."""
    return failures.read(path, MislabelledStretch)
