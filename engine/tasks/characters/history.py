"""How the loss fell while a model learnt: a small table beside the model's file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from engine.results import LearningCurve

COLUMNS = ("iteration", "training", "held_out")


def curve_path(path: Path) -> Path:
    """Where the losses of the model at `path` are."""
    return path.with_suffix(".curve.csv")


def write(path: Path, rows: Iterable[tuple[int, float, float]]) -> None:
    """Rows of (iteration, loss in training, loss on held-out text), nats per character."""
    with curve_path(path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def curve(path: Path) -> LearningCurve | None:
    """The losses of the model at `path`; None where nobody kept them."""
    if not curve_path(path).is_file():
        return None
    with curve_path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {name: np.array([float(row[name]) for row in rows]) for name in COLUMNS}
    return LearningCurve(found["iteration"].astype(np.int64), found["training"], found["held_out"])
