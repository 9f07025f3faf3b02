"""Where a translator fails: how often by kind of error, and real dev sentences that went wrong.

Kinds are those that can be counted without a person: a number or a name that did not come through,
a negation lost or found, words of the source left as they were, the same words over and over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.language.identification import identify
from engine.language.negation import denies
from engine.language.text import WORD
from engine.results import Mistranslation, TranslationFailures
from engine.tasks import failures
from engine.tasks.translation.data import Pair
from engine.tasks.translation.metrics import chrf

QUOTES, PER_KIND = 14, 2
"""Sentences quoted at most: in all, and for one kind."""
POOR = 25.0
"""A chrF below which a translation has hardly anything in common with the reference."""

_BROKEN = re.compile(r"\w\s+[-'’`](?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
"""An apostrophe that a corpus has lost or set apart, as in "Tom -s room": no sentence to quote."""


class Example(NamedTuple):
    """A pair and the translation that the model wrote for it."""

    corpus: str
    pair: Pair
    translation: str


Check = Callable[[Example, tuple[str, str]], bool | None]
"""Whether an error of its kind is there; None where it cannot be."""


def _number(each: Example, _: tuple[str, str]) -> bool | None:
    """Digits that people kept and the translation has not; it may spell what they spelled."""
    texts = (*each.pair, each.translation)
    source, target, translation = (Counter(re.findall(r"\d+", text)) for text in texts)
    due = source & target
    return not due <= translation if due else None


def _name(each: Example, _: tuple[str, str]) -> bool | None:
    """Capitalised inside the sentence on both sides: a name that stays as it is. Abbreviations
    ("USB") are none."""
    source = {m[0] for m in WORD.finditer(each.pair.source) if m.start() and m[0][0].isupper()}
    due = {w for w in source & set(WORD.findall(each.pair.target)) if not w.rstrip("s").isupper()}
    return not due <= set(WORD.findall(each.translation)) if due else None


def _negation(each: Example, languages: tuple[str, str]) -> bool | None:
    due = denies(each.pair.source, languages[0])
    if due != denies(each.pair.target, languages[1]):
        return None
    return due != denies(each.translation, languages[1])


def _untranslated(each: Example, languages: tuple[str, str]) -> bool | None:
    """Half its words and more are the source's, and people did not leave them as they were; or it
    reads as the source's language. One word or two may be spelled alike in both."""
    texts = (*each.pair, each.translation)
    source, due, words = ([w.lower() for w in WORD.findall(text)] for text in texts)
    kept = sum(word in source and word not in due for word in words)
    if kept >= 2 and 2 * kept >= len(words):
        return True
    found, meant = (identify(text, languages[1]) for text in (each.translation, each.pair.target))
    return found == languages[0] != meant


def _repeated(each: Example, _: tuple[str, str]) -> bool | None:
    words = each.translation.split()
    return any(
        words[k : k + n] == words[k + n : k + 2 * n] == words[k + 2 * n : k + 3 * n]
        for n in (1, 2, 3)
        for k in range(len(words) - 3 * n + 1)
    )


KINDS: dict[str, Check] = {
    "number": _number,
    "name": _name,
    "negation": _negation,
    "untranslated": _untranslated,
    "repeated": _repeated,
    "poor": lambda each, _: chrf(each.translation, each.pair.target) < POOR,
}


def collect(
    examples: Sequence[Example], languages: tuple[str, str], quotable: frozenset[str]
) -> TranslationFailures:
    """The failures of translations, quoted from the corpora whose terms allow it: of each kind the
    longest sentences that fit on a line."""
    counts = failures.ErrorCounts(KINDS)
    mistakes: list[Mistranslation] = []
    for each in examples:
        checked = [(kind, check(each, languages)) for kind, check in KINDS.items()]
        verdicts = [(kind, wrong) for kind, wrong in checked if wrong is not None]
        counts.add(verdicts)
        kinds = [kind for kind, wrong in verdicts if wrong]
        source, target = each.pair
        whole = not _BROKEN.search(f"{source}\n{target}")
        if kinds and whole and each.corpus in quotable:
            quote = Mistranslation(kinds[0], source, each.translation, target, each.corpus)
            mistakes.append(quote)
    mistakes.sort(key=lambda m: (abs(len(m.source) - 60), m.source))
    quotes = failures.choose_quotes(mistakes, lambda m: m.kind, QUOTES, PER_KIND)
    return counts.report(quotes)


def read_failures(path: Path) -> TranslationFailures:
    """The failures that were written beside a translator."""
    return failures.read(path, Mistranslation)
