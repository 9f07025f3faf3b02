"""Where a text begins to repeat itself: what greedy choice ends in."""

from __future__ import annotations

from dataclasses import dataclass

PASSAGE = 40
"""So many characters in a row that stood in the text before are a repetition."""


@dataclass(frozen=True)
class Loop:
    """After `start` characters a passage comes again that began with `said`; of the characters
    from there on `share` are parts of passages that were there before."""

    start: int
    said: str
    share: float


def loop(text: str, passage: int = PASSAGE) -> Loop | None:
    """The first repetition; None where no passage comes twice."""
    seen: dict[str, int] = {}
    first: tuple[int, int] | None = None
    again = [False] * len(text)
    for k in range(len(text) - passage + 1):
        before = seen.setdefault(text[k : k + passage], k)
        if before < k:
            first = first or (before, k)
            again[k : k + passage] = [True] * passage
    if first is None:
        return None
    before, start = first
    return Loop(start, text[before:start], sum(again[start:]) / (len(text) - start))
