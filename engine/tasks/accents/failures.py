"""Where marks are restored wrongly: how often by kind of word, and words of held-out texts.

Texts are quoted only from corpora whose terms allow it, a handful each, with their source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from engine.results import FailureReport, Misrestored
from engine.tasks import failures
from engine.tasks.accents.data import MOST_LINES, Mix
from engine.tasks.accents.marks import WORD, strip_marks
from engine.tasks.accents.predictor import load

QUOTES, PER_KIND, LONGEST = 12, 3, 160
"""Words quoted at most: in all, of one kind, and characters of the text around one."""

KINDS = ("name", "not listed", "no marks", "tone may move", "short text")

_MOVABLE = re.compile(r"(?:o[ae]|uy)$")
"""Endings that are written with the tone on either vowel: hòa or hoà."""


def kinds(text: str, start: int, end: int, listed: Collection[str]) -> tuple[str, ...]:
    """What may make the word from `start` to `end` hard; "plain" where nothing of it applies."""
    word = text[start:end]
    plain = strip_marks(word).lower()
    inside = bool(re.search(r"[\w,]\s*$", text[:start]))
    found = (
        word[0].isupper() and inside,
        plain not in listed,
        plain == word.lower(),
        bool(_MOVABLE.search(plain)) and plain != word.lower(),
        text.count(" ") < 4,
    )
    return tuple(kind for kind, is_so in zip(KINDS, found, strict=True) if is_so) or ("plain",)


def collect(
    mixed: Mix, restored: Mapping[str, Sequence[str]], listed: Collection[str]
) -> FailureReport[Misrestored]:
    """The failures on the held-out texts; `restored` are these by corpus as the model has them, and
    `listed` the words that it knows."""
    counts = failures.ErrorCounts((*KINDS, "plain"))
    mistakes: list[Misrestored] = []
    for corpus in mixed.corpora:
        found_and_true = zip(
            restored.get(corpus.place, ()), mixed.dev.get(corpus.place, ()), strict=False
        )
        for found, text in found_and_true:
            for match in WORD.finditer(text):
                start, end = match.span()
                wrong = found[start:end] != match[0]
                hard = kinds(text, start, end, listed)
                counts.add((kind, wrong) for kind in hard)
                if wrong and corpus.quotable and len(text) <= LONGEST:
                    mistakes.append(
                        Misrestored(
                            text, found, start, end, hard, corpus.place, corpus.source, corpus.terms
                        )
                    )
    quotes = failures.choose_quotes(
        mistakes, lambda quote: quote.kinds[0], QUOTES, PER_KIND, key=lambda quote: quote.text
    )
    return counts.report(quotes)


def write_failures(path: Path, mixed: Mix) -> None:
    """Writes where the model at `path` fails on the held-out texts, beside it."""
    predictor = load(path)
    restored = {
        name: [r.text for r in predictor.restore([strip_marks(t) for t in texts[:MOST_LINES]])]
        for name, texts in mixed.dev.items()
    }
    listed = frozenset(predictor.header.lexicon)
    failures.write(failures.failures_path(path), collect(mixed, restored, listed))


def read_failures(path: Path) -> FailureReport[Misrestored]:
    """The failures that were written beside an accent model."""
    return failures.read(path, Misrestored)
