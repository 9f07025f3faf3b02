"""Trains an accent model on its corpora: lists of characters and words, then the marks."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from engine import training
from engine.tasks.accents.data import Batches, list_words, mix
from engine.tasks.accents.evaluation import evaluate_trained
from engine.tasks.accents.failures import write_failures
from engine.tasks.accents.predictor import network
from engine.tasks.accents.recipe import RECIPES, Part, Recipe
from engine.training import Stage, Training, TrainingJob, untrained


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the corpora and lists their characters and words."""
    recipe, started = job.recipe, time.monotonic()
    mixed = mix(job.data)
    coder = list_words(mixed.train, recipe.words, recipe.pairs)
    shape = ("cell", "bidirectional", "embedding", "pair_embedding", "hidden", "layers", "head")
    arguments = {
        **{name: getattr(recipe, name) for name in shape},
        "alphabet": [ord(character) for character in coder.alphabet],
        "words": len(coder.words),
        "pairs": len(coder.pairs),
    }
    model = untrained(network, arguments, job).to(job.device)
    job.report(f"{job.name}: {len(mixed.train):,} texts")

    def stage(part: Part) -> Stage:
        batches = Batches(
            mixed.train,
            coder,
            recipe.rows,
            recipe.steps,
            job.seed,
            job.device,
            recipe.partly,
            recipe.hidden_words,
            part.pairs,
            part.first,
        )
        return Stage(model, batches)

    def evaluate(path: Path) -> None:
        evaluate_trained(path, mixed, job.report)
        write_failures(path, mixed)

    return Training(
        "accents",
        model,
        stage,
        evaluate,
        arguments,
        [{"name": c.place, "source": c.source, "terms": c.terms} for c in mixed.corpora],
        lexicon=(*coder.words, *coder.pairs),
        seconds=time.monotonic() - started,
    )


rebuild = partial(training.rebuild, RECIPES, prepare)
