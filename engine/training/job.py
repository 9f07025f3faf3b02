"""From a recipe to a model's file: the parts are trained in turn, saved, reported and resumed.

A task hands `rebuild` its recipes and one function, `prepare`, that reads the data and returns a
`Training`: the network, what each part of the recipe trains it on, and what the file says of it.

    def prepare(job: TrainingJob[Recipe]) -> Training: ...
    rebuild = partial(training.rebuild, RECIPES, prepare)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
import torch
from torch import nn

from engine import checkpoints, distributed
from engine.checkpoints import Header, Weights
from engine.training.recipe import Part, Recipe, Step
from engine.training.run import TrainingRun, resume, save, train

Network = TypeVar("Network", bound=nn.Module)
SAVE_EVERY = 100  # steps, so that all processes save together
REPORT_EVERY = 50  # steps

AnyRecipe = TypeVar("AnyRecipe", bound=Recipe)
Report = Callable[[str], None]
"""Takes one line of progress."""


def silent(line: str) -> None:
    """The report of a training that nobody watches."""


@dataclass(frozen=True)
class TrainingJob(Generic[AnyRecipe]):
    """One model to be trained: which, how, from what and where it goes.

    `resume` continues from the states that an interrupted training of it left in `out`.
    """

    name: str
    recipe: AnyRecipe
    data: Path
    out: Path
    device: torch.device
    seed: int = 0
    resume: bool = False
    report: Report = silent

    @property
    def path(self) -> Path:
        """The model's file."""
        return self.out / f"{self.name}.safetensors"

    def state_path(self, part: str) -> Path:
        """The state file of a part, kept until the whole model is done."""
        name = f"{self.name}.{part}" if part else self.name
        return checkpoints.training_path(self.out / f"{name}.safetensors")


@runtime_checkable
class Batches(Protocol):
    """Batch `step`, a pure function of its number; an epoch has `per_epoch` of them."""

    per_epoch: int

    def __call__(self, step: int) -> Any:
        """The batch that the model's `loss` takes."""


@runtime_checkable
class Observer(Protocol):
    """Watches the steps of a part; what it remembers is saved and restored with the run."""

    def after(self, run: TrainingRun, step: Step) -> None:
        """Called after every step."""

    def save(self, path: Path) -> None:
        """Writes what it remembers beside the state file `path`."""

    def restore(self, path: Path) -> None:
        """Reads what `save` wrote."""

    def forget(self, path: Path) -> None:
        """Removes what `save` wrote."""


@dataclass(frozen=True)
class Stage:
    """What one part of a recipe trains, and on what.

    Args:
        model: what is trained: the network itself, which then goes on with its averaged weights,
            or a module around it, such as one with another output layer.
        progress: what ends each line of the report.
    """

    model: nn.Module
    batches: Batches
    observer: Observer | None = None
    progress: Callable[[], str] = str


@dataclass(frozen=True)
class Training:
    """A model that is ready to be trained.

    Args:
        kind: of the model, such as "sentiment"; the registry's name of the task.
        network: untrained, on the device.
        stage: what a part of the recipe trains; called when the part's turn has come.
        evaluate: writes the scores of the stored file into it, and other files beside it.
        arguments, data, tokenizer, lexicon: as in `Header`.
        weights: what is stored; by default the network's weights after the last part.
        seconds: spent on training something before the first step.
    """

    kind: str
    network: nn.Module
    stage: Callable[[Any], Stage]
    evaluate: Callable[[Path], None]
    arguments: dict[str, Any]
    data: list[dict[str, str]]
    tokenizer: str | None = None
    lexicon: tuple[str, ...] = ()
    weights: Callable[[], Weights] | None = None
    seconds: float = 0.0


TAUGHT_WITH = (
    *("dropout", "word_dropout", "recurrent_dropout", "smoothing", "keep_bias", "fused"),
    "prefixes",
)
"""What a network takes for the sake of training, and no header says: those that its recipe has."""


def untrained(
    network: Callable[..., Network], arguments: Mapping[str, Any], job: TrainingJob[Any]
) -> Network:
    """The network that a header's arguments describe, its weights drawn from the job's seed."""
    return network(
        **arguments,
        **{name: getattr(job.recipe, name) for name in TAUGHT_WITH if hasattr(job.recipe, name)},
        generator=torch.Generator().manual_seed(job.seed),
    )


def rebuild(
    recipes: Mapping[str, AnyRecipe],
    prepare: Callable[[TrainingJob[AnyRecipe]], Training],
    name: str,
    data: Path,
    out: Path,
    device: torch.device,
    *,
    seed: int = 0,
    resume: bool = False,
    report: Report = silent,
    recipe: AnyRecipe | None = None,
) -> Path:
    """Trains the model `name` on what lies in `data`; returns the path of its file in `out`.

    The model card lies beside it. `resume` continues an interrupted training exactly where its last
    save left it; `recipe` is used in place of the one in `recipes`. Every process must call it;
    that of rank 0 writes.
    """
    job = TrainingJob(name, recipe or recipes[name], data, out, device, seed, resume, report)
    out.mkdir(parents=True, exist_ok=True)
    training = prepare(job)
    network, seconds, observers = training.network, training.seconds, []
    for part in job.recipe.parts:
        stage = training.stage(part)
        weights, seconds = fit(job, part, stage, seconds)
        observers.append((stage.observer, job.state_path(part.name)))
        if stage.model is network:
            network.load_state_dict(weights)
    if distributed.rank() == 0:
        stored = training.weights() if training.weights else network.state_dict()
        checkpoints.save(job.path, _header(job, training, seconds), stored, job.recipe.dtype)
        training.evaluate(job.path)
        for observer, path in observers:
            path.unlink(missing_ok=True)
            if observer:
                observer.forget(path)
    distributed.wait()
    return job.path


def fit(
    job: TrainingJob[Any], part: Part, stage: Stage, seconds: float = 0.0
) -> tuple[Weights, float]:
    """Takes all steps of one part; the state of a finished part stays saved until the model is.

    Returns the averaged weights, and the seconds so far: `seconds`, those of the parts before,
    and those of interrupted trainings included.
    """
    model, batches, observer = stage.model, stage.batches, stage.observer
    steps = max(1, round(part.epochs * batches.per_epoch))
    settings = job.recipe.settings(part, steps, job.seed)
    run, path = TrainingRun(model, batches, settings), job.state_path(part.name)
    if job.resume and path.exists():
        seconds = resume(run, path)
        if observer:
            observer.restore(path)
    name = f"{job.name}, {part.name}" if part.name else job.name
    job.report(f"{name}: step {run.step:,} of {steps:,}")
    started = time.monotonic() - seconds
    recent: list[float] = []
    for step in train(model, batches, settings, run):
        recent.append(step.loss)
        spent = time.monotonic() - started
        if step.step % REPORT_EVERY == 0:
            line = f"{part.name} {step.step:,} of {steps:,}  loss {np.mean(recent):.4f}".strip()
            job.report(f"{line}{stage.progress()}  {spent:.0f} s")
            recent.clear()
        if observer:
            observer.after(run, step)
        if step.step % SAVE_EVERY == 0 or step.step == steps:
            save(run, path, spent)
            if observer and distributed.rank() == 0:
                observer.save(path)
    return run.averaged(), time.monotonic() - started


def _header(job: TrainingJob[Any], training: Training, seconds: float) -> Header:
    """What the file says before it is evaluated."""
    return Header(
        model=training.kind,
        name=job.name,
        arguments=training.arguments,
        recipe=job.recipe.summary(),
        seed=job.seed,
        data=training.data,
        metrics={},
        seconds=round(seconds, 1),
        device=str(job.device),
        tokenizer=training.tokenizer,
        lexicon=training.lexicon,
    )
