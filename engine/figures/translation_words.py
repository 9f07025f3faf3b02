"""Pieces put together to words, for people to read: a source's, a translation's, and what each
word of one looked at in the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.results import Floats, SourceWord, Translation, WrittenWord

BLANK = "␣"
"""The text of a piece that is a space and nothing else."""


@dataclass(frozen=True)
class Group:
    """A whole word: its text, and which pieces it is made of, the last one excluded; `at` is the
    first of them that is no blank."""

    text: str
    first: int
    last: int
    copied: bool
    at: int


def groups(words: Sequence[SourceWord | WrittenWord]) -> list[Group]:
    """The words that pieces make up, in order."""
    starts = [k for k, word in enumerate(words) if k == 0 or not word.continues]
    return [
        Group(
            "".join(word.text for word in words[a + _blank(words[a:b]) : b]),
            a,
            b,
            any(word.copied for word in words[a:b]),
            a + _blank(words[a:b]),
        )
        for a, b in zip(starts, [*starts[1:], len(words)], strict=True)
    ]


def _blank(words: Sequence[SourceWord | WrittenWord]) -> bool:
    """Whether a word's first piece is a blank, which is no part of it; alone it is the word."""
    return len(words) > 1 and words[0].text == BLANK and not words[0].copied


def probability(group: Group, translation: Translation) -> float:
    """That of a whole word: the product of its pieces'."""
    return math.prod(word.probability for word in translation.words[group.first : group.last])


def shares(read: Sequence[SourceWord], translation: Translation) -> Floats | None:
    """(words of the translation, words of the source): how attention was shared, of a source word's
    pieces the sum and of a written word's the mean. None without attention."""
    rows = [word.attention for word in translation.words]
    if not rows or any(row is None for row in rows):
        return None
    pieces = np.array(rows)
    columns = np.add.reduceat(pieces, [group.first for group in groups(read)], axis=1)
    written = groups(translation.words)
    return np.array([columns[group.first : group.last].mean(0) for group in written])
