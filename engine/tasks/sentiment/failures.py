"""Where a sentiment model fails: how often by kind of text, and real dev texts that it misread.

Texts are quoted only from corpora whose terms allow it, a handful each, with their source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.language.negation import has_negation
from engine.results import Failures, Floats, Misread
from engine.tasks import failures
from engine.tasks.sentiment.data import Mix
from engine.tasks.sentiment.evaluation import decided

QUOTES, PER_KIND, LONGEST = 12, 2, 220
"""Texts quoted at most: in all, of one kind, and characters of one."""

SHORT, LONG = 5, 80  # words

_CONTRAST = {
    "en": r"\b(but|although|though|however|yet|despite|while)\b",
    "vi": r"\b(nhưng|tuy|mặc dù|dù|song|nhung|mac du)\b",
}
_COMPARISON = {
    "en": r"\b(than|worse|better|compared)\b",
    "vi": r"\b(hơn|thua|kém|so với|bằng|hon)\b",
}


def kinds(text: str, language: str) -> tuple[str, ...]:
    """What may make the text hard, in the order of `KINDS`; "plain" where nothing of it applies."""
    return tuple(name for name, applies in KINDS.items() if applies(text, language)) or ("plain",)


def _matches(patterns: dict[str, str]) -> Callable[[str, str], bool]:
    compiled = {k: re.compile(p, re.IGNORECASE) for k, p in patterns.items()}
    return lambda text, language: bool(compiled[language].search(text))


def _without_accents(text: str, language: str) -> bool:
    return language == "vi" and text.isascii() and text.count(" ") >= 2


def _with_emoji(text: str, _: str) -> bool:
    return any(unicodedata.category(c) == "So" for c in text)


KINDS: dict[str, Callable[[str, str], bool]] = {
    "negation": has_negation,
    "contrast": _matches(_CONTRAST),
    "comparison": _matches(_COMPARISON),
    "question": lambda text, _: "?" in text,
    "no accents": _without_accents,
    "emoji": _with_emoji,
    "short": lambda text, _: text.count(" ") < SHORT,
    "long": lambda text, _: text.count(" ") >= LONG,
}


def collect(
    mixed: Mix, probabilities: dict[str, Floats], labels: Sequence[str], language: str
) -> Failures:
    """The failures of a model on the dev parts; `probabilities` (N, K) of each by its name. The
    surest mistakes are quoted, by the kind that is first of each."""
    counts = failures.ErrorCounts((*KINDS, "plain"))
    quotable: list[tuple[float, Misread]] = []
    for corpus in mixed.corpora:
        part = mixed.dev.get(corpus.folder, [])
        if not part:
            continue
        sure, right = decided(probabilities[corpus.folder], labels, part)
        for example, confidence, hit in zip(part, sure, right, strict=True):
            found = kinds(example.text, language)
            counts.add((kind, not hit) for kind in found)
            if corpus.quotable and not hit and len(example.text) <= LONGEST:
                quote = Misread(
                    example.text, example.label, found, corpus.folder, corpus.source, corpus.terms
                )
                quotable.append((float(confidence), quote))
    surest = [quote for _, quote in sorted(quotable, key=lambda pair: -pair[0])]
    quotes = failures.choose_quotes(surest, lambda quote: quote.kinds[0], QUOTES, PER_KIND)
    return counts.report(quotes)


def read_failures(path: Path) -> Failures:
    """The failures that were written beside a sentiment model."""
    return failures.read(path, Misread)
