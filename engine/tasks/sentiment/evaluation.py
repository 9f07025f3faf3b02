"""How good a sentiment model is: accuracy, macro F1, calibration, a baseline, probes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from engine import checkpoints
from engine.errors import N_, InputError
from engine.results import Floats
from engine.results.arrays import Ints
from engine.tasks.sentiment.data import COMPOSITION, PROBES, Corpora, Example, Probe, read
from engine.tasks.sentiment.predictor import SentimentPredictor, load
from engine.tasks.sentiment.recipe import COMPARED
from engine.training import Report

BINS = 10
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


COLUMNS = (
    "language", "cell", "pooling", "seed", "parameters", "seconds", "accuracy", *LENGTHS
)  # fmt: skip
"""Of the table of slides 51-53."""


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """accuracy, macro_f1, ece and n of the model at `path` on a TSV (`text`, `label`)."""
    model, examples = load(path, device), read(data)
    if not examples:
        raise InputError(N_("{file} has a heading and no rows below it."), file=data.name)
    return evaluate_probabilities(probabilities(model, examples), model.labels, examples)


def probabilities(model: SentimentPredictor, examples: Sequence[Example]) -> Float[Floats, "N K"]:
    """(N, K), K being the model's labels."""
    return np.array([v.probabilities for v in model.classify([e.text for e in examples])])


def evaluate_probabilities(
    probabilities: Float[Floats, "N K"], labels: Sequence[str], examples: Sequence[Example]
) -> dict[str, float]:
    """accuracy, macro_f1, ece, n of (N, K) probabilities over `labels` against the examples.

    On a set that has no neutral texts a model with three classes answers with the larger of the
    two that the set knows; its confidence is that one's share of the two.
    """
    among, truth = _known_labels(probabilities, labels, examples)
    answers = among.argmax(1)
    return {
        "accuracy": round(float((answers == truth).mean()), 4),
        "macro_f1": round(macro_f1(answers, truth, among.shape[1]), 4),
        "ece": round(calibration_error(among.max(1), answers == truth), 4),
        "n": len(examples),
    }


def confidence_and_hits(
    probabilities: Float[Floats, "N K"], labels: Sequence[str], examples: Sequence[Example]
) -> tuple[Float[Floats, " N"], Bool[NDArray[np.bool_], " N"]]:
    """(N,) confidence of each answer, and whether it is right, by the same rule."""
    among, truth = _known_labels(probabilities, labels, examples)
    return among.max(1), np.asarray(among.argmax(1) == truth)


def _known_labels(
    probabilities: Float[Floats, "N K"], labels: Sequence[str], examples: Sequence[Example]
) -> tuple[Floats, NDArray[np.int64]]:
    """(N, k) probabilities over the k labels that the set knows, and the true ones' numbers."""
    known = [k for k, label in enumerate(labels) if any(e.label == label for e in examples)]
    if not examples or len(known) < 2:
        known = list(range(len(labels)))
    among = probabilities[:, known] / probabilities[:, known].sum(1, keepdims=True)
    return among, np.array([known.index(labels.index(e.label)) for e in examples])


def evaluate_trained(path: Path, corpora: Corpora, report: Report) -> None:
    """Fits the temperature on the dev texts, then writes the scores of the stored file into it."""
    examples = [e for part in corpora.dev.values() for e in part]
    if not examples:
        return
    model = load(path)
    truth = np.array([model.labels.index(e.label) for e in examples])
    temperature = fit_temperature(model.logits([e.text for e in examples]), truth)
    arguments = {**model.header.arguments, "temperature": temperature}
    checkpoints.rewrite_header(path, replace(model.header, arguments=arguments))
    model = load(path)
    bayes = NaiveBayes(corpora.examples, model.labels)
    found = {name: probabilities(model, part) for name, part in corpora.dev.items()}
    metrics: dict[str, Any] = {}
    for name, part in corpora.dev.items():
        baseline = evaluate_probabilities(bayes.probabilities(part), model.labels, part)
        metrics[f"{name} dev"] = {
            **evaluate_probabilities(found[name], model.labels, part),
            "baseline": {
                "accuracy": baseline["accuracy"],
                "macro_f1": baseline["macro_f1"],
                "source": "naive Bayes, words and pairs of words, same training texts",
            },
            **({"published": PUBLISHED[name]} if name in PUBLISHED else {}),
        }
        report(f"{name}: {metrics[f'{name} dev']}")
    metrics["all dev texts"] = evaluate_together(model, corpora, found)
    for name, table in (("behavioural probes", PROBES), ("composition probes", COMPOSITION)):
        passed = [probe for probe, right in evaluate_probes(model, table) if right]
        metrics[name] = {"passed": len(passed), "n": len(table[model.language])}
        report(f"{name}: {len(passed)}")
    report(f"together: {metrics['all dev texts']}")
    checkpoints.rewrite_header(path, replace(model.header, metrics=metrics), with_card=True)


def evaluate_together(
    model: SentimentPredictor, corpora: Corpora, found: dict[str, Float[Floats, "_ K"]]
) -> dict[str, float]:
    """accuracy and ece over all dev texts at once and by length in tokens, n.

    `found` are the probabilities (N, K) of each dev part.
    """
    parts = [confidence_and_hits(found[n], model.labels, d) for n, d in corpora.dev.items()]
    confidence, hits = (np.concatenate(each) for each in zip(*parts, strict=True))
    size = np.array([model.length(e.text) for part in corpora.dev.values() for e in part])
    scores = {
        "accuracy": round(float(hits.mean()), 4),
        "ece": round(calibration_error(confidence, hits), 4),
        "n": len(hits),
    }
    least = 0
    for name, most in LENGTHS.items():
        inside = (size > least) & (size <= most)
        if inside.any():
            scores[name] = round(float(hits[inside].mean()), 4)
            error = calibration_error(confidence[inside], hits[inside])
            scores[f"{name}_ece"] = round(error, 4)
        least = most
    return scores


def evaluate_probes(
    model: SentimentPredictor, table: Mapping[str, Sequence[Probe]] = PROBES
) -> Iterator[tuple[Probe, bool]]:
    """Each behavioural probe of the model's language, and whether it answers it rightly."""
    probes = table[model.language]
    verdicts = model.classify([probe.text for probe in probes])
    for probe, verdict in zip(probes, verdicts, strict=True):
        yield probe, verdict.label == probe.label


def macro_f1(answers: Int[Ints, " N"], truth: Int[Ints, " N"], classes: int) -> float:
    """The mean over classes of 2·hits / (answered + true); 0 for a class that never occurs."""
    each = []
    for k in range(classes):
        hits = int(((answers == k) & (truth == k)).sum())
        total = int((answers == k).sum() + (truth == k).sum())
        each.append(2 * hits / total if total else 0.0)
    return float(np.mean(each))


def calibration_error(
    confidence: Float[Floats, " N"], right: Bool[NDArray[np.bool_], " N"]
) -> float:
    """Expected calibration error (Guo et al. 2017): |accuracy − confidence| over ten equal bins of
    confidence, weighted by how many answers fall into each."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def fit_temperature(logits: Float[Floats, "N K"], truth: Int[Ints, " N"]) -> float:
    """The T that makes softmax(logits / T) likeliest (Guo et al. 2017), to within one percent."""

    def cross_entropy(temperature: float) -> float:
        scaled = logits / temperature
        highest = scaled.max(1)
        total = highest + np.log(np.exp(scaled - highest[:, None]).sum(1))
        return float((total - scaled[np.arange(len(truth)), truth]).mean())

    candidates = np.exp(np.arange(np.log(0.25), np.log(8.0), 0.01))
    return round(float(min(candidates, key=cross_entropy)), 4)


class NaiveBayes:
    """The baseline: multinomial naive Bayes on words and pairs of words, add-one smoothing."""

    def __init__(self, examples: Sequence[Example], labels: Sequence[str]) -> None:
        self.labels = labels
        counts = {label: Counter[str]() for label in labels}
        for example in examples:
            counts[example.label].update(self._features(example.text))
        known = sorted(set().union(*counts.values()))
        self._index = {feature: n for n, feature in enumerate(known)}
        table = np.array([[counts[label][f] for f in known] for label in labels], dtype=float) + 1
        self._log = np.log(table / table.sum(1, keepdims=True))
        frequency = Counter(e.label for e in examples)
        self._prior = np.log([max(1, frequency[label]) / len(examples) for label in labels])

    @staticmethod
    def _features(text: str) -> Iterator[str]:
        words = re.findall(r"\w+(?:'\w+)?|[^\w\s]", text.lower())
        yield from words
        yield from (f"{a} {b}" for a, b in pairwise(words))

    def probabilities(self, examples: Sequence[Example]) -> Float[Floats, "N K"]:
        """(N, K) over the labels; words that are not in the training texts do not count."""
        rows = []
        for example in examples:
            indices = [self._index[f] for f in self._features(example.text) if f in self._index]
            score = self._prior + self._log[:, indices].sum(1)
            rows.append(np.exp(score - score.max()))
        table = np.array(rows)
        return np.asarray(table / table.sum(1, keepdims=True))


def write_table(folders: Iterable[Path], path: Path) -> None:
    """Writes the table of slides 51-53 to `path`: how three cells and three poolings score.

    It has a row per comparison model in the `folders`, each of which holds one seed's.
    """
    headers = (header for folder in folders for header in checkpoints.index(folder))
    rows = []
    for header in headers:
        if header.name in COMPARED:
            _, language, cell, pooling = header.name.split("-")
            scores = header.metrics["all dev texts"]
            fixed = (language, cell, pooling, header.seed, header.parameters, round(header.seconds))
            rows.append([*map(str, fixed), *(str(scores[name]) for name in COLUMNS[6:])])
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([COLUMNS, *sorted(rows, key=lambda row: row[:4])])
