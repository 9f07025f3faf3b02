"""How well frames are labelled: accuracy, macro F1, and what a carer asks: are falls found?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int

from engine import checkpoints
from engine.errors import N_, InputError
from engine.models.frames import NO_LABEL
from engine.results import Ints
from engine.tasks.frames.data import CLASSES, FRAMES_PER_SECOND, Film
from engine.tasks.frames.predictor import FramePredictor, load

FALL = CLASSES.index("fall")
LATEST = 10
"""Frames after the end of a fall in which it still counts as found."""

CONFUSION = "answers where it is {label}"
"""Under which name a header keeps a row of the confusion table."""

PUBLISHED = {
    "source": "no number that is comparable: Kawashima et al. 2017, who made the data, split it"
    " otherwise"
}


def scores(answers: Sequence[Int[Ints, " _"]], films: Sequence[Film]) -> dict[str, int | float]:
    """frame_accuracy, macro_f1 and n over the frames that have a label; InputError if none has."""
    answer, truth = np.concatenate(answers), np.concatenate([film.labels for film in films])
    known = truth != NO_LABEL
    answer, truth = answer[known], truth[known].astype(np.int64)
    if not len(truth):
        raise InputError(N_("No frame has a label, so there is nothing to compare with."))
    return {
        "frame_accuracy": round(float((answer == truth).mean()), 4),
        "macro_f1": round(_macro_f1(answer, truth), 4),
        "n": len(truth),
    }


def _macro_f1(answer: Int[Ints, " N"], truth: Int[Ints, " N"]) -> float:
    """The mean over the classes that occur of 2·hits / (answered + true)."""
    each = []
    for k in np.unique(truth):
        hits = int(((answer == k) & (truth == k)).sum())
        each.append(2 * hits / int((answer == k).sum() + (truth == k).sum()))
    return float(np.mean(each))


def falls(answers: Sequence[Int[Ints, " _"]], films: Sequence[Film]) -> dict[str, int | float]:
    """What becomes of the falls, each being a stretch of frames with that label.

    fall_recall: the share in which some frame, or one of the `LATEST` that follow, is labelled
    fall. fall_delay: seconds from a fall's first frame to the first that is labelled so, the median
    over those found. false_falls_per_minute: stretches labelled fall that touch no fall, per minute
    of film with labels. n: the falls.
    """
    delays, count, wrong, labelled = [], 0, 0, 0
    for answer, film in zip(answers, films, strict=True):
        labelled += int((film.labels != NO_LABEL).sum())
        true = _runs(film.labels == FALL)
        for first, last in true:
            count += 1
            found = np.flatnonzero(answer[first : last + LATEST] == FALL)
            delays += [found[0] / FRAMES_PER_SECOND] if len(found) else []
        for first, last in _runs((answer == FALL) & (film.labels != NO_LABEL)):
            wrong += not any(a < last and first < b + LATEST for a, b in true)
    if not count:
        return {}
    return {
        "fall_recall": round(len(delays) / count, 4),
        "fall_delay": round(float(np.median(delays)), 2) if delays else -1.0,
        "false_falls_per_minute": round(wrong / (labelled / FRAMES_PER_SECOND / 60), 4),
        "n": count,
    }


def _runs(inside: Any) -> list[tuple[int, int]]:
    """First and last + 1 of every stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def confusion(
    answers: Sequence[Int[Ints, " _"]], films: Sequence[Film], classes: int = len(CLASSES)
) -> Int[Ints, "K K"]:
    """(K, K): how many frames of each true label (row) got each label (column)."""
    answer, truth = np.concatenate(answers), np.concatenate([film.labels for film in films])
    known = truth != NO_LABEL
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (truth[known], answer[known]), 1)
    return table


def answers(predictor: FramePredictor, films: Sequence[Film]) -> list[Int[Ints, " _"]]:
    """The label of every frame of every film, by number."""
    return [found.answers for found in predictor.label([film.frames for film in films])]


def evaluate_trained(
    path: Path, train: Sequence[Film], dev: Sequence[Film], name: str
) -> dict[str, Any]:
    """Writes the scores of the file as shipped on the test set `name`, and its card; returns them.

    The baseline says the label that is most frequent in `train`.
    """
    predictor = load(path)
    labels = predictor.labels
    found = answers(predictor, dev)
    counted = np.bincount(np.concatenate([f.labels for f in train]), minlength=NO_LABEL + 1)
    always = int(counted[: len(labels)].argmax())
    rule = scores([np.full(len(f.labels), always) for f in dev], dev)
    source = f"always {labels[always]}, the most frequent label in training"
    metrics: dict[str, Any] = {
        name: {
            **scores(found, dev),
            "baseline": {
                "frame_accuracy": rule["frame_accuracy"],
                "macro_f1": rule["macro_f1"],
                "source": source,
            },
        },
    }
    if "fall" in labels:
        metrics[name]["published"] = PUBLISHED
        metrics["falls"] = falls(found, dev)
    table = confusion(found, dev, len(labels))
    for label, row in zip(labels, table, strict=True):
        if row.sum():  # a row of the confusion table
            answered = {labels[k]: int(n) for k, n in enumerate(row) if n}
            metrics[CONFUSION.format(label=label)] = answered
    metrics["recall by label"] = {
        label: round(float(row[k] / row.sum()), 4)
        for k, (label, row) in enumerate(zip(labels, table, strict=True))
        if row.sum()
    }
    checkpoints.rewrite_header(path, replace(predictor.header, metrics=metrics), with_card=True)
    return metrics


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, int | float]:
    """frame_accuracy, macro_f1 and n of the model at `path` on an .npz of films."""
    predictor = load(path, device)
    films = predictor.read(data)
    return scores(answers(predictor, films), films)
