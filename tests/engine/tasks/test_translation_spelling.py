"""Pieces as people read them, and what is wrong with a translation."""

from __future__ import annotations

import pytest

from engine.models.translator import STOP
from engine.results import STOP_WORD
from engine.tasks.translation import pieces
from engine.tasks.translation.pieces import MARKS, SPACE
from engine.tasks.translation.spelling import BLANK, OVER, Shape, Spelling, repeats
from tests.engine.tasks.translation_small import tokenizer

PARTS = ("2,500", "Škoda")
spelling = Spelling(tokenizer(), PARTS, ("en", "fr"))


def numbers(text: str) -> list[int]:
    return pieces.encode(tokenizer(), [text])[0]


def words(shapes: list[Shape]) -> list[str]:
    """The pieces put together as their shapes say; a space may have a piece of its own."""
    found: list[str] = []
    for shape in shapes:
        if shape.continues:
            found[-1] += shape.text
        else:
            found.append(shape.text)
    return [word.removeprefix(BLANK) for word in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("over the lazy dog", ["over", "the", "lazy", "dog"]),
        ("fox-dog doesn't", ["fox-dog", "doesn't"]),
        ("l'élève", ["l'élève"]),
        ("dog, dog.", ["dog", ",", "dog", "."]),
        ("rất ngon", ["rất", "ngon"]),
        ("1984", ["1984"]),
    ],
)
def test_pieces_go_on_with_the_word_before_them(text: str, expected: list[str]) -> None:
    shapes = spelling.shapes([*numbers(text), STOP])
    assert words(shapes) == [*expected, STOP_WORD]
    assert not any(shape.copied for shape in shapes)


def test_copied_parts_stand_for_themselves_and_as_their_readers_write_them() -> None:
    said = numbers(f"{MARKS[1]} over {MARKS[0]}.")
    read, written = spelling.read(said), spelling.shapes(said)
    assert [w.text for w in read if w.copied] == ["Škoda", "2,500"]
    assert [w.text for w in written if w.copied] == ["Škoda", "2 500"]
    assert spelling.text([*said, STOP]) == "Škoda over 2 500."
    assert words(written)[-2:] == ["2 500", "."]


def test_a_blank_before_a_copied_part_says_so_where_it_stands_alone() -> None:
    said = numbers(f"{MARKS[1]} over {MARKS[0]}.")
    read = spelling.labels(said, translated=False)
    assert read[:2] == (f"{BLANK}Škoda", "Škoda")
    assert read[-3:] == (f"{BLANK}2,500", "2,500", ".")
    assert spelling.labels(said, translated=True)[-3:] == (f"{BLANK}2 500", "2 500", ".")


def test_marks_that_stand_for_nothing_are_known() -> None:
    assert spelling.unused() == [numbers(mark)[-1] for mark in MARKS[len(PARTS) :]]


def test_a_mark_without_a_part_is_shown_as_unknown_and_spells_nothing() -> None:
    (mark,) = numbers(MARKS[5])[-1:]
    assert spelling.word(mark) == ("?", True)
    assert spelling.text(numbers(f"dog {MARKS[5]}")) == "dog"


def test_a_candidate_that_goes_on_with_a_word_shows_it() -> None:
    vocabulary = tokenizer().get_vocab()
    assert spelling.candidate(vocabulary["e"]) == "-e"
    assert spelling.candidate(vocabulary["▁the"]) == "the"
    assert spelling.candidate(vocabulary[","]) == ","
    assert spelling.candidate(STOP) == STOP_WORD


def test_a_piece_that_is_only_a_space_is_shown_as_one_and_spells_one() -> None:
    space = tokenizer().get_vocab()[SPACE]
    assert spelling.word(space) == (BLANK, False)
    assert spelling.candidate(space) == BLANK
    dog = numbers("dog")
    assert [shape.text for shape in spelling.shapes([*dog, space, STOP])][-2:] == [BLANK, STOP_WORD]
    assert spelling.text([*dog, space, *dog, STOP]) == "dog dog"


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ([], "empty"),
        (numbers("lazy dog"), ""),
        (numbers("the dog") * OVER, "repeats"),
        (numbers("the dog") * (OVER - 1), ""),
    ],
)
def test_what_is_wrong_with_a_translation(said: list[int], trouble: str) -> None:
    assert spelling.trouble([*said, STOP]) == trouble
    if said and not trouble:
        assert spelling.trouble(said) == "cut"


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        ([], False),
        ([5] * 4, False),
        ([5] * 5, True),
        ([5, 6] * 3, False),
        ([5, 6] * 4, True),
        ([9, 8, *[5, 6, 7] * 4, 3], True),
        ([5, 6, 7] * 3 + [5, 6], False),
        (list(range(6)) * 4, True),
        (list(range(7)) * 4, False),
        (list(range(50)), False),
        ([1, 2, 1, 2, 3, 1, 2, 1, 2, 3], False),
    ],
)
def test_what_repeats(symbols: list[int], expected: bool) -> None:
    assert repeats(symbols) is expected
