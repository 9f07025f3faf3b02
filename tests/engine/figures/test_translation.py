"""Figures and sentences about translations, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import candidates
from engine.figures.translation import words as figures
from engine.figures.translation.words import BLANK, groups
from engine.results import Floats, Sentence, SourceWord, Translation, WrittenWord
from engine.tasks.translation import tokenizer


def plain(text: str) -> str:
    return text


def written(text: str, attention: Floats | None, *, continues: bool = False) -> WrittenWord:
    return WrittenWord(text, continues, False, 0.5, ((text, 0.5),), attention)


def found(shares: Floats | None) -> tuple[Sentence, Translation]:
    """“La <b>ture” of three pieces and two words, “the nature STOP” of four and three."""
    read = (SourceWord("La", False), SourceWord("<b>", False), SourceWord("ture", True))
    rows: list[Floats | None] = [None] * 4 if shares is None else list(shares)
    message = (
        written("the", rows[0]),
        written("na", rows[1]),
        written("ture", rows[2], continues=True),
        written("STOP", rows[3]),
    )
    translation = Translation("the nature", message, -2.8, -0.7)
    return Sentence("La <b>ture", read, (translation,), (), 5, 1.0), translation


SHARES = np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.0, 0.6, 0.4], [0.1, 0.1, 0.8]])


def test_cells_are_by_words_columns_summed_rows_averaged() -> None:
    sentence, translation = found(SHARES)
    figure = figures.attention_matrix(sentence.read, translation, plain, 1)
    cells = figure.data[0]
    assert np.allclose(cells.z, [[0.8, 0.2], [0.1, 0.9], [0.1, 0.9]])
    assert list(figure.layout.yaxis.ticktext) == ["the", "<b>nature</b>", "STOP"]
    assert "&lt;b&gt;ture" in figure.layout.xaxis.ticktext  # Plotly would obey a tag
    assert "&lt;b&gt;ture" in cells.customdata[0][1]
    frame = figure.layout.shapes[0]
    assert (frame.y0, frame.y1) == (0.5, 1.5)


def test_what_one_word_looked_at_in_words() -> None:
    summary = figures.attention_sentence(*found(SHARES), 1, plain)
    assert summary == "For “nature” it looked most at: “<b>ture” 90%, “La” 10%."


def test_a_words_probability_is_that_of_all_its_pieces() -> None:
    _sentence, translation = found(SHARES)
    nature = groups(translation.words)[1]
    share = figures.probability(nature, translation)
    assert candidates.tooltip(nature.text, share) == "nature: 25%"
    assert candidates.confidence(share) == pytest.approx(-0.5)


def test_the_first_word_is_a_longer_one_and_never_stop() -> None:
    assert figures.default_word(*found(SHARES)) == 1
    assert figures.default_word(*found(None)) == 1
    sentence, translation = found(SHARES)
    short = Translation("a", translation.words[3:], 0.0, 0.0)
    assert figures.default_word(sentence, short) == 0


def test_a_blank_piece_shows_only_where_it_stands_alone() -> None:
    assert BLANK == tokenizer.BLANK
    blank = SourceWord(BLANK, False)
    summary = groups([blank, SourceWord("(", True), SourceWord("12", True), blank])
    assert [(group.text, group.first, group.last, group.at) for group in summary] == [
        ("(12", 0, 3, 1),
        (BLANK, 3, 4, 3),
    ]
    copied = SourceWord(BLANK, False, True)
    assert groups([copied, SourceWord("a", True)])[0].text == f"{BLANK}a"


def test_without_attention_there_is_no_row() -> None:
    assert figures.attention_row(*found(None), 0) is None
