"""What each step adds to the margin under three poolings, from numbers written here."""

from __future__ import annotations

import numpy as np
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


def test_bars_add_up_to_the_margin(three: list[Contributions]) -> None:
    figure = pooling.steps(three, plain)
    for row, one in enumerate(three):
        axis = "y" if row == 0 else f"y{row + 1}"
        bars = [trace for trace in figure.data if trace.type == "bar" and trace.yaxis == axis]
        assert sum(sum(trace.y) for trace in bars) + one.bias == pytest.approx(one.margin)
    assert three[0].margin == pytest.approx(2.5)
    assert three[2].margin == pytest.approx(1.8)


def test_two_directions_are_stacked_in_two_looks_with_their_sum_marked(
    three: list[Contributions],
) -> None:
    figure = pooling.steps(three, plain)
    ahead, back, total = [trace for trace in figure.data if trace.yaxis == "y3"]
    assert figure.layout.barmode == "relative"
    assert ahead.marker.color != back.marker.color
    assert (ahead.marker.pattern.shape, back.marker.pattern.shape) == (None, "/")
    np.testing.assert_allclose(total.y, [-0.25, 0.6, 0.95])


def test_the_legend_names_each_look_once(three: list[Contributions]) -> None:
    figure = pooling.steps(three, plain)
    shown = [trace.name for trace in figure.data if trace.showlegend]
    assert shown == ["reading forward", "reading backward", "both together"]


def test_panels_share_the_tokens_and_do_not_overlap(three: list[Contributions]) -> None:
    figure = pooling.steps(three, plain)
    layout = figure.layout
    domains = [axis.domain for axis in (layout.yaxis, layout.yaxis2, layout.yaxis3)]
    assert domains[0][1] == 1
    assert domains[2][0] == pytest.approx(0)
    assert domains[0][0] > domains[1][1] > domains[1][0] > domains[2][1]
    assert list(layout.xaxis.ticktext) == list(WORDS)
    assert layout.xaxis.anchor == "y3"
    assert {trace.xaxis for trace in figure.data} == {"x"}
    assert all("logits" in axis.title.text for axis in (layout.yaxis, layout.yaxis2))
    headings = [note.text for note in layout.annotations]
    assert [slide for slide in ("51", "52", "53") if any(slide in h for h in headings)] == [
        *("51", "52", "53")
    ]


def test_in_words_the_step_that_weighs_most(three: list[Contributions]) -> None:
    assert pooling.strongest_step(three[0], plain) == (
        "“worth” (step 3 of 3) weighs most with +5.00, 50% of all that the steps move."
    )
    alt = pooling.steps_alt(three, plain)
    assert alt.startswith("last state (slide 51): “worth”")
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
    figure = pooling.steps([hostile], str.upper)
    assert "<img" not in figure.to_json()
    assert figure.layout.yaxis.title.text.isupper()
    assert figure.layout.xaxis.title.text.isupper()
    assert all(trace.name.isupper() for trace in figure.data)


def test_a_long_text_names_few_enough_tokens() -> None:
    pieces = tuple(Piece(f"w{k}", k, k + 1, False) for k in range(256))
    verdict = part("last", [1.0]).verdict
    long = Contributions("rnn", "last", "n", 1, pieces, verdict, np.ones(256), None, 0.0)
    figure = pooling.steps([long], plain)
    assert 10 < len(figure.layout.xaxis.tickvals) <= pooling.TICKS
