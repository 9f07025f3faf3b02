"""n-grams of words, which CIDEr-D and GLEU compare sentences by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar

Word = TypeVar("Word", bound=Hashable)

ORDERS = 4
"""Sequences of one to so many words."""


def ngrams(words: Sequence[Word]) -> Counter[tuple[Word, ...]]:
    """How often each sequence of one to `ORDERS` words occurs."""
    return Counter(
        tuple(words[k : k + n]) for n in range(1, ORDERS + 1) for k in range(len(words) - n + 1)
    )
