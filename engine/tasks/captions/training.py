"""Rebuilds a shipped captioner from photos and what people wrote about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine import checkpoints, distributed, vision
from engine.checkpoints import Header
from engine.models.captioner import Captioner
from engine.tasks import building
from engine.tasks.captions.data import (
    FLICKR8K,
    IMAGENET,
    PARTS,
    Batches,
    Example,
    Vocabulary,
    learn_words,
    read,
)
from engine.tasks.captions.evaluation import judge
from engine.tasks.captions.features import feature_maps
from engine.tasks.captions.recipe import RECIPES, Part, Recipe
from engine.tasks.captions.self_critical import Rewarded
from engine.tasks.reports import Report, say_nothing


@dataclass(frozen=True)
class Job(building.Job[Recipe]):
    """One captioner to be built, and from what."""

    train: list[Example]
    maps: Any
    vocabulary: Vocabulary


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
    """Trains the model `name` on the corpus in `data` and writes it, with its card, to `out`.

    `go_on` continues an interrupted training exactly where its last save left it. The photos' maps
    are kept in `out`, for other models; 140 MB for each form.
    """
    recipe = recipe or RECIPES[name]
    examples, dev = (read(data, part) for part in PARTS)
    maps = _maps([*examples, *dev], recipe, out, device, report)
    vocabulary = Vocabulary(learn_words(examples))
    job = Job(name, recipe, out, device, seed, go_on, report, examples, maps, vocabulary)
    weights, seconds = _trained(job)
    if distributed.rank() == 0:
        checkpoints.save(job.path, _header(job, seconds), weights, recipe.dtype)
        judge(job.path, examples, dev, maps[0], report)
        job.forget(part.name for part in recipe.parts)
    distributed.wait()
    return job.path


def _maps(
    examples: list[Example], recipe: Recipe, out: Path, device: torch.device, report: Report
) -> Any:
    def progress(done: int, total: int) -> None:
        if done % 512 == 0:
            report(f"looked at {done:,} of {total:,} photos")

    out.mkdir(parents=True, exist_ok=True)
    cache = out / f"captions.halfway{recipe.forms}.npy"
    if distributed.rank() == 0:
        feature_maps([e.image for e in examples], recipe.forms, cache, str(device), progress)
    distributed.wait()
    return np.load(cache, mmap_mode="r")


def build(arguments: dict[str, Any], recipe: Recipe, seed: int) -> Captioner:
    """The untrained network, its last blocks, if its own, as ImageNet taught them."""
    model = Captioner(
        **arguments,
        dropout=recipe.dropout,
        smoothing=recipe.smoothing,
        keep_bias=recipe.keep_bias,
        generator=torch.Generator().manual_seed(seed),
    )
    if model.tip is not None:
        model.tip.load_state_dict(vision.fresh_tip().state_dict())
    return model


def _arguments(job: Job) -> dict[str, Any]:
    """What the network and its words need to be built again."""
    shape = ("cell", "attention", "tip", "embedding", "hidden")
    return {
        **{name: getattr(job.recipe, name) for name in shape},
        "vocabulary": len(job.vocabulary),
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


def _fit(job: Job, model: Captioner, part: Part, seconds: float) -> tuple[dict[str, Tensor], float]:
    """The averaged weights after one part, and the seconds so far."""
    if model.tip is not None:
        model.tip.requires_grad_(part.tip)
    batches = _batches(job, model, part)
    steps = max(1, round(part.epochs * batches.per_epoch))
    settings = job.recipe.settings(part, steps, job.seed)
    remark = batches.rewards.told if isinstance(batches, Rewarded) else str
    return building.fit(job, model, batches, settings, part.name, seconds, remark)


def _batches(job: Job, model: Captioner, part: Part) -> Batches | Rewarded:
    sentences = [example.sentences for example in job.train]
    batches = Batches(job.maps, sentences, job.vocabulary, job.recipe.photos, job.seed, job.device)
    if not part.drawn:
        return batches
    return Rewarded(model, batches, sentences, job.vocabulary, part.drawn, job.seed, job.device)


def _header(job: Job, seconds: float) -> Header:
    data, words = [FLICKR8K, IMAGENET], "\n".join(job.vocabulary.words)
    parts = [part.told() for part in job.recipe.parts]
    return job.header("captions", _arguments(job), data, seconds, words, parts=parts)
