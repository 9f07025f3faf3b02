"""What rebuilding a model has in common: the job, and steps that are saved and reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engine import checkpoints
from engine.checkpoints import Header
from engine.tasks.reports import Report
from engine.training import Run, Settings, resume, save, train

SAVE_EVERY = 100  # steps, so that all processes save together
REPORT_EVERY = 50  # steps

AnyRecipe = TypeVar("AnyRecipe")
Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Job(Generic[AnyRecipe]):
    """One model to be built: which, how, and where it goes. `go_on` continues where the last save
    of an earlier sitting left it."""

    name: str
    recipe: AnyRecipe
    out: Path
    device: torch.device
    seed: int
    go_on: bool
    report: Report

    @property
    def path(self) -> Path:
        return self.out / f"{self.name}.safetensors"

    def state(self, part: str) -> Path:
        """Where the training state of a part lies, while it is under way and when it is done."""
        return checkpoints.training_path(self.out / f"{self.name}.{part}.safetensors")

    def forget(self, parts: Iterable[str]) -> None:
        """Removes the training states of a model that is done."""
        for part in parts:
            self.state(part).unlink(missing_ok=True)

    def header(
        self,
        model: str,
        arguments: dict[str, Any],
        data: list[dict[str, str]],
        seconds: float,
        tokenizer: str,
        lexicon: Iterable[str] = (),
        **recipe: Any,
    ) -> Header:
        """What the file says before anything is measured; `recipe` stands in for the recipe's own
        entries of these names."""
        return Header(
            model=model,
            name=self.name,
            arguments=arguments,
            recipe={**asdict(self.recipe), **recipe},  # type: ignore[call-overload]
            seed=self.seed,
            data=data,
            metrics={},
            seconds=round(seconds, 1),
            device=str(self.device),
            tokenizer=tokenizer,
            lexicon=tuple(lexicon),
        )


def fit(
    job: Job[Any],
    model: nn.Module,
    batches: Callable[[int], Any],
    settings: Settings,
    part: str,
    seconds: float = 0.0,
    remark: Callable[[], str] = str,
) -> tuple[Weights, float]:
    """Takes all steps of one part; a part that is done stays saved, for a sitting that goes on.

    Returns the averaged weights, and the seconds so far: those of earlier parts, given as
    `seconds`, and of earlier sittings included. `remark` ends each line of the report.
    """
    run = Run(model, batches, settings)
    if job.go_on and job.state(part).exists():
        seconds = resume(run, job.state(part))
    job.report(f"{job.name}, {part}: step {run.step:,} of {settings.steps:,}")
    started = time.monotonic() - seconds
    recent: list[float] = []
    for step in train(model, batches, settings, run):
        recent.append(step.loss)
        spent = time.monotonic() - started
        if step.step % REPORT_EVERY == 0:
            told = f"{part} {step.step:,} of {settings.steps:,}  loss {np.mean(recent):.4f}"
            job.report(f"{told}{remark()}  {spent:.0f} s")
            recent.clear()
        if step.step % SAVE_EVERY == 0 or step.step == settings.steps:
            save(run, job.state(part), spent)
    return run.averaged(), time.monotonic() - started
