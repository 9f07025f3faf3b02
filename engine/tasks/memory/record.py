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
LETTERS = "ABCDEFGH"
BLANK, CALL = "·", "?"


def save(plan: Plan, result: RaceResult, path: Path) -> None:
    """Writes plan and result as JSON, fractions to three significant digits."""
    lanes = [{k: _short(v) for k, v in asdict(lane).items()} for lane in result.lanes]
    told = {"format": FORMAT, "plan": asdict(plan), "result": {**asdict(result), "lanes": lanes}}
    path.write_text(json.dumps(told, indent=None) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[Plan, RaceResult]:
    """What `save` wrote."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        raise ValueError(f"{path.name}: unknown format {told.get('format')!r}")
    lanes = tuple(Lane(**_arrays(lane)) for lane in told["result"].pop("lanes"))
    return Plan(**told["plan"]), RaceResult(**told["result"], lanes=lanes)


def _arrays(told: dict[str, Any]) -> dict[str, Any]:
    return {k: np.asarray(v, float) if isinstance(v, list) else v for k, v in told.items()}


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
            shown=tuple(names[i] for i in ids[:, k].tolist()),
            kept=tuple(range(len(targets))),
            answer=tuple(names[i] for i in targets[:, k].tolist()),
        )
        for k in range(count)
    ]


def _sum(steps: np.ndarray, answer: float) -> SequenceExample:
    shown = tuple(f"{number:.2f}" for number, _ in steps)
    kept = tuple(int(k) for k in np.flatnonzero(steps[:, 1]))
    return SequenceExample(shown, kept, (f"{answer:.2f}",))
