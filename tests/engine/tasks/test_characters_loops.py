"""Repetition is found where it is, and only there."""

from __future__ import annotations

import pytest

from engine.tasks.characters.loops import Loop, loop

LONG = "".join(map(chr, range(65, 165)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xyabababab", Loop(2, "ab")),
        ("aaaa", Loop(0, "a")),
        ("the king of the king of the king of ", Loop(0, "the king of ")),
        ("start: abcabcabca", Loop(7, "abc")),  # breaks off within a round
        (f"{LONG}{LONG}", Loop(0, LONG)),  # long enough to count at the second time
        (f"{LONG[:40]}{LONG[:40]}", None),
        ("xxab", None),  # what repeats must go on to the end
        ("abab", None),  # twice is no loop yet
        ("abcdefgh", None),
        ("", None),
    ],
)
def test_loops(text: str, found: Loop | None) -> None:
    assert loop(text) == found


def test_the_repetition_begins_after_the_first_round() -> None:
    found = loop("xyabababab")
    assert found is not None
    assert found.first_repeat == 4
