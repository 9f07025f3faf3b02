"""Repetition is found where it is, and only there."""

from __future__ import annotations

import pytest

from engine.tasks.characters.failures import Repetition, find_repetition


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab" * 10, Repetition(2, "ab", 1.0)),
        ("xyz" + "abc" * 5, Repetition(6, "abc", 1.0)),
        ("abcd1abcd2345", Repetition(5, "abcd1", 4 / 8)),  # four of the eight from there on
        ("abcdefghijkl", None),
        ("abcxabcy", None),  # three characters are no passage
        ("abc", None),
        ("", None),
    ],
)
def test_loops(text: str, found: Repetition | None) -> None:
    assert find_repetition(text, passage=4) == found


def test_by_default_a_passage_is_a_line_long() -> None:
    line = "".join(map(chr, range(65, 105)))
    assert find_repetition(f"{line}!{line}") == Repetition(41, f"{line}!", 1.0)
    assert find_repetition(f"{line[:39]}!{line[:39]}") is None
