"""Rebuilds a shipped translator from pairs of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from engine import checkpoints, distributed
from engine.checkpoints import Header
from engine.models.translator import Translator
from engine.tasks import building
from engine.tasks.reports import Report, say_nothing
from engine.tasks.translation import pieces
from engine.tasks.translation.data import Batches, Mix, mix
from engine.tasks.translation.evaluation import judge
from engine.tasks.translation.names import translated
from engine.tasks.translation.recipe import RECIPES, Part, Recipe
from engine.tasks.translation.self_critical import Rewarded


@dataclass(frozen=True)
class Job(building.Job[Recipe]):
    """One translator to be built, and from what."""

    mix: Mix
    tokenizer: Tokenizer


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
        job.forget(part.name for part in recipe.parts)
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
    batches = _batches(job, model, part)
    steps = max(1, round(part.epochs * batches.per_epoch))
    settings = job.recipe.settings(part, steps, job.seed)
    remark = batches.rewards.told if isinstance(batches, Rewarded) else str
    return building.fit(job, model, batches, settings, part.name, seconds, remark)


def _batches(job: Job, model: Translator, part: Part) -> Batches | Rewarded:
    """As many rows of text as ever: drawn translations take the place of further pairs."""
    pairs = job.mix.pairs(part.clean, part.once)
    size = (part.batch or job.recipe.batch) // (part.drawn + 1)
    batches = Batches(
        pairs, job.tokenizer, job.recipe.languages, size, job.recipe.copied, job.seed, job.device,
        part.renamed,
    )  # fmt: skip
    if not part.drawn:
        return batches
    return Rewarded(model, batches, job.tokenizer, part.drawn)


def _header(job: Job, seconds: float) -> Header:
    data = [{"name": c.folder, "source": c.source, "terms": c.terms} for c in job.mix.corpora]
    parts = [part.told() for part in job.recipe.parts]
    words = job.tokenizer.to_str()
    return job.header(
        "translation", _arguments(job), data, seconds, words, lexicon(job.recipe, job.mix),
        parts=parts,
    )  # fmt: skip


def lexicon(recipe: Recipe, found: Mix) -> list[str]:
    """The capitalised words that are translated, where the recipe has all others copied."""
    if not recipe.copy_names:
        return []
    return translated((pair for each in found.train.values() for pair in each), recipe.source)
