"""Pieces as people read them, and what is wrong with a translation."""

from __future__ import annotations

import pytest

from engine.language.placeholders import PLACEHOLDERS
from engine.models.translator import STOP
from engine.results import STOP_WORD
from engine.tasks.translation import tokenizer as pieces
from engine.tasks.translation.tokenizer import (
    BLANK,
    REPEATED,
    SPACE,
    Detokenizer,
    PieceText,
    repeats,
)
from tests.engine.tasks.translation_small import tokenizer

COPIED = ("2,500", "Škoda")
detokenizer = Detokenizer(tokenizer(), COPIED, ("en", "fr"))


def numbers(text: str) -> list[int]:
    return pieces.encode(tokenizer(), [text])[0]


def words(found_pieces: list[PieceText]) -> list[str]:
    """The pieces put together as their found_pieces say; a space may have a piece of its own."""
    found: list[str] = []
    for piece in found_pieces:
        if piece.continues:
            found[-1] += piece.text
        else:
            found.append(piece.text)
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
    found_pieces = detokenizer.pieces([*numbers(text), STOP])
    assert words(found_pieces) == [*expected, STOP_WORD]
    assert not any(piece.copied for piece in found_pieces)


def test_copied_parts_stand_for_themselves_and_as_their_readers_write_them() -> None:
    ids = numbers(f"{PLACEHOLDERS[1]} over {PLACEHOLDERS[0]}.")
    read, written = detokenizer.source_words(ids), detokenizer.pieces(ids)
    assert [w.text for w in read if w.copied] == ["Škoda", "2,500"]
    assert [w.text for w in written if w.copied] == ["Škoda", "2 500"]
    assert detokenizer.text([*ids, STOP]) == "Škoda over 2 500."
    assert words(written)[-2:] == ["2 500", "."]


def test_a_blank_before_a_copied_part_says_so_where_it_stands_alone() -> None:
    ids = numbers(f"{PLACEHOLDERS[1]} over {PLACEHOLDERS[0]}.")
    read = detokenizer.labels(ids, translated=False)
    assert read[:2] == (f"{BLANK}Škoda", "Škoda")
    assert read[-3:] == (f"{BLANK}2,500", "2,500", ".")
    assert detokenizer.labels(ids, translated=True)[-3:] == (f"{BLANK}2 500", "2 500", ".")


def test_marks_that_stand_for_nothing_are_known() -> None:
    assert detokenizer.unused_placeholders() == [
        numbers(mark)[-1] for mark in PLACEHOLDERS[len(COPIED) :]
    ]


def test_a_mark_without_a_part_is_shown_as_unknown_and_spells_nothing() -> None:
    (mark,) = numbers(PLACEHOLDERS[5])[-1:]
    assert detokenizer.word(mark) == ("?", True)
    assert detokenizer.text(numbers(f"dog {PLACEHOLDERS[5]}")) == "dog"


def test_a_candidate_that_goes_on_with_a_word_shows_it() -> None:
    vocabulary = tokenizer().get_vocab()
    assert detokenizer.candidate(vocabulary["e"]) == "-e"
    assert detokenizer.candidate(vocabulary["▁the"]) == "the"
    assert detokenizer.candidate(vocabulary[","]) == ","
    assert detokenizer.candidate(STOP) == STOP_WORD


def test_a_piece_that_is_only_a_space_is_shown_as_one_and_spells_one() -> None:
    space = tokenizer().get_vocab()[SPACE]
    assert detokenizer.word(space) == (BLANK, False)
    assert detokenizer.candidate(space) == BLANK
    dog = numbers("dog")
    assert [piece.text for piece in detokenizer.pieces([*dog, space, STOP])][-2:] == [
        BLANK,
        STOP_WORD,
    ]
    assert detokenizer.text([*dog, space, *dog, STOP]) == "dog dog"


@pytest.mark.parametrize(
    ("ids", "trouble"),
    [
        ([], "empty"),
        (numbers("lazy dog"), ""),
        (numbers("the dog") * REPEATED, "repeats"),
        (numbers("the dog") * (REPEATED - 1), ""),
    ],
)
def test_what_is_wrong_with_a_translation(ids: list[int], trouble: str) -> None:
    assert detokenizer.trouble([*ids, STOP]) == trouble
    if ids and not trouble:
        assert detokenizer.trouble(ids) == "cut"


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
