"""What a person may type, and what is said where it cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import InputError
from engine.lab.sequences import MAX_LETTERS, MAX_STEPS, read


def test_a_word_is_one_hot_and_asks_for_the_next_letter() -> None:
    word = read(" hello ")
    assert word.word
    assert word.outputs == ("h", "e", "l", "o")
    assert word.names == ("h", "e", "l", "l")
    np.testing.assert_array_equal(word.x @ np.arange(4), [0, 1, 2, 2])
    assert word.targets.tolist() == [1, 2, 2, 3]


def test_numbers_ask_whether_their_sum_is_positive() -> None:
    numbers = read("0.5 −1 2")
    assert not numbers.word
    np.testing.assert_array_equal(numbers.x[:, 0], [0.5, -1.0, 2.0])
    assert [numbers.outputs[k] for k in numbers.targets] == ["> 0", "≤ 0", "> 0"]
    assert numbers.names == ("0.5", "−1", "2")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2,3", [1, 2, 3]),
        ("0,5 -1 2", [0.5, -1, 2]),
        ("1, 2, 3", [1, 2, 3]),
        ("1;2 ;3", [1, 2, 3]),
        (".5 +2.", [0.5, 2]),
        ("7", [7]),
    ],
)
def test_separators_and_decimal_commas(text: str, values: list[float]) -> None:
    np.testing.assert_array_equal(read(text).x[:, 0], values)


def test_accents_are_letters_and_are_composed() -> None:
    assert read("tiếng").names == ("t", "i", "ế", "n")
    assert len(read("tie\u0302\u0301ng").names) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a word"),
        ("   ", "Type a word"),
        ("a", "2 to 25 letters"),
        ("a" * 26, "this one has 26"),
        ("a" * 100_000, "this one has 100000"),
        ("abcdefghi", "9 different letters"),
        ("two words", "letters only"),
        ("<b>", "“<” is none"),
        ("a\x07b", "“?” is none"),
        ("😀😀", "letters only"),
        ("1 2 x", "“x” is neither"),
        ("1e999", "neither a number"),
        ("nan 1", "“nan” is neither"),
        ("11", "too large"),
        ("9" * 400, "too large"),
        ("1 " * 25, "25 steps"),
        ("1.2.3", "neither a number"),
        ("٣ ٤ 1", "steps|neither|too large|٣"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, words: str) -> None:
    if text.startswith("٣"):
        assert len(read(text).names) == 3  # digits of another script are numbers, too
        return
    with pytest.raises(InputError, match=words):
        read(text)


def test_the_limits_themselves_pass() -> None:
    assert len(read("1 " * MAX_STEPS).names) == MAX_STEPS
    assert len(read("ab" * 12 + "a").names) == MAX_STEPS
    assert len(read("abcdefgh").outputs) == MAX_LETTERS
    np.testing.assert_array_equal(read("10 -10").x[:, 0], [10, -10])
