"""How good a sentiment model is: accuracy, macro F1, calibration, and the baseline beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.results import Floats
from engine.tasks.sentiment.data import Example

BINS = 10


def scores(
    probabilities: Floats, labels: Sequence[str], examples: Sequence[Example]
) -> dict[str, float]:
    """accuracy, macro_f1, ece, n of (N, K) probabilities over `labels` against the examples.

    On a set that has no neutral texts a model with three classes answers with the larger of the
    two that the set knows; its confidence is that one's share of the two.
    """
    among, truth = _among(probabilities, labels, examples)
    answers = among.argmax(1)
    return {
        "accuracy": round(float((answers == truth).mean()), 4),
        "macro_f1": round(macro_f1(answers, truth, among.shape[1]), 4),
        "ece": round(calibration_error(among.max(1), answers == truth), 4),
        "n": len(examples),
    }


def decided(
    probabilities: Floats, labels: Sequence[str], examples: Sequence[Example]
) -> tuple[Floats, NDArray[np.bool_]]:
    """(N,) confidence of each answer, and whether it is right, by the rule of `scores`."""
    among, truth = _among(probabilities, labels, examples)
    return among.max(1), np.asarray(among.argmax(1) == truth)


def _among(
    probabilities: Floats, labels: Sequence[str], examples: Sequence[Example]
) -> tuple[Floats, NDArray[np.int64]]:
    """(N, k) probabilities over the k labels that the set knows, and the true ones' numbers."""
    known = [k for k, label in enumerate(labels) if any(e.label == label for e in examples)]
    if not examples or len(known) < 2:
        known = list(range(len(labels)))
    among = probabilities[:, known] / probabilities[:, known].sum(1, keepdims=True)
    return among, np.array([known.index(labels.index(e.label)) for e in examples])


def macro_f1(answers: NDArray[np.int64], truth: NDArray[np.int64], classes: int) -> float:
    """The mean over classes of 2·hits / (answered + true); 0 for a class that never occurs."""
    each = []
    for k in range(classes):
        hits = int(((answers == k) & (truth == k)).sum())
        total = int((answers == k).sum() + (truth == k).sum())
        each.append(2 * hits / total if total else 0.0)
    return float(np.mean(each))


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error (Guo et al. 2017): |accuracy − confidence| over ten equal bins of
    confidence, weighted by how many answers fall into each."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def fit_temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """The T that makes softmax(logits / T) likeliest (Guo et al. 2017), to within one percent."""
    candidates = np.exp(np.arange(np.log(0.25), np.log(8.0), 0.01))
    return round(float(min(candidates, key=lambda t: _surprise(logits / t, truth))), 4)


def _surprise(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Mean −log p of the truth, in nats."""
    highest = logits.max(1)
    total = highest + np.log(np.exp(logits - highest[:, None]).sum(1))
    return float((total - logits[np.arange(len(truth)), truth]).mean())


class NaiveBayes:
    """The baseline: multinomial naive Bayes on words and pairs of words, add-one smoothing."""

    def __init__(self, examples: Sequence[Example], labels: Sequence[str]) -> None:
        self.labels = labels
        counts = {label: Counter[str]() for label in labels}
        for example in examples:
            counts[example.label].update(self._features(example.text))
        known = sorted(set().union(*counts.values()))
        self._place = {feature: n for n, feature in enumerate(known)}
        table = np.array([[counts[label][f] for f in known] for label in labels], dtype=float) + 1
        self._log = np.log(table / table.sum(1, keepdims=True))
        each = Counter(e.label for e in examples)
        self._prior = np.log([max(1, each[label]) / len(examples) for label in labels])

    @staticmethod
    def _features(text: str) -> Iterator[str]:
        words = re.findall(r"\w+(?:'\w+)?|[^\w\s]", text.lower())
        yield from words
        yield from (f"{a} {b}" for a, b in pairwise(words))

    def probabilities(self, examples: Sequence[Example]) -> Floats:
        """(N, K) over the labels; what was never seen does not count."""
        rows = []
        for example in examples:
            places = [self._place[f] for f in self._features(example.text) if f in self._place]
            score = self._prior + self._log[:, places].sum(1)
            rows.append(np.exp(score - score.max()))
        table = np.array(rows)
        return np.asarray(table / table.sum(1, keepdims=True))
