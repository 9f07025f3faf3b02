"""Trainings as a file: what the page shows before anybody has started one.

`python -m engine.tasks.characters.own_record TEXT.txt` trains on TEXT and writes TEXT.json.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.cells import PLAIN_CELL
from engine.device import share_cores
from engine.results import OwnTrainingRecord, WrittenSample
from engine.tasks.characters.data import read
from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_plan import Plan, check

FORMAT = 1
DIGITS = 4
EXAMPLES = (Plan(), Plan(cell=PLAIN_CELL))
"""The training that is shown at first, and the one to compare it with."""


def save(records: list[OwnTrainingRecord], path: Path) -> None:
    """Writes the records as JSON, numbers to a few significant digits."""
    told = [{name: _short(value) for name, value in asdict(r).items()} for r in records]
    text = json.dumps({"format": FORMAT, "records": told}, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> list[OwnTrainingRecord]:
    """What `save` wrote."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        raise ValueError(f"{path.name}: unknown format {told.get('format')!r}")
    return [_record(fields) for fields in told["records"]]


def _record(fields: dict[str, Any]) -> OwnTrainingRecord:
    samples = tuple(WrittenSample(**sample) for sample in fields.pop("samples"))
    arrays: dict[str, Any] = {
        k: np.asarray(v, float) if isinstance(v, list) else v for k, v in fields.items()
    }
    return OwnTrainingRecord(**arrays, samples=samples)


def _short(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return [float(f"{number:.{DIGITS}g}") for number in value]


def main(path: Path) -> None:
    share_cores(2)  # as in the app
    trainings = [OwnTraining(check(read(path)), plan) for plan in EXAMPLES]
    for training in trainings:
        while not training.finished:
            training.advance(60.0, lambda: False)
    save([training.record for training in trainings], path.with_suffix(".json"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
