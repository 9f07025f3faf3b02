"""The curves of the three cells and their sentences, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures.gradients import paths
from engine.results import NormsByLag, PathsBack

LAGS = np.arange(41)
RNN = PathsBack("rnn", 64, 4736, NormsByLag(3 * 10.0 ** (-LAGS / 4)))
LSTM = PathsBack(
    cell="lstm",
    units=64,
    parameters=18944,
    norms=NormsByLag(
        h=10.0 ** (-LAGS / 5),
        c=2.0 * 10.0 ** (-LAGS / 20),
        direct=np.power(0.9, LAGS, dtype=np.float64),
    ),
    keep_factor=0.9,
)
GRU = PathsBack("gru", 64, 14208, NormsByLag(np.ones(41), direct=np.ones(41)), keep_factor=1.0)


def plain(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (RNN, "∂e/∂h falls tenfold every 4 lags."),
        (LSTM, "∂e/∂c falls tenfold every 20 lags."),
        (GRU, "∂e/∂h does not fall over these lags."),
    ],
)
def test_the_sentence_is_the_slope_of_the_state_to_compare(cell: PathsBack, words: str) -> None:
    assert paths.sentence(cell, plain) == words


def test_the_direct_path_in_words() -> None:
    assert "no direct path" in paths.direct_sentence(RNN, plain)
    # 0.9 ** 40 = 0.0148
    assert "f = 0.900 on average: 0.015 at lag 40" in paths.direct_sentence(LSTM, plain)
    assert "1 − z = 1.000" in paths.direct_sentence(GRU, plain)


def test_each_curve_begins_at_one_and_compared_ones_are_solid() -> None:
    figure = paths.curves([RNN, LSTM, GRU], plain, ["all", "direct"])
    assert all(line.y[0] == 1 for line in figure.data)
    dashes = {line.name: line.line.dash for line in figure.data}
    assert dashes == {
        "RNN ∂e/∂h": "solid",
        "LSTM ∂e/∂c": "solid",
        "LSTM ∂e/∂h": "dash",
        "LSTM direct path": "dot",
        "GRU ∂e/∂h": "solid",
        "GRU direct path": "dot",
    }
    assert figure.layout.yaxis.type == "log"


@pytest.mark.parametrize(("shown", "count"), [("all", 4), ("direct", 2)])
def test_one_kind_of_path_can_be_shown(shown: str, count: int) -> None:
    assert len(paths.curves([RNN, LSTM, GRU], plain, [shown]).data) == count


def test_the_curves_in_words() -> None:
    assert paths.curves_alt([RNN, LSTM], plain).startswith("RNN: ∂e/∂h falls tenfold")
