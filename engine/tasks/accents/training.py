"""Trains an accent model on its corpora: lists of characters and words, then the marks."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import torch

from engine import training
from engine.models.tagger import LetterTagger
from engine.tasks.accents.data import Batches, list_words, mix
from engine.tasks.accents.evaluation import evaluate_trained
from engine.tasks.accents.failures import write_failures
from engine.tasks.accents.marks import GROUPS, Coder
from engine.tasks.accents.recipe import RECIPES, Part, Recipe
from engine.training import Stage, Training, TrainingJob


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the corpora and lists their characters and words."""
    recipe, started = job.recipe, time.monotonic()
    mixed = mix(job.data)
    coder = list_words(mixed.train, recipe.words, recipe.pairs)
    network = _network(recipe, coder, job.seed).to(job.device)
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
        )
        return Stage(network, batches)

    def evaluate(path: Path) -> None:
        evaluate_trained(path, mixed, job.report)
        write_failures(path, mixed)

    return Training(
        "accents",
        network,
        stage,
        evaluate,
        _arguments(recipe, coder),
        [{"name": c.place, "source": c.source, "terms": c.terms} for c in mixed.corpora],
        lexicon=(*coder.words, *coder.pairs),
        seconds=time.monotonic() - started,
    )


rebuild = partial(training.rebuild, RECIPES, prepare)


def _arguments(recipe: Recipe, coder: Coder) -> dict[str, Any]:
    """What the network and its reading need to be built again."""
    shape = ("cell", "bidirectional", "embedding", "pair_embedding", "hidden", "layers", "head")
    return {
        **{name: getattr(recipe, name) for name in shape},
        "alphabet": [ord(character) for character in coder.alphabet],
        "words": len(coder.words),
        "pairs": len(coder.pairs),
    }


def _network(recipe: Recipe, coder: Coder, seed: int) -> LetterTagger:
    return LetterTagger(
        *coder.sizes,
        GROUPS,
        embedding=recipe.embedding,
        pair_embedding=recipe.pair_embedding,
        hidden=recipe.hidden,
        layers=recipe.layers,
        head=recipe.head,
        cell=recipe.cell,
        bidirectional=recipe.bidirectional,
        dropout=recipe.dropout,
        keep_bias=recipe.keep_bias,
        fused=recipe.fused,
        generator=torch.Generator().manual_seed(seed),
    )
