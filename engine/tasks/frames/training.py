"""Trains a frame model on the films of its data folder and scores it on those held out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from engine import training
from engine.tasks.frames import motion
from engine.tasks.frames.data import CLASSES, SOURCE, Batches, read
from engine.tasks.frames.evaluation import evaluate_trained
from engine.tasks.frames.failures import write_failures
from engine.tasks.frames.motion import MadeBatches
from engine.tasks.frames.predictor import network
from engine.tasks.frames.recipe import RECIPES, Recipe
from engine.training import Stage, Training, TrainingJob, untrained

MADE, HELD_OUT_SEED = 100, 2**20
"""Films that are made to judge by, and the seed that no training has."""

HELD_OUT = {"heat": "persons 5 and 6, another day", "grey": "made films, with another photo"}
"""What the held-out films are, by what was recorded."""


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads train.npz and dev.npz, in the data folder itself or in its folder frames; for films
    that are made by rule, the photos of the data folder, the last of which is held out."""
    recipe = job.recipe
    labels = CLASSES if recipe.recorded == "heat" else motion.LABELS
    shape = ("recorded", "size", "cell", "bidirectional", "features", "hidden", "layers", "memory")
    arguments = {
        **{name: getattr(recipe, name) for name in shape},
        "filters": list(recipe.filters),
        "labels": list(labels),
    }
    model = untrained(network, arguments, job).to(job.device)
    sizes = (recipe.rows, recipe.steps, job.seed, job.device)
    batches: Batches | MadeBatches
    if recipe.recorded == "heat":
        folder = job.data / "frames" if (job.data / "frames").is_dir() else job.data
        train, dev = read(folder / "train.npz"), read(folder / "dev.npz")
        batches, source = Batches(train, *sizes), SOURCE
    else:
        photos = motion.photos(job.data)
        batches, source = MadeBatches(photos[:-1], *sizes), motion.SOURCE
        others = MadeBatches(photos[-1:], recipe.rows, recipe.steps, HELD_OUT_SEED, job.device)
        train, dev = ([made.film(k) for k in range(MADE)] for made in (batches, others))

    def evaluate(path: Path) -> None:
        for name, found in evaluate_trained(path, train, dev, HELD_OUT[recipe.recorded]).items():
            job.report(f"{name}: {found}")
        write_failures(path, dev)

    return Training("frames", model, lambda _: Stage(model, batches), evaluate, arguments, [source])


rebuild = partial(training.rebuild, RECIPES, prepare)
