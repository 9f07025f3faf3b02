"""A finished race as a file, and an example of a task in words."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.results import Lane, RaceResult, SequenceExample
from engine.tasks.memory.plan import Plan
from engine.tasks.memory.sequences import SYMBOLS, batch

FORMAT = 1
DIGITS = 3
STORED = {"chance_level": "chance", "threshold": "learnt"}
"""What fields of a result are called in the file, where the names differ."""

LETTERS = "ABCDEFGH"
BLANK, CALL = "·", "?"


def save(plan: Plan, result: RaceResult, path: Path) -> None:
    """Writes plan and result as JSON, fractions to three significant digits."""
    lanes = [{k: _short(v) for k, v in asdict(lane).items()} for lane in result.lanes]
    fields = {STORED.get(name, name): value for name, value in asdict(result).items()}
    found = {"format": FORMAT, "plan": asdict(plan), "result": {**fields, "lanes": lanes}}
    path.write_text(json.dumps(found) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[Plan, RaceResult]:
    """What `save` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if found.get("format") != FORMAT:
        raise ValueError(f"{path.name}: unknown format {found.get('format')!r}")
    result = found["result"] | {name: found["result"].pop(old) for name, old in STORED.items()}
    lanes = tuple(Lane(**_arrays(lane)) for lane in result.pop("lanes"))
    return Plan(**found["plan"]), RaceResult(**result, lanes=lanes)


def _arrays(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: np.asarray(v, float) if isinstance(v, list) else v for k, v in fields.items()}


def _short(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    rounded = [int(n) if n == int(n) else float(f"{n:.{DIGITS}g}") for n in value.flat]
    return np.asarray(rounded, dtype=object).reshape(value.shape).tolist()


def examples(plan: Plan, count: int) -> list[SequenceExample]:
    """The first sequences that this plan trains on, in letters and numbers."""
    inputs, targets = batch(plan.task, plan.lag, count, plan.seed, 0, "train")
    if plan.task == "adding":
        return [_sum(inputs[:, k].numpy(), float(targets[0, k])) for k in range(count)]
    names = [*LETTERS[:SYMBOLS], BLANK, CALL]
    ids = inputs.argmax(-1)
    return [
        SequenceExample(
            inputs=tuple(names[i] for i in ids[:, k].tolist()),
            relevant=tuple(range(len(targets))),
            answer=tuple(names[i] for i in targets[:, k].tolist()),
        )
        for k in range(count)
    ]


def _sum(steps: np.ndarray, answer: float) -> SequenceExample:
    shown = tuple(f"{number:.2f}" for number, _ in steps)
    kept = tuple(int(k) for k in np.flatnonzero(steps[:, 1]))
    return SequenceExample(shown, kept, (f"{answer:.2f}",))
