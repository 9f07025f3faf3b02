"""Where a text begins to repeat itself: what greedy choice ends in."""

from __future__ import annotations

from dataclasses import dataclass

ROUNDS, ENOUGH = 2, 60
"""What was said must come again this often, or for so many characters if a round is long."""


@dataclass(frozen=True)
class Loop:
    """From character `start` on the text says `said` again and again, to its end."""

    start: int
    said: str

    @property
    def first_repeat(self) -> int:
        """How many characters had been written when it began to repeat itself."""
        return self.start + len(self.said)


def loop(text: str) -> Loop | None:
    """The earliest repetition that goes on to the end of the text, the shortest of those; None
    where there is none. O(n²) for n characters."""
    best: Loop | None = None
    for period in range(1, len(text) // 2 + 1):
        start = len(text) - period
        while start > 0 and text[start - 1] == text[start - 1 + period]:
            start -= 1
        again = len(text) - start - period
        if again < min(ROUNDS * period, max(period, ENOUGH)):
            continue
        if best is None or start + period < best.first_repeat:
            best = Loop(start, text[start : start + period])
    return best
