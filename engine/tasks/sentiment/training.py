"""Trains a sentiment model on its corpora: examples, tokeniser, language modelling, labels."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from tokenizers import Tokenizer

from engine import checkpoints, training
from engine.checkpoints import Weights
from engine.language.subwords import encode, learn, restore
from engine.models.sentiment import Pretraining, SentimentModel
from engine.padding import batches_by_length, pad_rows
from engine.recurrent import fuse_
from engine.results import Floats
from engine.tasks.sentiment import augmentation, distillation
from engine.tasks.sentiment.augmentation import SoftExample, smoothed
from engine.tasks.sentiment.composition import mixture
from engine.tasks.sentiment.data import LABELS, Batches, Corpora, read_corpora
from engine.tasks.sentiment.evaluation import evaluate_trained
from engine.tasks.sentiment.failures import write_failures
from engine.tasks.sentiment.predictor import network
from engine.tasks.sentiment.recipe import COMPARED, RECIPES, Part, Recipe
from engine.training import Stage, Training, TrainingJob, untrained

SHAPE = ("cell", "embedding", "hidden", "layers", "bidirectional", "pooling")
SEGMENT = 48  # tokens of a text that language modelling reads at once
ANSWERED = 256  # texts that a trained network answers at once


def prepare(job: TrainingJob[Recipe]) -> Training:
    """Reads the corpora and learns their tokens; what each part of the recipe is trained on."""
    recipe, started = job.recipe, time.monotonic()
    corpora = read_corpora(recipe.language, job.data)
    cache = job.out / f"{job.name}.teacher.npy"
    data = [{"name": c.folder, "source": c.source, "terms": c.terms} for c in corpora.sources]
    data += [distillation.TERMS] * recipe.distilled
    teacher: SentimentModel | None = None
    examples: list[SoftExample] = []
    if recipe.flagship:
        path = job.out / f"{recipe.flagship}.safetensors"
        header, teacher = checkpoints.load_network(path, "sentiment", network)
        tokenizer, data = restore(header.tokenizer or ""), header.data
    else:
        examples = training_examples(job, corpora, cache)
        tokenizer = learn([example.text for example in examples], recipe.vocabulary)
    arguments = _arguments(recipe, tokenizer)
    model = untrained(network, arguments, job).to(job.device)
    if teacher:
        _start_from(teacher, model)
    before = model

    def stage(part: Part) -> Stage:
        nonlocal before
        if part.language_modelling:
            return Stage(Pretraining(model), _segments(job, tokenizer, examples))
        if part.composition:
            before = copy.deepcopy(model)
            answers = partial(_answers, teacher or before, tokenizer, recipe.longest)
            learnt = mixture(recipe, corpora, answers, job.seed)
            model.word_dropout = 0.0  # without its "not" a composed text has a wrong label
            # A pair has one judgement on either side: its words must not lose what they say alone.
            model.embedding.requires_grad_(False)
            return Stage(model, _labelled(job, tokenizer, learnt))
        return Stage(model, _labelled(job, tokenizer, examples))

    def weights() -> Weights:
        kept, new, old = recipe.parts[-1].kept, model.state_dict(), before.state_dict()
        return {name: w.lerp(old[name], kept) for name, w in new.items()} if kept else new

    def evaluate(path: Path) -> None:
        evaluate_trained(path, corpora, job.report)
        if job.name not in COMPARED and not recipe.flagship:
            write_failures(path, corpora)
        cache.unlink(missing_ok=True)

    return Training(
        "sentiment",
        model,
        stage,
        evaluate,
        arguments,
        data,
        tokenizer.to_str(),
        weights=weights,
        seconds=time.monotonic() - started,
    )


rebuild = partial(training.rebuild, RECIPES, prepare)


def _arguments(recipe: Recipe, tokenizer: Tokenizer) -> dict[str, Any]:
    """What a header says of the network, before its temperature is known."""
    return {
        **{name: getattr(recipe, name) for name in SHAPE},
        "vocabulary": tokenizer.get_vocab_size(),
        "language": recipe.language,
        "labels": list(LABELS[recipe.language]),
        "max_tokens": recipe.max_tokens,
        "temperature": 1.0,
    }


def training_examples(job: TrainingJob[Recipe], corpora: Corpora, cache: Path) -> list[SoftExample]:
    """Everything that the model learns from, a pure function of corpora, recipe and seed.

    `cache` is where a teacher's probabilities are kept meanwhile.
    """
    recipe, generator, examples = job.recipe, random.Random(job.seed), corpora.examples
    language = recipe.language
    contrasts = list(augmentation.contrasts(examples, language, recipe.contrasts, generator))
    if recipe.distilled:
        plain = distillation.distilled(job, corpora, contrasts, cache)
    else:
        plain = [SoftExample(e.text, smoothed(e.label, language)) for e in examples] + contrasts
    return [
        *plain,
        *augmentation.without_accents(plain, recipe.plain_copies, generator),
        *augmentation.with_typing_errors(plain, recipe.typing_errors, generator),
        *augmentation.with_emoji(examples, language, recipe.emoji, generator),
    ]


def _start_from(teacher: SentimentModel, model: SentimentModel) -> None:
    """Gives `model` the embedding of `teacher` and its recurrent layers, without the other
    direction's where `model` has but one."""
    model.embedding.load_state_dict(teacher.embedding.state_dict())
    wanted = model.recurrent.state_dict()
    found = teacher.recurrent.state_dict()
    model.recurrent.load_state_dict({name: found[name] for name in wanted})


@torch.inference_mode()
def _answers(
    model: SentimentModel, tokenizer: Tokenizer, longest: int, texts: Sequence[str]
) -> Float[Floats, "N K"]:
    """(N, K) the probabilities that a trained network gives; it is frozen by this."""
    fuse_(model.eval())
    ids = [encode(tokenizer, text, longest)[0] for text in texts]
    found = np.empty((len(ids), model.classifier.out_features))
    for rows in batches_by_length([len(row) for row in ids], ANSWERED):
        table, lengths = pad_rows([ids[i] for i in rows], model.embedding.weight.device)
        found[rows] = model(table, lengths).logits.softmax(-1).cpu().numpy()
    return found


def _segments(
    job: TrainingJob[Recipe], tokenizer: Tokenizer, examples: list[SoftExample]
) -> Batches:
    """The same texts in segments, without labels, for language modelling."""
    segments: list[list[int]] = []
    for text in dict.fromkeys(example.text for example in examples):
        ids = encode(tokenizer, text, job.recipe.longest)[0]
        segments += [ids[i : i + SEGMENT] for i in range(0, len(ids), SEGMENT)]
    segments = [ids for ids in segments if len(ids) > 1]
    job.report(f"language modelling: {len(segments):,} segments")
    return Batches(segments, [()] * len(segments), job.recipe.batch, job.seed, job.device)


def _labelled(
    job: TrainingJob[Recipe], tokenizer: Tokenizer, examples: list[SoftExample]
) -> Batches:
    """The texts as token numbers with the probability that each label is due."""
    recipe, rows, targets = job.recipe, [], []
    for example in examples:
        ids, _, cut = encode(tokenizer, example.text, recipe.longest)
        if not (cut and recipe.leave_out_longer):
            rows.append(ids)
            targets.append(example.probabilities)
    job.report(f"{job.name}: {len(examples):,} texts")
    return Batches(rows, targets, recipe.batch, job.seed, job.device)
