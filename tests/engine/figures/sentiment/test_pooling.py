"""What each step adds to the margin under three poolings, from numbers written here."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from engine.figures import numbers
from engine.figures.sentiment import pooling
from engine.results import Contributions, Piece, Verdict

WORDS = ("dull", "but", "worth")


def part(name: str, forward: list[float], backward: list[float] | None = None) -> Contributions:
    pieces = tuple(Piece(word, k, k + 1, False) for k, word in enumerate(WORDS[: len(forward)]))
    margin = sum(forward) + sum(backward or []) + 0.5
    likely = 1 / (1 + np.exp(-margin / 2))  # a temperature of 2
    verdict = Verdict(("negative", "positive"), np.asarray([1 - likely, likely]))
    behind = None if backward is None else np.asarray(backward)
    numbers = np.asarray(forward, dtype=np.float64)
    return Contributions("gru", name, "n", 1_000, pieces, verdict, numbers, behind, 0.5)


@pytest.fixture
def three() -> list[Contributions]:
    return [
        part("last", [-4.0, 1.0, 5.0]),
        part("sum", [-0.5, 0.1, 0.8]),
        part("both", [-0.5, 0.1, 0.9], [0.25, 0.5, 0.05]),
    ]


def plain(text: str) -> str:
    return text


def bars(figure: go.Figure) -> list[go.Bar]:
    return [trace for trace in figure.data if trace.type == "bar"]


def test_bars_add_up_to_the_margin(three: list[Contributions]) -> None:
    for one in three:
        added = sum(sum(trace.y) for trace in bars(pooling.steps(one, plain)))
        assert added + one.bias == pytest.approx(one.margin)
    assert three[0].margin == pytest.approx(2.5)
    assert three[2].margin == pytest.approx(1.8)


def test_two_directions_are_stacked_in_two_looks_with_their_sum_marked(
    three: list[Contributions],
) -> None:
    figure = pooling.steps(three[2], plain)
    ahead, back = bars(figure)
    (total,) = [trace for trace in figure.data if trace.name == "both together"]
    assert figure.layout.barmode == "relative"
    assert ahead.marker.color != back.marker.color
    assert (ahead.marker.pattern.shape, back.marker.pattern.shape) == (None, "/")
    np.testing.assert_allclose(total.y, [-0.25, 0.6, 0.95])
    shown = [trace.name for trace in figure.data if trace.showlegend]
    assert shown == ["reading forward", "reading backward", "both together"]


@pytest.mark.parametrize(("which", "to_pool"), [(0, 1), (1, 3), (2, 6)])
def test_the_network_is_drawn_above_the_tokens(
    three: list[Contributions], which: int, to_pool: int
) -> None:
    """Of the last state one arrow goes up, of a sum one of each state, in each direction."""
    figure = pooling.steps(three[which], plain)
    layout = figure.layout
    assert layout.yaxis.domain[1] < layout.yaxis2.domain[0] < layout.yaxis2.domain[1] == 1
    assert list(layout.xaxis.ticktext) == list(WORDS)
    lines = [trace for trace in figure.data if trace.type == "scatter"]
    (wires,) = [trace for trace in lines if trace.mode == "lines+markers"]
    starts, ends = wires.y[::3], wires.y[1::3]
    up = [a for a, b in zip(starts, ends, strict=True) if b == 3.2 and a != 3.2]
    assert len(up) == to_pool
    states = [trace for trace in lines if trace.mode == "markers+text"]
    assert [len(trace.x) for trace in states] == [3] * (2 if which == 2 else 1)
    assert "softmax" in layout.annotations[0].text


def test_in_words_the_step_that_weighs_most(three: list[Contributions]) -> None:
    assert pooling.strongest_step(three[0], plain) == (
        "“worth” (step 3 of 3) weighs most with +5.00, 50% of all that the steps move."
    )
    assert pooling.steps_alt(three[0], plain).startswith("last state (slide 51): “worth”")
    alt = pooling.steps_alt(three[2], plain)
    assert "both directions (slide 53): “worth” (step 3 of 3) weighs most with +0.95" in alt


def test_nothing_moves(three: list[Contributions]) -> None:
    assert "0%" in pooling.strongest_step(part("last", [0.0]), plain)


def test_the_margin_is_found_again_in_the_probabilities(three: list[Contributions]) -> None:
    for one in three:
        assert pooling.margin_from(one.verdict, 2.0) == pytest.approx(one.margin, rel=1e-12)
        assert pooling.margin_from(one.verdict, 1.0) == pytest.approx(one.margin / 2, rel=1e-12)
    sure = Verdict(("negative", "positive"), np.asarray([0.0, 1.0]))
    assert np.isfinite(pooling.margin_from(sure, 1.0))


def test_neutral_is_no_part_of_the_margin() -> None:
    raw = np.exp([0.5, 3.0, 2.0])
    verdict = Verdict(("negative", "neutral", "positive"), raw / raw.sum())
    assert pooling.margin_from(verdict, 1.0) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("difference", "words"), [(0.0, "0"), (4.4e-16, "4·10⁻¹⁶"), (-2e-3, "2·10⁻³"), (5.3, "5·10⁰")]
)
def test_rounding(difference: float, words: str) -> None:
    assert numbers.rounding(difference) == words


def test_text_cannot_become_markup_and_words_are_translated() -> None:
    piece = Piece("<img src=x>", 0, 3, False)
    one = part("both", [1.0], [2.0])
    hostile = Contributions(
        "rnn", "both", "n", 1, (piece,), one.verdict, one.forward, one.backward, 0.0
    )
    figure = pooling.steps(hostile, str.upper)
    assert "<img" not in figure.to_json()
    assert figure.layout.yaxis.title.text.isupper()
    assert figure.layout.xaxis.title.text.isupper()
    assert all(trace.name.isupper() for trace in figure.data if trace.showlegend)


def test_a_long_text_names_few_enough_tokens() -> None:
    pieces = tuple(Piece(f"w{k}", k, k + 1, False) for k in range(256))
    verdict = part("last", [1.0]).verdict
    long = Contributions("rnn", "last", "n", 1, pieces, verdict, np.ones(256), None, 0.0)
    figure = pooling.steps(long, plain)
    assert 10 < len(figure.layout.xaxis.tickvals) <= pooling.TICKS
