"""Repetition is found where it is, and only there."""

from __future__ import annotations

import pytest

from engine.tasks.characters.loops import Loop, loop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xyabababab", Loop(2, "ab")),
        ("aaaa", Loop(0, "a")),
        ("the king of the king of the king of ", Loop(0, "the king of ")),
        ("start: abcabcabca", Loop(7, "abc")),  # breaks off within a round
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
