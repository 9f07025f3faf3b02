"""The words of a translation to tap, and what the tapped one looked at, in words."""

from __future__ import annotations

import numpy as np

from engine.figures.style import Translate, percent
from engine.figures.translation_words import Group, groups, probability, shares
from engine.results import STOP_WORD, Sentence, Translation

NAMED = 4
"""Letters of a word that is worth looking at before any was tapped."""

LISTED = 3
"""Source words that are named in a sentence."""


def first(sentence: Sentence, translation: Translation) -> int:
    """The word that is looked at before any was tapped: of the longer ones that with the most
    peaked attention, without attention the first of them."""
    written = groups(translation.words)
    table = shares(sentence.read, translation)
    named = [k for k, group in enumerate(written) if _names(group)]
    if not named:
        return 0
    peaks = [0.0 if table is None else float(table[k].max()) for k in named]
    return named[int(np.argmax(peaks))]


def _names(group: Group) -> bool:
    return group.text != STOP_WORD and sum(c.isalpha() for c in group.text) >= NAMED


def told(group: Group, translation: Translation) -> str:
    """The word and its probability: `temple: 43%`."""
    return f"{group.text}: {percent(probability(group, translation))}"


def confidence(group: Group, translation: Translation) -> float:
    """−1 … 1 for the diverging scale: teal where p is near 1, orange where it is near 0."""
    return 2 * probability(group, translation) - 1


def row(sentence: Sentence, translation: Translation, at: int) -> list[tuple[str, float]] | None:
    """The source's words, in order, with their shares for one written word; None without."""
    table = shares(sentence.read, translation)
    if table is None:
        return None
    return [
        (group.text, float(share))
        for group, share in zip(groups(sentence.read), table[at], strict=True)
    ]


def looked(sentence: Sentence, translation: Translation, at: int, _: Translate) -> str:
    """What one written word looked at most, in a sentence. Needs attention."""
    shown = row(sentence, translation, at) or []
    best = sorted(shown, key=lambda pair: -pair[1])[:LISTED]
    listed = ", ".join(f"“{text}” {percent(share)}" for text, share in best)
    word = groups(translation.words)[at].text
    return _("For “{word}” it looked most at: {list}.").format(word=word, list=listed)
