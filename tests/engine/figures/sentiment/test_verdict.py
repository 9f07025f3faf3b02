"""The pictures of one reading, checked against numbers written here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from engine.figures import style
from engine.figures.sentiment import verdict
from engine.results import Piece, Reading, Verdict


def reading(words: list[str], positive: list[float], neutral: float | None = None) -> Reading:
    """A reading with the given P(positive) after each word; `neutral` makes it three classes."""
    rows = [[1 - p, p] if neutral is None else [1 - p - neutral, neutral, p] for p in positive]
    labels = ("negative", "positive") if neutral is None else ("negative", "neutral", "positive")
    pieces, start = [], 0
    for word in words:
        pieces.append(Piece(word, start, start + len(word), False))
        start += len(word) + 1
    after = np.asarray(rows, dtype=np.float64)
    return Reading(" ".join(words), tuple(pieces), Verdict(labels, after[-1]), after, False)


@pytest.fixture
def film() -> Reading:
    return reading(["dull", "but", "worth", "it"], [0.1, 0.45, 0.9, 0.95])


def plain(text: str) -> str:
    """Stands for the English catalogue."""
    return text


def mirrored(text: str) -> str:
    """Stands for another language: a text that was not translated is recognised at once."""
    return f"»{text}«"


def test_tokens_share_the_axis_by_their_width(film: Reading) -> None:
    widths = [4 + 2, 3 + 2, 5 + 2, 2 + 2]
    assert verdict.widths(film.pieces) == widths
    np.testing.assert_array_equal(verdict.centres(film.pieces), [3, 8.5, 14.5, 20])
    figure = verdict.probability_line(film, plain)
    assert list(figure.layout.xaxis.range) == [0, sum(widths)]


def test_two_classes_make_one_line_with_the_uncertain_band(film: Reading) -> None:
    figure = verdict.probability_line(film, plain)
    (line,) = figure.data
    np.testing.assert_allclose(line.y, [0.1, 0.45, 0.9, 0.95])
    assert list(line.marker.symbol) == ["circle", "circle-open", "circle", "circle"]
    assert list(line.marker.color) == [style.NEGATIVE] * 2 + [style.POSITIVE] * 2
    (band,) = figure.layout.shapes
    assert (band.y0, band.y1) == (0.4, 0.6)


def test_three_classes_make_three_lines() -> None:
    figure = verdict.probability_line(reading(["a", "b"], [0.2, 0.7], neutral=0.1), plain)
    assert [line.name for line in figure.data] == ["negative", "neutral", "positive"]
    np.testing.assert_allclose(figure.data[0].y, [0.7, 0.2])


def test_chosen_token_is_marked(film: Reading) -> None:
    figure = verdict.probability_line(film, plain, selected=2)
    mark, ring = figure.layout.shapes[-1], figure.data[-1]
    assert mark.x0 == mark.x1 == ring.x[0] == 14.5
    assert list(ring.y) == [0.9]


@pytest.mark.parametrize("selected", [None, -1, 4, 99])
def test_no_mark_without_a_token(film: Reading, selected: int | None) -> None:
    assert len(verdict.probability_line(film, plain, selected).layout.shapes) == 1


def test_text_cannot_become_markup() -> None:
    hostile = reading(["<img src=x onerror=alert(1)>", "<b>x</b>"], [0.2, 0.8])
    drawn = verdict.probability_line(hostile, plain, selected=0).to_json()
    assert "<img" not in drawn
    assert "<b>" not in drawn
    assert "&lt;img" in drawn


def test_long_texts_name_few_enough_tokens() -> None:
    long = reading([f"w{k}" for k in range(300)], list(np.linspace(0.1, 0.9, 300)))
    ticks = verdict.probability_line(long, plain).layout.xaxis.tickvals
    assert 10 < len(ticks) <= style.WORD_TICKS


def test_one_token_is_enough() -> None:
    single = reading(["good"], [0.9])
    assert len(verdict.probability_line(single, plain).data) == 1
    assert "90%" in verdict.probability_line_alt(single, plain)


def test_course_in_words(film: Reading) -> None:
    words = verdict.probability_line_alt(film, plain)
    assert words == (
        "Probability of “positive” after each of 4 tokens: 10% after the first, "
        "95% after the last; the largest change is at “worth”."
    )


def test_a_verdict_is_told_the_likeliest_first() -> None:
    sure = Verdict(("negative", "positive"), np.asarray([0.9, 0.1]))
    assert verdict.verdict_alt(sure, plain) == "negative 90%, positive 10%"


def test_every_word_is_translated(film: Reading) -> None:
    three = reading(["a", "b"], [0.45, 0.8], neutral=0.1)
    for figure in (
        verdict.probability_line(film, mirrored, 1),
        verdict.probability_line(three, mirrored),
    ):
        assert all("»" in words for words in spoken(figure)), spoken(figure)


def spoken(figure: go.Figure) -> list[str]:
    """All texts of a figure but the user's own and bare numbers."""
    layout = figure.layout
    texts = [layout.yaxis.title.text, *(a.text for a in layout.annotations)]
    texts += [line.name for line in figure.data if line.showlegend is not False]
    texts += list(figure.data[0].y) if figure.data[0].type == "bar" else []
    return [t for t in texts if t and not t.rstrip("%").strip("<>").isdigit()]


def test_an_interpolated_line_has_points_where_it_was_computed(film: Reading) -> None:
    (line,) = verdict.probability_line(replace(film, computed=(1, 4)), plain).data
    assert list(line.marker.size) == [9, 0, 0, 9]
    (line,) = verdict.probability_line(film, plain).data
    assert line.marker.size == 9
