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
from engine.tasks.translation.languages import language
from engine.tasks.translation.negation import denies
from engine.tasks.translation.scoring import chrf

QUOTES, PER_KIND = 14, 2
"""Sentences quoted at most: in all, and for one kind."""
POOR = 25.0
"""A chrF below which a translation has hardly anything in common with the reference."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BROKEN = re.compile(r"\w\s+[-'’`](?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
"""An apostrophe that a corpus has lost or set apart, as in "Tom -s room": no sentence to quote."""


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
    """Capitalised inside the sentence on both sides: a name that stays as it is. Abbreviations
    ("USB") are none."""
    source = {m[0] for m in _WORD.finditer(each.pair.source) if m.start() and m[0][0].isupper()}
    due = {w for w in source & set(_WORD.findall(each.pair.target)) if not w.rstrip("s").isupper()}
    return not due <= set(_WORD.findall(each.written)) if due else None


def _negation(each: Judged, languages: tuple[str, str]) -> bool | None:
    due = denies(each.pair.source, languages[0])
    if due != denies(each.pair.target, languages[1]):
        return None
    return due != denies(each.written, languages[1])


def _untranslated(each: Judged, languages: tuple[str, str]) -> bool | None:
    """Half its words and more are the source's, and people did not leave them as they were; or it
    reads as the source's language. One word or two may be spelled alike in both."""
    source, due, said = (_words(text) for text in (*each.pair, each.written))
    kept = sum(word in source and word not in due for word in said)
    if kept >= 2 and 2 * kept >= len(said):
        return True
    found, meant = (language(text, languages[1]) for text in (each.written, each.pair.target))
    return found == languages[0] != meant


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


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
        source, target = each.pair
        whole = not _BROKEN.search(f"{source}\n{target}")
        if wrong and whole and each.corpus in quotable:
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
