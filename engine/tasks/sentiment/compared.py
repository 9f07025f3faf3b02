"""The table of slides 51-53: how three cells and three poolings score, over several seeds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine import checkpoints
from engine.checkpoints import Header
from engine.tasks.sentiment.measure import LENGTHS
from engine.tasks.sentiment.recipe import COMPARED

COLUMNS = (
    "language", "cell", "pooling", "seed", "parameters", "seconds", "accuracy", *LENGTHS
)  # fmt: skip


def write_table(folders: Iterable[Path], path: Path) -> None:
    """Writes to `path` a row per comparison model in the `folders`, each holding one seed's."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(_rows(folders), key=lambda row: [row[c] for c in COLUMNS[:4]]))


def _rows(folders: Iterable[Path]) -> Iterator[dict[str, str]]:
    for folder in folders:
        for header in checkpoints.index(folder):
            if header.name in COMPARED:
                yield _row(header)


def _row(header: Header) -> dict[str, str]:
    _, language, cell, pooling = header.name.split("-")
    scored = header.metrics["all dev texts"]
    row = {
        "language": language,
        "cell": cell,
        "pooling": pooling,
        "seed": header.seed,
        "parameters": header.parameters,
        "seconds": round(header.seconds),
        **{name: scored[name] for name in ("accuracy", *LENGTHS)},
    }
    return {name: str(value) for name, value in row.items()}
