"""The table of a translation's attention: whole words, the marked one, its words."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from engine.figures.translation import words as figures
from engine.results import STOP_WORD, SourceWord, Translation, WrittenWord


def plain(text: str) -> str:
    return text


def read(*pieces: str) -> tuple[SourceWord, ...]:
    """Pieces; one that begins with + goes on with the word before it."""
    return tuple(SourceWord(piece.lstrip("+"), piece.startswith("+")) for piece in pieces)


def translation(pieces: Sequence[str], shares: Sequence[Sequence[float]] | None) -> Translation:
    words = tuple(
        WrittenWord(
            piece.lstrip("+"),
            piece.startswith("+"),
            False,
            0.5,
            (),
            None if shares is None else np.array(shares[k]),
        )
        for k, piece in enumerate(pieces)
    )
    return Translation(" ".join(pieces), words, -1.0, -1.0)


SOURCE = read("un", "temp", "+le", "<b>")
FOUND = translation(
    ["a", "tem", "+ple", STOP_WORD],
    [[0.8, 0.1, 0.1, 0.0], [0.0, 0.5, 0.4, 0.1], [0.2, 0.3, 0.4, 0.1], [0.0, 0.05, 0.05, 0.9]],
)


def test_pieces_are_put_together_to_words() -> None:
    figure = figures.attention_matrix(SOURCE, FOUND, plain)
    heat = figure.data[0]
    np.testing.assert_allclose(
        heat.z, [[0.8, 0.2, 0.0], [0.1, 0.8, 0.1], [0.0, 0.1, 0.9]], atol=1e-9
    )
    assert list(figure.layout.xaxis.ticktext) == ["un", "temple", "&lt;b&gt;"]
    assert list(figure.layout.yaxis.ticktext) == ["a", "temple", STOP_WORD]
    low, high = figure.layout.yaxis.range
    assert low > high  # from the top down
    assert heat.colorscale[0][1].endswith(", 0)")
    assert not figure.layout.shapes


def test_what_is_worth_telling_is_written_in() -> None:
    _heat, summary = figures.attention_matrix(SOURCE, FOUND, plain).data
    assert list(summary.text) == ["<b>80%</b>", "<b>80%</b>", "<b>90%</b>"]
    assert list(zip(summary.x, summary.y, strict=True)) == [(0, 0), (1, 1), (2, 2)]


def test_the_marked_word_is_framed_and_bold() -> None:
    figure = figures.attention_matrix(SOURCE, FOUND, plain, marked=1)
    (shape,) = figure.layout.shapes
    assert (shape.y0, shape.y1, shape.x1) == (0.5, 1.5, 2.5)
    assert list(figure.layout.yaxis.ticktext) == ["a", "<b>temple</b>", STOP_WORD]


def test_the_table_in_words() -> None:
    summary = figures.attention_matrix_alt(SOURCE, FOUND, plain, marked=1)
    assert "a ← un 80%, temple ← temple 80%, STOP ← <b> 90%." in summary
    assert summary.endswith("The marked word, “temple”, looked at: temple 80%, un 10%, <b> 10%.")
    assert "marked" not in figures.attention_matrix_alt(SOURCE, FOUND, plain)


@pytest.mark.parametrize("words", [1, 5, 25, 60])
def test_any_number_of_words_has_a_place(words: int) -> None:
    source = read(*(f"mot{k}" for k in range(words)))
    found = translation([f"word{k}" for k in range(words)], np.eye(words).tolist())
    figure = figures.attention_matrix(source, found, plain, marked=words - 1)
    assert np.array(figure.data[0].z).shape == (words, words)
    inner = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert inner == figures.ROW * words
    assert (len(figure.data) == 1) == (words > figures.WRITTEN_IN)
    json.loads(figure.to_json())


def test_without_attention_there_is_none_to_show() -> None:
    found = translation(["a", STOP_WORD], None)
    assert not figures.attention_matrix(SOURCE, found, plain, marked=0).data
    assert figures.attention_matrix_alt(SOURCE, found, plain) == "This model has no attention."
    assert figures.looked_at(SOURCE, found, 0) == ""
