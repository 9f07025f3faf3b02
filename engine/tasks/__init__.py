"""What the shipped models are trained for, by name; each task has the same shape.

`data` reads what is learnt from, `recipe` says how, `training` prepares it for `engine.training`,
`evaluation` evaluates a model, `predictor` uses it, `failures` shows what it gets wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.tasks import accents, captions, characters, frames, sentiment, translation
from engine.training import Report, silent


@dataclass(frozen=True)
class Task:
    """One shipped model: how to train, evaluate and load it. `kind` is what its file says.

    `evaluate(model, …, device=…)` takes the files that the task reads: two for translation, else
    one.
    """

    name: str
    kind: str
    rebuild: Callable[..., Path]
    evaluate: Callable[..., dict[str, Any]]
    load: Callable[[Path, str], Any]

    def train(
        self,
        data: Path,
        device: torch.device,
        out: Path,
        *,
        resume: bool = False,
        seed: int = 0,
        report: Report = silent,
    ) -> Path:
        """Trains the model on `data` and writes it, with its card, to `out`; returns where."""
        return self.rebuild(self.name, data, out, device, seed=seed, resume=resume, report=report)


__all__ = ["REGISTRY", "Task"]

REGISTRY: dict[str, Task] = {
    name: Task(name, kind, task.rebuild, task.evaluate, task.load)
    for kind, task in (
        ("sentiment", sentiment),
        ("characters", characters),
        ("captions", captions),
        ("translation", translation),
        ("accents", accents),
        ("frames", frames),
    )
    for name in task.RECIPES
}
