"""Where a character model fails: a text that repeats itself, as greedy choice makes it do."""

from __future__ import annotations

from dataclasses import dataclass

PASSAGE = 40
"""So many characters in a row that stood in the text before are a repetition."""


@dataclass(frozen=True)
class Repetition:
    """From character `start` on the text repeats `passage`, which stood right before it; of the
    characters from there on `share` are parts of passages that were there before."""

    start: int
    passage: str
    share: float


def find_repetition(text: str, passage: int = PASSAGE) -> Repetition | None:
    """The first repetition; None where no passage comes twice."""
    first_at: dict[str, int] = {}
    first: tuple[int, int] | None = None
    repeated = [False] * len(text)
    for k in range(len(text) - passage + 1):
        before = first_at.setdefault(text[k : k + passage], k)
        if before < k:
            first = first or (before, k)
            repeated[k : k + passage] = [True] * passage
    if first is None:
        return None
    before, start = first
    return Repetition(start, text[before:start], sum(repeated[start:]) / (len(text) - start))
