"""How well marks are restored: words and letters that are right, with a baseline beside them."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import checkpoints
from engine.language.text import MAX_CHARACTERS
from engine.tasks.accents.data import MOST_LINES, Mix, read_lines
from engine.tasks.accents.marks import CLASSES, WORD, nfc, strip_marks
from engine.tasks.accents.predictor import AccentPredictor, load
from engine.training import Report

PUBLISHED = {
    "word_accuracy": 0.9773,
    "source": "bidirectional character RNN, Vietnamese Wikipedia and web text, far more of it"
    " (Náplava et al. 2018)",
}


def scores(restored: Iterable[str], truth: Iterable[str]) -> dict[str, int | float]:
    """word_accuracy, char_accuracy and n, the number of words.

    A word is a run of letters, right if each of its letters is. char_accuracy counts letters that
    can carry marks.
    """
    words = right = letters = kept = 0
    for found, wanted in zip(restored, truth, strict=True):
        for match in WORD.finditer(wanted):
            words += 1
            right += found[match.start() : match.end()] == match[0]
        pairs = [(a, b) for a, b in zip(found, wanted, strict=True) if b.lower() in CLASSES]
        letters += len(pairs)
        kept += sum(a == b for a, b in pairs)
    return {
        "word_accuracy": round(right / max(1, words), 4),
        "char_accuracy": round(kept / max(1, letters), 4),
        "n": words,
    }


class MostFrequent:
    """The baseline: each word gets the marks that it has most often in the training texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for word in WORD.findall(text.lower()):
                counted[strip_marks(word)][word] += 1
        self._form = {word: forms.most_common(1)[0][0] for word, forms in counted.items()}

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """The texts with marks; words that were never seen stay as they are."""

        def marked(match: re.Match[str]) -> str:
            form = self._form.get(match[0].lower(), match[0])
            pairs = zip(form, match[0], strict=True)
            return "".join(f.upper() if w.isupper() else f for f, w in pairs)

        return [WORD.sub(marked, text) for text in texts]


def half_typed(texts: Iterable[str], seed: int = 0) -> list[str]:
    """The texts with the marks of every other word taken off, on average."""
    draws = random.Random(seed)
    return [
        WORD.sub(lambda match: strip_marks(match[0]) if draws.random() < 0.5 else match[0], text)
        for text in texts
    ]


def evaluate_trained(path: Path, mixed: Mix, report: Report) -> None:
    """Writes the scores of the file as shipped, by domain and by corpus, and its card."""
    predictor = load(path)
    baseline = MostFrequent(mixed.train)
    domains = list(dict.fromkeys(corpus.domain for corpus in mixed.corpora))
    metrics: dict[str, Any] = {}
    for domain in domains:
        names = [c.place for c in mixed.corpora if c.domain == domain and c.place in mixed.dev]
        parts = [mixed.dev[name][:MOST_LINES] for name in names]
        if not parts:
            continue
        metrics[domain] = _scored(predictor, baseline, [t for part in parts for t in part])
        for name, part in zip(names, parts, strict=True):
            if len(parts) > 1:
                metrics[name.rpartition("/")[2]] = _scored(predictor, baseline, part)
    texts = [t for part in mixed.dev.values() for t in part[: MOST_LINES // 10]]
    metrics["half of the words typed with their marks"] = scores(
        _restored(predictor, half_typed(texts)), texts
    )
    metrics["all words typed with their marks"] = scores(_restored(predictor, texts), texts)
    if "news" in metrics:
        metrics["news"]["published"] = PUBLISHED
    for name, found in metrics.items():
        report(f"{name}: {found}")
    checkpoints.rewrite_header(path, replace(predictor.header, metrics=metrics), with_card=True)


def _scored(
    predictor: AccentPredictor, baseline: MostFrequent, texts: Sequence[str]
) -> dict[str, Any]:
    plain = [strip_marks(text) for text in texts]
    rule = scores(baseline(plain), texts)
    source = "each word with the marks it has most often in the training texts"
    return {
        **scores(_restored(predictor, plain), texts),
        "baseline": {
            "word_accuracy": rule["word_accuracy"],
            "char_accuracy": rule["char_accuracy"],
            "source": source,
        },
    }


def _restored(predictor: AccentPredictor, texts: Sequence[str]) -> list[str]:
    return [found.text for found in predictor.restore(texts)]


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, int | float]:
    """word_accuracy, char_accuracy and n of the model at `path` on a text written with marks, one
    a line; the marks are taken off first."""
    predictor = load(path, device)
    texts = [
        part
        for text in map(nfc, read_lines(data))
        for part in (text[i : i + MAX_CHARACTERS] for i in range(0, len(text), MAX_CHARACTERS))
    ]
    return scores(_restored(predictor, [strip_marks(text) for text in texts]), texts)
