"""Scores of a trained sentiment model, for its card: dev sets, all of them together, probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import checkpoints
from engine.results import Floats
from engine.tasks.failures import failures_path, write
from engine.tasks.sentiment import failures
from engine.tasks.sentiment.data import Example, Mix, read
from engine.tasks.sentiment.evaluation import (
    NaiveBayes,
    calibration_error,
    decided,
    fit_temperature,
    scores,
)
from engine.tasks.sentiment.predictor import SentimentPredictor, load
from engine.tasks.sentiment.probes import PROBES, Probe
from engine.training import Report

LENGTHS = {"up_to_16": 16, "17_to_48": 48, "over_48": 1_000_000}
"""Groups of dev texts by length in pieces, each up to and including its number."""

PUBLISHED: dict[str, dict[str, float | str]] = {
    "en_sst2": {
        "accuracy": 0.875,
        "source": "BiLSTM with GloVe, on the test part (Tai et al. 2015); "
        "BiLSTM distilled from BERT .907 (Tang et al. 2019)",
    },
    "en_imdb_short": {
        "accuracy": 0.865,
        "source": "LSTM, no pretraining, test part, reviews of any length (Dai & Le 2015)",
    },
    "vi_uit_vsfc": {
        "source": "F1 .9355 with BiLSTM-CNN, .920 with BiLSTM, test part, kind of mean not stated"
    },
}


def measure(path: Path, mixed: Mix, report: Report) -> None:
    """Fits the temperature on the dev parts, then writes the scores of the file as shipped."""
    examples = [e for part in mixed.dev.values() for e in part]
    if not examples:
        return
    classifier = _calibrated(path, examples)
    bayes = NaiveBayes(mixed.train, classifier.labels)
    found = {name: probabilities(classifier, part) for name, part in mixed.dev.items()}
    metrics: dict[str, Any] = {}
    for name, part in mixed.dev.items():
        baseline = scores(bayes.probabilities(part), classifier.labels, part)
        metrics[f"{name} dev"] = {
            **scores(found[name], classifier.labels, part),
            "baseline": {
                "accuracy": baseline["accuracy"],
                "macro_f1": baseline["macro_f1"],
                "source": "naive Bayes, words and pairs of words, same training texts",
            },
            **({"published": PUBLISHED[name]} if name in PUBLISHED else {}),
        }
        report(f"{name}: {metrics[f'{name} dev']}")
    metrics["all dev texts"] = together(classifier, mixed, found)
    passed = [probe for probe, right in probed(classifier) if right]
    metrics["behavioural probes"] = {"passed": len(passed), "n": len(PROBES[classifier.language])}
    report(f"together: {metrics['all dev texts']}, probes: {len(passed)}")
    checkpoints.rewrite_header(path, replace(classifier.header, metrics=metrics), with_card=True)


def note_failures(path: Path, mixed: Mix) -> None:
    """Writes where the model at `path` fails on the dev parts, beside it."""
    classifier = load(path)
    found = {name: probabilities(classifier, part) for name, part in mixed.dev.items()}
    failed = failures.collect(mixed, found, classifier.labels, classifier.language)
    write(failures_path(path), failed)


def _calibrated(path: Path, examples: Sequence[Example]) -> SentimentPredictor:
    """The classifier at `path`, its temperature fitted on `examples` and written there."""
    classifier = load(path)
    truth = np.array([classifier.labels.index(e.label) for e in examples])
    temperature = fit_temperature(classifier.logits([e.text for e in examples]), truth)
    header = classifier.header
    arguments = {**header.arguments, "temperature": temperature}
    checkpoints.rewrite_header(path, replace(header, arguments=arguments))
    return load(path)


def probabilities(classifier: SentimentPredictor, examples: Sequence[Example]) -> Floats:
    """(N, K), K being the classifier's labels."""
    return np.array([v.probabilities for v in classifier.classify([e.text for e in examples])])


def together(
    classifier: SentimentPredictor, mixed: Mix, found: dict[str, Floats]
) -> dict[str, float]:
    """accuracy and ece over all dev texts at once, accuracy by length in pieces, n.

    `found` are the probabilities (N, K) of each dev part.
    """
    sure, right, lengths = [], [], []
    for name, part in mixed.dev.items():
        confidence, hits = decided(found[name], classifier.labels, part)
        sure.append(confidence)
        right.append(hits)
        lengths += [classifier.length(e.text) for e in part]
    confidence, hits, size = np.concatenate(sure), np.concatenate(right), np.array(lengths)
    scored = {
        "accuracy": round(float(hits.mean()), 4),
        "ece": round(calibration_error(confidence, hits), 4),
        "n": len(hits),
    }
    least = 0
    for name, most in LENGTHS.items():
        inside = (size > least) & (size <= most)
        if inside.any():
            scored[name] = round(float(hits[inside].mean()), 4)
        least = most
    return scored


def probed(classifier: SentimentPredictor) -> Iterator[tuple[Probe, bool]]:
    """Each behavioural probe of the classifier's language, and whether it answers it rightly."""
    probes = PROBES[classifier.language]
    verdicts = classifier.classify([probe.text for probe in probes])
    for probe, verdict in zip(probes, verdicts, strict=True):
        yield probe, verdict.label == probe.label


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """accuracy, macro_f1, ece and n of the model at `path` on a TSV (`text`, `label`)."""
    classifier = load(path, device)
    examples = read(data)
    return scores(probabilities(classifier, examples), classifier.labels, examples)
