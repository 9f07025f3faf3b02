"""Repetition is found where it is, and only there."""

from __future__ import annotations

import pytest

from engine.tasks.characters.loops import Loop, loop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab" * 10, Loop(2, "ab", 1.0)),
        ("xyz" + "abc" * 5, Loop(6, "abc", 1.0)),
        ("abcd1abcd2345", Loop(5, "abcd1", 4 / 8)),  # four of the eight from there on
        ("abcdefghijkl", None),
        ("abcxabcy", None),  # three characters are no passage
        ("abc", None),
        ("", None),
    ],
)
def test_loops(text: str, found: Loop | None) -> None:
    assert loop(text, passage=4) == found


def test_by_default_a_passage_is_a_line_long() -> None:
    line = "".join(map(chr, range(65, 105)))
    assert loop(f"{line}!{line}") == Loop(41, f"{line}!", 1.0)
    assert loop(f"{line[:39]}!{line[:39]}") is None
