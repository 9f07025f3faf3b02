"""Rebuilds a shipped sentiment model from its corpora: mix, tokeniser, training, scores, card."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from engine import checkpoints, distributed
from engine.checkpoints import Header
from engine.models.sentiment import SentimentModel
from engine.results import Floats
from engine.subwords import encode, learn
from engine.tasks.sentiment.classifier import Classifier, load
from engine.tasks.sentiment.data import LABELS, Batches, Example, Mix, mix, read, with_plain_copies
from engine.tasks.sentiment.evaluation import NaiveBayes, fit_temperature, scores
from engine.tasks.sentiment.recipe import RECIPES, Recipe
from engine.training import Run, Settings, resume, save, train

SAVE_EVERY = 500  # steps, so that all processes save together
REPORT_EVERY = 100  # steps

Report = Callable[[str], None]


def say_nothing(line: str) -> None:
    """The report of a training that nobody watches."""


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
    mixed = mix(recipe.language, data)
    train_set = with_plain_copies(mixed.train, recipe.plain_copies, seed)
    tokenizer = learn([e.text for e in train_set], recipe.vocabulary)
    batches = _batches(tokenizer, train_set, recipe, seed, device)
    steps = max(1, round(recipe.epochs * batches.per_epoch))
    arguments = _arguments(recipe, tokenizer)
    model = _model(arguments, recipe, seed).to(device)
    report(f"{name}: {len(train_set):,} texts, {steps:,} steps")
    path = out / f"{name}.safetensors"
    settings = recipe.settings(steps, seed)
    weights, seconds = _fit(model, batches, settings, path, go_on, report)
    if distributed.rank() == 0:
        header = _header(name, recipe, arguments, mixed, seed, seconds, device, tokenizer)
        checkpoints.save(path, header, weights, "float16")
        _measure(path, mixed, report)
    distributed.wait()
    return path


def _batches(
    tokenizer: Tokenizer, examples: list[Example], recipe: Recipe, seed: int, device: torch.device
) -> Batches:
    labels = LABELS[recipe.language]
    rows, truth = [], []
    for example in examples:
        ids, _, cut = encode(tokenizer, example.text, recipe.longest or recipe.max_tokens)
        if not (cut and recipe.longest):
            rows.append(ids)
            truth.append(labels.index(example.label))
    return Batches(rows, truth, recipe.batch, seed, device)


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


def _fit(
    model: SentimentModel,
    batches: Batches,
    settings: Settings,
    path: Path,
    go_on: bool,
    report: Report,
) -> tuple[dict[str, torch.Tensor], float]:
    """The averaged weights after all steps, and the seconds it took, earlier sittings included."""
    run = Run(model, batches, settings)
    state = checkpoints.training_path(path)
    before = resume(run, state) if go_on and state.exists() else 0.0
    started = time.monotonic()
    recent: list[float] = []
    for step in train(model, batches, settings, run):
        recent.append(step.loss)
        seconds = before + time.monotonic() - started
        if step.step % REPORT_EVERY == 0:
            report(
                f"step {step.step:,} of {settings.steps:,}  loss {np.mean(recent):.4f}  "
                f"gradient {step.norm:.2f}  {seconds:.0f} s"
            )
            recent.clear()
        if step.step % SAVE_EVERY == 0:
            save(run, state, seconds)
    if distributed.rank() == 0:
        state.unlink(missing_ok=True)
    return run.averaged(), before + time.monotonic() - started


def _header(
    name: str,
    recipe: Recipe,
    arguments: dict[str, Any],
    mixed: Mix,
    seed: int,
    seconds: float,
    device: torch.device,
    tokenizer: Tokenizer,
) -> Header:
    return Header(
        model="sentiment",
        name=name,
        arguments=arguments,
        recipe=asdict(recipe),
        seed=seed,
        data=[{"name": c.folder, "source": c.source, "terms": c.terms} for c in mixed.corpora],
        metrics={},
        seconds=round(seconds, 1),
        device=str(device),
        tokenizer=tokenizer.to_str(),
    )


def _measure(path: Path, mixed: Mix, report: Report) -> None:
    """Fits the temperature on the dev parts, then writes the scores of the file as shipped."""
    classifier = load(path)
    examples = [e for part in mixed.dev.values() for e in part]
    if not examples:
        return
    truth = np.array([classifier.labels.index(e.label) for e in examples])
    temperature = fit_temperature(classifier.logits([e.text for e in examples]), truth)
    header = classifier.header
    header = replace(header, arguments={**header.arguments, "temperature": temperature})
    checkpoints.describe(path, header)
    classifier = load(path)
    bayes = NaiveBayes(mixed.train, classifier.labels)
    metrics: dict[str, Any] = {}
    for name, part in mixed.dev.items():
        baseline = scores(bayes.probabilities(part), classifier.labels, part)
        metrics[f"{name} dev"] = {
            **scores(_probabilities(classifier, part), classifier.labels, part),
            "baseline": {
                "accuracy": baseline["accuracy"],
                "macro_f1": baseline["macro_f1"],
                "source": "naive Bayes, words and pairs of words, same training texts",
            },
            **_published(name),
        }
        report(f"{name}: {metrics[f'{name} dev']}")
    checkpoints.describe(path, replace(header, metrics=metrics), with_card=True)


def _probabilities(classifier: Classifier, examples: list[Example]) -> Floats:
    return np.array([v.probabilities for v in classifier.classify([e.text for e in examples])])


_PUBLISHED: dict[str, dict[str, float | str]] = {
    "en_sst2": {
        "accuracy": 0.875,
        "source": "BiLSTM with GloVe, on the test part (Tai et al. 2015)",
    },
    "en_imdb_short": {
        "accuracy": 0.865,
        "source": "LSTM, no pretraining, test part, reviews of any length (Dai & Le 2015)",
    },
    "vi_uit_vsfc": {
        "source": "F1 .9355 with BiLSTM-CNN, .920 with BiLSTM, test part, kind of mean not stated"
    },
}


def _published(name: str) -> dict[str, Any]:
    return {"published": _PUBLISHED[name]} if name in _PUBLISHED else {}


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """accuracy, macro_f1, ece and n of the model at `path` on a TSV (`text`, `label`)."""
    classifier = load(path, device)
    examples = read(data)
    return scores(_probabilities(classifier, examples), classifier.labels, examples)
