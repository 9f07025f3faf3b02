"""The curves of the gradient panel and the sentence, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import norms
from engine.results import GradientProfile, Piece, Verdict

VERDICT = Verdict(("negative", "positive"), np.asarray([0.2, 0.8]))


def profile(h: list[float], c: list[float] | None = None, cell: str = "rnn") -> GradientProfile:
    pieces = tuple(Piece(f"w{k}", 3 * k, 3 * k + 2, False) for k in range(len(h)))
    memory = None if c is None else np.asarray(c, dtype=np.float64)
    return GradientProfile(
        cell,
        f"sentiment-en-{cell}",
        1_000,
        pieces,
        VERDICT,
        np.asarray(h, dtype=np.float64),
        memory,
    )


def plain(text: str) -> str:
    return text


SMALLER = "At the first token the gradient is {} times smaller than at the last step."
BARELY = "The gradient barely changes: at the first token it is {} times the last step's."
GROWS = "The gradient grows: at the first token it is {} times its value at the last step."


@pytest.mark.parametrize(
    ("h", "words"),
    [
        ([0.001, 0.1, 0.24], SMALLER.format("240")),
        ([0.075, 0.1], SMALLER.format("1.3")),
        ([0.09, 0.1], BARELY.format("0.90")),
        ([0.12, 0.1], BARELY.format("1.20")),
        ([0.144, 0.1], GROWS.format("1.4")),
        ([0.2, 0.1], GROWS.format("2")),
        ([0.0, 0.1], "Here nothing that 64-bit numbers can hold reaches the first token."),
        ([1e-12, 1e-3], SMALLER.format("10⁹")),
        ([0.0, 0.0], "The network is so sure here that the loss is flat: no gradient at all."),
        ([0.3], "One token only: there is nowhere for the gradient to travel."),
    ],
)
def test_sentence_follows_the_numbers(h: list[float], words: str) -> None:
    assert norms.sentence(profile(h), plain) == words


def test_an_lstm_is_judged_along_c() -> None:
    lstm = profile([0.001, 0.1], c=[0.09, 0.1], cell="lstm")
    assert norms.sentence(lstm, plain).startswith("The gradient barely changes")
    assert norms.factor(float(lstm.by_lag.relative("h")[-1]), plain) == "100 times smaller"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.0, "nothing arrives"),
        (0.25, "4 times smaller"),
        (7.0, "7 times as large"),
        (1.2, "about as large"),
    ],
)
def test_factor(ratio: float, words: str) -> None:
    assert norms.factor(ratio, plain) == words


def test_curves_are_relative_to_the_last_step() -> None:
    rnn = profile([0.01, 0.1, 0.2])
    (curve,) = norms.decay([rnn], plain).data
    np.testing.assert_allclose(curve.y, [0.05, 0.5, 1])
    np.testing.assert_array_equal(curve.x, [0, 1, 2])
    (curve,) = norms.decay([rnn], plain, "lag").data
    np.testing.assert_array_equal(curve.x, [2, 1, 0])  # the last token is lag 0


def test_an_lstm_has_both_curves_and_the_compared_one_is_solid() -> None:
    lstm = profile([0.1, 0.2], c=[0.3, 0.3], cell="lstm")
    figure = norms.decay([profile([0.1, 0.2]), lstm], plain)
    assert [curve.name for curve in figure.data] == ["RNN ∂e/∂h", "LSTM ∂e/∂c", "LSTM ∂e/∂h"]
    assert [curve.line.dash for curve in figure.data] == ["solid", "solid", "dash"]


def test_zeros_are_gaps_on_the_log_axis() -> None:
    (curve,) = norms.decay([profile([0.0, 0.1, 0.2])], plain).data
    assert np.isnan(curve.y[0])
    figure = norms.decay([profile([0.0, 0.0])], plain)
    assert figure.layout.yaxis.type == "log"


def test_few_grid_lines_over_many_decades() -> None:
    figure = norms.decay([profile([1e-30, 1e-15, 1.0])], plain)
    assert 30 / figure.layout.yaxis.dtick <= 9


def test_more_grid_lines_within_few_decades() -> None:
    assert norms.decay([profile([0.1, 0.2, 0.5])], plain).layout.yaxis.dtick == "D2"


def test_words_for_those_who_do_not_see_it() -> None:
    words = norms.decay_alt([profile([0.001, 0.24]), profile([0.1, 0.1], cell="gru")], plain)
    assert words.startswith("RNN: At the first token the gradient is 240 times smaller")
    assert "GRU: The gradient barely changes" in words


def test_axis_titles_are_translated_and_tokens_are_no_markup() -> None:
    piece = Piece("<i>", 0, 3, False)
    one = profile([0.1, 0.2])
    hostile = GradientProfile("rnn", "n", 1, (piece, piece), VERDICT, one.h)
    figure = norms.decay([hostile], str.upper)
    assert figure.layout.xaxis.title.text == "TOKEN, FIRST TO LAST"
    assert figure.layout.yaxis.title.text.isupper()
    assert "<i>" not in figure.to_json()
    by_lag = norms.decay([hostile], str.upper, "lag")
    assert by_lag.layout.xaxis.title.text.startswith("LAG")
