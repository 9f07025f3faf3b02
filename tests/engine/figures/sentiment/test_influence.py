"""The bars and sentences of the influence view, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import style
from engine.figures.sentiment import influence
from engine.results import Influence, Piece, Verdict

VERDICT = Verdict(("negative", "positive"), np.asarray([0.2, 0.8]))


def found(shifts: dict[str, float], margin: float | None = None) -> Influence:
    words = tuple(Piece(word, k, k + 1, False) for k, word in enumerate(shifts))
    values = np.asarray(list(shifts.values()), dtype=np.float64)
    total = float(values.sum()) if margin is None else margin
    return Influence(words, VERDICT, total, values)


def plain(text: str) -> str:
    return text


FILM = {"the": 0.1, "film": -0.2, "dull": -2.3, "but": 0.6, "worth": 2.0}


def test_strongest_first_whatever_the_sign() -> None:
    words = [found(FILM).words[k].text for k in influence.strongest(found(FILM))]
    assert words == ["dull", "worth", "but", "film", "the"]
    assert len(influence.strongest(found({f"w{k}": k for k in range(40)}))) == influence.STRONGEST


def test_strength_is_relative_to_the_largest() -> None:
    np.testing.assert_allclose(
        influence.relative_shifts(found(FILM)), [0.1 / 2.3, -0.2 / 2.3, -1, 0.6 / 2.3, 2 / 2.3]
    )
    assert influence.relative_shifts(found({"a": 0.0, "b": 0.0})) == [0.0, 0.0]


def test_bars_are_signed_sorted_and_coloured() -> None:
    figure = influence.bars(found(FILM), plain)
    (bars,) = figure.data
    np.testing.assert_allclose(bars.x, [-2.3, 2.0, 0.6, -0.2, 0.1])
    assert sum(bars.x) == pytest.approx(found(FILM).margin)
    names = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    assert [names[row] for row in sorted(names, reverse=True)][:2] == ["dull", "worth"]
    assert list(bars.marker.color)[:2] == [style.NEGATIVE, style.POSITIVE]
    assert list(bars.text)[:2] == ["−2.30", "+2.00"]
    assert "logits" in figure.layout.xaxis.title.text
    low, high = figure.layout.xaxis.range
    assert low < -2.3 < 2.0 < high


def test_a_repeated_word_has_a_bar_each() -> None:
    words = (Piece("good", 0, 4, False), Piece("good", 5, 9, False))
    twice = Influence(words, VERDICT, 3.0, np.asarray([2.0, 1.0]))
    assert len(set(influence.bars(twice, plain).data[0].y)) == 2


def test_the_chosen_word_is_framed() -> None:
    widths = influence.bars(found(FILM), plain, selected=4).data[0].marker.line.width
    assert list(widths) == [0, 3, 0, 0, 0]  # worth is the second strongest


@pytest.mark.usefixtures("vietnamese_numbers")
def test_the_decimal_sign_is_the_readers() -> None:
    figure = influence.bars(found(FILM), plain)
    assert figure.layout.separators[0] == ","
    assert figure.data[0].text[0] == "−2,30"


def test_words_for_those_who_do_not_see_it() -> None:
    assert influence.bars_alt(found(FILM), plain) == (
        "Margin with the word minus without it, in logits: “dull” −2.30, “worth” +2.00, "
        "“but” +0.60, “film” −0.20, “the” +0.10."
    )


@pytest.mark.parametrize(
    ("shifts", "words"),
    [
        (
            FILM,
            "Without “dull” the margin would rise by 2.30: removing it raises the margin most.",
        ),
        (
            {"good": 1.26, "food": -0.3},
            "Without “good” the margin would fall by 1.26: removing it lowers the margin most.",
        ),
        ({"a": 0.01}, "No single word moves the margin by as much as 0.05."),
    ],
)
def test_sentence_follows_the_numbers(shifts: dict[str, float], words: str) -> None:
    assert influence.sentence(found(shifts), plain) == words


def test_which_words_turn_the_margin() -> None:
    assert influence.turning(found({"good": 3.0, "well": 2.0}, margin=1.0)) == [0, 1]
    assert influence.turning(found({"good": 0.5, "dull": -3.0}, margin=1.0)) == []
    assert influence.turning(found({"good": 0.5, "dull": -3.0}, margin=-1.0)) == [1]


def test_text_cannot_become_markup_and_titles_are_translated() -> None:
    hostile = found({"<img src=x>": 1.0})
    figure = influence.bars(hostile, str.upper)
    assert "<img" not in figure.to_json()
    assert figure.layout.xaxis.title.text.isupper()


def test_words_that_were_not_left_out_count_for_nothing() -> None:
    some = found({"a": np.nan, "b": 0.5, "c": np.nan, "d": -2.0}, margin=0.3)
    assert some.measured == 2
    assert influence.strongest(some) == [3, 1]
    assert influence.turning(some) == [1]
    np.testing.assert_allclose(influence.relative_shifts(some), [np.nan, 0.25, np.nan, -1])
    assert len(influence.bars(some, plain).data[0].y) == 2
