"""Trains a captioner on photos and what people wrote about them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from engine import distributed, training, vision
from engine.models.captioner import Captioner
from engine.tasks.captions.data import (
    FLICKR8K,
    IMAGENET,
    PARTS,
    Batches,
    Example,
    Vocabulary,
    feature_maps,
    learn_words,
    read,
)
from engine.tasks.captions.evaluation import evaluate_trained
from engine.tasks.captions.recipe import RECIPES, Part, Recipe
from engine.tasks.captions.self_critical import SelfCriticalBatches
from engine.training import Stage, Training, TrainingJob, untrained


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the photos and their sentences; what each part of the recipe is trained on.

    The photos' maps are kept in the job's `out`, for other models; 140 MB for each form.
    """
    recipe = job.recipe
    examples, dev = (read(job.data, part) for part in PARTS)
    maps = _maps([*examples, *dev], job)
    sentences = [example.sentences for example in examples]
    vocabulary = Vocabulary(learn_words(examples))
    shape = ("cell", "attention", "head", "embedding", "hidden")
    arguments = {**{k: getattr(recipe, k) for k in shape}, "vocabulary": len(vocabulary)}
    model = untrained(Captioner, arguments, job)
    if model.head is not None:
        model.head.load_state_dict(vision.pretrained_head().state_dict())
    model.to(job.device)

    def stage(part: Part) -> Stage:
        if model.head is not None:
            model.head.requires_grad_(part.head)
        batches = Batches(maps, sentences, vocabulary, recipe.photos, job.seed, job.device)
        if not part.samples:
            return Stage(model, batches)
        rewarded = SelfCriticalBatches(model, batches, sentences, vocabulary, part.samples)
        return Stage(model, rewarded, progress=rewarded.rewards.summary)

    return Training(
        "captions",
        model,
        stage,
        lambda path: evaluate_trained(path, examples, dev, maps[0], job.report),
        arguments,
        data=[FLICKR8K, IMAGENET],
        tokenizer="\n".join(vocabulary.words),
    )


rebuild = partial(training.rebuild, RECIPES, prepare)


def _maps(examples: list[Example], job: TrainingJob[Recipe]) -> Any:
    def progress(done: int, total: int) -> None:
        if done % 512 == 0:
            job.report(f"looked at {done:,} of {total:,} photos")

    forms, cache = job.recipe.forms, job.out / f"captions.feature-maps{job.recipe.forms}.npy"
    if distributed.rank() == 0:
        feature_maps([e.image for e in examples], forms, cache, str(job.device), progress)
    distributed.wait()
    return np.load(cache, mmap_mode="r")
