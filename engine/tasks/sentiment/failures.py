"""Where a sentiment model fails: how often by kind of text, and real dev texts that it misread.

Texts are quoted only from corpora whose terms allow it, a handful each, with their source.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.results import ErrorShare, Failures, Floats, Misread
from engine.tasks.sentiment.data import Corpus, Example, Mix
from engine.tasks.sentiment.evaluation import decided

QUOTES, PER_KIND, LONGEST = 12, 2, 220
"""Texts quoted at most: in all, of one kind, and characters of one."""

SHORT, LONG = 5, 80  # words

_NEGATION = {
    "en": r"\b(not|no|never|nothing|nobody|none|neither|nor|without|hardly)\b|n['’]?t\b",
    "vi": r"\b(không|chẳng|chưa|chả|đừng|ko|kô|hông|khong|chang|chua)\b",
}
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
    "negation": _matches(_NEGATION),
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
    """The failures of a model on the dev parts; `probabilities` (N, K) of each by its name."""
    counts: dict[str, list[bool]] = {name: [] for name in (*KINDS, "plain")}
    total: list[bool] = []
    quotable: list[tuple[float, Example, Corpus]] = []
    for corpus in mixed.corpora:
        part = mixed.dev.get(corpus.folder, [])
        if not part:
            continue
        sure, right = decided(probabilities[corpus.folder], labels, part)
        for example, confidence, hit in zip(part, sure, right, strict=True):
            total.append(not hit)
            for kind in kinds(example.text, language):
                counts[kind].append(not hit)
            if corpus.quotable and not hit and len(example.text) <= LONGEST:
                quotable.append((float(confidence), example, corpus))
    found = (
        ErrorShare(name, len(misses), sum(misses)) for name, misses in counts.items() if misses
    )
    quotes = tuple(_quotes(sorted(quotable, key=lambda q: -q[0]), language))
    return Failures(ErrorShare("all", len(total), sum(total)), tuple(found), quotes)


def _quotes(quotable: Sequence[tuple[float, Example, Corpus]], language: str) -> Iterator[Misread]:
    """The surest mistakes, at most `PER_KIND` that are of one kind first of all."""
    taken: dict[str, int] = {}
    for _, example, corpus in quotable:
        found = kinds(example.text, language)
        if taken.get(found[0], 0) < PER_KIND and sum(taken.values()) < QUOTES:
            taken[found[0]] = taken.get(found[0], 0) + 1
            yield Misread(
                example.text, example.label, found, corpus.folder, corpus.source, corpus.terms
            )


def read_failures(path: Path) -> Failures:
    """What `write` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Failures(
        ErrorShare(**found["everything"]),
        tuple(ErrorShare(**kind) for kind in found["kinds"]),
        tuple(Misread(**{**quote, "kinds": tuple(quote["kinds"])}) for quote in found["quotes"]),
    )
