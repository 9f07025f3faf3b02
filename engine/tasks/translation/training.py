"""Rebuilds a shipped translator from pairs of sentences."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from engine import checkpoints, distributed
from engine.checkpoints import Header
from engine.models.translator import Translator
from engine.tasks.reports import Report, say_nothing
from engine.tasks.translation import pieces
from engine.tasks.translation.data import Batches, Mix, mix
from engine.tasks.translation.judging import judge
from engine.tasks.translation.recipe import RECIPES, Part, Recipe
from engine.training import Run, resume, save, train

SAVE_EVERY = 100  # steps, so that all processes save together
REPORT_EVERY = 50  # steps


@dataclass(frozen=True)
class Job:
    """One model to be built: which, how, from what, and where it goes."""

    name: str
    recipe: Recipe
    out: Path
    device: torch.device
    seed: int
    go_on: bool
    report: Report
    mix: Mix
    tokenizer: Tokenizer

    @property
    def path(self) -> Path:
        return self.out / f"{self.name}.safetensors"

    def state(self, part: Part) -> Path:
        """Where the training state of a part lies, while it is under way and when it is done."""
        return checkpoints.training_path(self.out / f"{self.name}.{part.name}.safetensors")


def rebuild(
    name: str,
    data: Path,
    out: Path,
    device: torch.device,
    *,
    seed: int = 0,
    go_on: bool = False,
    report: Report = say_nothing,
    recipe: Recipe | None = None,
) -> Path:
    """Trains the model `name` on the corpora in `data` and writes it, with its card, to `out`.

    `go_on` continues an interrupted training exactly where its last save left it.
    """
    recipe = recipe or RECIPES[name]
    found = mix(recipe.languages, data)
    job = Job(name, recipe, out, device, seed, go_on, report, found, _pieces(found, recipe))
    out.mkdir(parents=True, exist_ok=True)
    weights, seconds = _trained(job)
    if distributed.rank() == 0:
        checkpoints.save(job.path, _header(job, seconds), weights, recipe.dtype)
        judge(job.path, found, report)
        for part in recipe.parts:
            job.state(part).unlink(missing_ok=True)
    distributed.wait()
    return job.path


def _pieces(found: Mix, recipe: Recipe) -> Tokenizer:
    """The pieces of two languages: the same for either direction."""
    turned = recipe.source > recipe.target
    pairs = (pair[::-1] if turned else pair for each in found.train.values() for pair in each)
    return pieces.learn([text for pair in pairs for text in pair], recipe.pieces)


def build(arguments: dict[str, Any], recipe: Recipe, seed: int) -> Translator:
    """The untrained network."""
    return Translator(
        **arguments,
        dropout=recipe.dropout,
        smoothing=recipe.smoothing,
        keep_bias=recipe.keep_bias,
        generator=torch.Generator().manual_seed(seed),
    )


def _arguments(job: Job) -> dict[str, Any]:
    """What the network needs to be built again."""
    shape = (
        "embedding", "hidden", "cell", "attention", "bidirectional", "layers", "deep", "reverse",
    )  # fmt: skip
    return {
        "vocabulary": job.tokenizer.get_vocab_size(),
        **{name: getattr(job.recipe, name) for name in shape},
    }


def _trained(job: Job) -> tuple[dict[str, Tensor], float]:
    """The weights after all parts, and the seconds they took, each part's start the average of the
    one before."""
    model = build(_arguments(job), job.recipe, job.seed).to(job.device)
    seconds = 0.0
    for part in job.recipe.parts:
        weights, seconds = _fit(job, model, part, seconds)
        model.load_state_dict(weights)
    return model.state_dict(), seconds


def _fit(
    job: Job, model: Translator, part: Part, seconds: float
) -> tuple[dict[str, Tensor], float]:
    """The averaged weights after one part, and the seconds so far."""
    recipe = job.recipe
    batches = Batches(
        job.mix.pairs(part.clean), job.tokenizer, recipe.languages, recipe.batch, recipe.copied,
        job.seed, job.device,
    )  # fmt: skip
    steps = max(1, round(part.epochs * batches.per_epoch))
    run = Run(model, batches, part.settings(steps, recipe, job.seed))
    if job.go_on and job.state(part).exists():
        seconds = resume(run, job.state(part))
    job.report(f"{job.name}, {part.name}: step {run.step:,} of {steps:,}")
    started = time.monotonic() - seconds
    recent: list[float] = []
    for step in train(model, batches, run.settings, run):
        recent.append(step.loss)
        spent = time.monotonic() - started
        if step.step % REPORT_EVERY == 0:
            loss = float(np.mean(recent))
            job.report(f"{part.name} {step.step:,} of {steps:,}  loss {loss:.4f}  {spent:.0f} s")
            recent.clear()
        if step.step % SAVE_EVERY == 0 or step.step == steps:
            save(run, job.state(part), spent)
    return run.averaged(), time.monotonic() - started


def _header(job: Job, seconds: float) -> Header:
    recipe = asdict(job.recipe)
    recipe["parts"] = [
        f"{p.name}: {p.epochs:g} epochs at {p.learning_rate:g}, {p.schedule}"
        + (", careful writing only" if p.clean else "")
        for p in job.recipe.parts
    ]
    return Header(
        model="translation",
        name=job.name,
        arguments=_arguments(job),
        recipe=recipe,
        seed=job.seed,
        data=[{"name": c.folder, "source": c.source, "terms": c.terms} for c in job.mix.corpora],
        metrics={},
        seconds=round(seconds, 1),
        device=str(job.device),
        tokenizer=job.tokenizer.to_str(),
    )
