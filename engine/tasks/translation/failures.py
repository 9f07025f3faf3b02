"""Where a translator fails: how often by kind of error, and real dev sentences that went wrong.

Kinds are those that can be counted without a person: a number or a name that did not come through,
a negation lost or found, words of the source left as they were, the same words over and over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.results import ErrorShare, Mistranslation, TranslationFailures
from engine.tasks.translation.data import Pair
from engine.tasks.translation.scoring import chrf

QUOTES, PER_KIND = 14, 2
"""Sentences quoted at most: in all, and for one kind."""
POOR = 25.0
"""A chrF below which a translation has hardly anything in common with the reference."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NEGATED = {
    "en": re.compile(r"\b(?:not|no|never|nothing|nobody|none|neither|without|cannot)\b|n['’]t\b",
                     re.IGNORECASE),
    "fr": re.compile(r"\bn['’]|\b(?:ne|non|pas|jamais|rien|personne|sans|aucune?)\b",
                     re.IGNORECASE),
    "vi": re.compile(r"\b(?:không|chẳng|chưa|đừng|chớ)\b", re.IGNORECASE),
}  # fmt: skip


class Judged(NamedTuple):
    """A pair and what was written for it."""

    corpus: str
    pair: Pair
    written: str


Check = Callable[[Judged, tuple[str, str]], bool | None]
"""Whether an error of its kind is there; None where it cannot be."""


def _number(each: Judged, _: tuple[str, str]) -> bool | None:
    """Digits that people kept and the translation has not; it may spell what they spelled."""
    source, target, written = (Counter(re.findall(r"\d+", t)) for t in (*each.pair, each.written))
    due = source & target
    return not due <= written if due else None


def _name(each: Judged, _: tuple[str, str]) -> bool | None:
    """Capitalised inside the sentence on both sides: a name that stays as it is."""
    source = {m[0] for m in _WORD.finditer(each.pair.source) if m.start() and m[0][0].isupper()}
    due = source & set(_WORD.findall(each.pair.target)) - {"I"}
    return not due <= set(_WORD.findall(each.written)) if due else None


def _negation(each: Judged, languages: tuple[str, str]) -> bool | None:
    source, target = (_NEGATED[language] for language in languages)
    due = bool(source.search(each.pair.source))
    if due != bool(target.search(each.pair.target)):
        return None
    return due != bool(target.search(each.written))


def _untranslated(each: Judged, _: tuple[str, str]) -> bool | None:
    """Two words of the source and more that people did not leave as they were."""
    source = {w.lower() for w in _WORD.findall(each.pair.source) if len(w) > 3 and w.islower()}
    due = {w.lower() for w in _WORD.findall(each.pair.target)}
    return len((source - due) & {w.lower() for w in _WORD.findall(each.written)}) >= 2


def _repeated(each: Judged, _: tuple[str, str]) -> bool | None:
    words = each.written.split()
    return any(
        words[k : k + n] == words[k + n : k + 2 * n] == words[k + 2 * n : k + 3 * n]
        for n in (1, 2, 3)
        for k in range(len(words) - 3 * n + 1)
    )


def _poor(each: Judged, _: tuple[str, str]) -> bool | None:
    return chrf(each.written, each.pair.target) < POOR


KINDS: dict[str, Check] = {
    "number": _number,
    "name": _name,
    "negation": _negation,
    "untranslated": _untranslated,
    "repeated": _repeated,
    "poor": _poor,
}


def collect(
    found: Sequence[Judged], languages: tuple[str, str], quotable: frozenset[str]
) -> TranslationFailures:
    """The failures of translations, quoted from the corpora whose terms allow it."""
    counts: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    mistakes: list[Mistranslation] = []
    anything = 0
    for each in found:
        verdicts = {kind: check(each, languages) for kind, check in KINDS.items()}
        wrong = [kind for kind, verdict in verdicts.items() if verdict]
        anything += bool(wrong)
        for kind, verdict in verdicts.items():
            if verdict is not None:
                counts[kind].append(verdict)
        if wrong and each.corpus in quotable:
            source, target = each.pair
            mistakes.append(Mistranslation(wrong[0], source, each.written, target, each.corpus))
    shares = (ErrorShare(kind, len(each), sum(each)) for kind, each in counts.items() if each)
    everything = ErrorShare("all", len(found), anything)
    return TranslationFailures(everything, tuple(shares), tuple(_quotes(mistakes)))


def _quotes(mistakes: Sequence[Mistranslation]) -> Iterator[Mistranslation]:
    """At most `PER_KIND` of one kind, the longest sentences that fit on a line first."""
    taken: Counter[str] = Counter()
    for mistake in sorted(mistakes, key=lambda m: (abs(len(m.source) - 60), m.source)):
        if taken[mistake.kind] < PER_KIND:
            taken[mistake.kind] += 1
            if sum(taken.values()) > QUOTES:
                return
            yield mistake


def read_failures(path: Path) -> TranslationFailures:
    """What `write` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return TranslationFailures(
        ErrorShare(**found["everything"]),
        tuple(ErrorShare(**kind) for kind in found["kinds"]),
        tuple(Mistranslation(**quote) for quote in found["quotes"]),
    )
