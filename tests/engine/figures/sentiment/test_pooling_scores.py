"""The table of small models summed up: means, spreads, and what they tell apart."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures.sentiment import pooling
from engine.figures.sentiment.pooling import Row

ACCURACY = {
    ("rnn", "last"): (0.78, 0.80, 0.82),  # 80 ± 2
    ("rnn", "sum"): (0.85, 0.86, 0.87),  # 86 ± 1: 6 points ahead, more than 3
    ("rnn", "both"): (0.84, 0.87, 0.90),  # 87 ± 3: 1 point ahead of sum, less than 4
    ("lstm", "last"): (0.90, 0.90, 0.90),
}


def rows(language: str = "en") -> list[Row]:
    found: list[Row] = []
    for (cell, how), values in ACCURACY.items():
        for seed, value in enumerate(values):
            columns = {"accuracy": value, "up_to_16": value, "17_to_48": value - 0.1}
            columns["over_48"] = value - 0.3
            named = {"language": language, "cell": cell, "pooling": how, "seed": str(seed)}
            numbers = {"parameters": "345678", "seconds": "12.5"}
            found.append({**named, **numbers, **{k: str(v) for k, v in columns.items()}})
    return found


def plain(text: str) -> str:
    return text


def test_mean_and_spread_over_seeds() -> None:
    scores = pooling.summarise([*rows(), *rows("vi")], "en")
    assert [(score.cell, score.pooling) for score in scores] == list(ACCURACY)
    last = scores[0]
    assert (last.seeds, last.parameters) == (3, 345678)
    assert last.means["accuracy"] == pytest.approx(0.80)
    assert last.spreads["accuracy"] == pytest.approx(0.02)  # of a sample: n − 1
    assert last.means["over_48"] == pytest.approx(0.50)
    assert pooling.summarise(rows(), "vi") == []


def test_one_seed_has_no_spread() -> None:
    (first, *_) = pooling.summarise(rows()[:1], "en")
    assert first.spreads["accuracy"] == 0


def test_differences_within_a_cell_only_the_largest_first() -> None:
    found = pooling.differences(pooling.summarise(rows(), "en"))
    named = [(d.better.pooling, d.worse.pooling, round(d.points, 6), d.clear) for d in found]
    assert named == [
        ("both", "last", 7.0, True),  # 7 > 3 + 2
        ("sum", "last", 6.0, True),  # 6 > 1 + 2
        ("both", "sum", 1.0, False),  # 1 < 3 + 1
    ]


def test_lines_by_length_have_error_bars() -> None:
    scores = pooling.summarise(rows(), "en")[:3]
    figure = pooling.by_length(scores, plain, pooling.lowest_accuracy(scores))
    assert [line.name for line in figure.data] == ["last state", "sum", "both directions"]
    np.testing.assert_allclose(figure.data[0].y, [0.80, 0.70, 0.50])
    np.testing.assert_allclose(figure.data[0].error_y.array, [0.02] * 3)
    assert len({line.marker.symbol for line in figure.data}) == 3
    assert len({line.line.dash for line in figure.data}) == 3
    assert list(figure.layout.xaxis.ticktext) == ["up to 16", "17 to 48", "over 48"]
    assert figure.layout.yaxis.range[0] == pytest.approx(0.4)  # below 0.50 − 0.02


def test_lines_in_words_and_in_another_language() -> None:
    scores = pooling.summarise(rows(), "en")[:1]
    words = pooling.by_length_alt(scores, plain)
    assert words == "RNN, last state: up to 16 80%, 17 to 48 70%, over 48 50%."
    figure = pooling.by_length(scores, str.upper)
    assert figure.layout.xaxis.title.text.isupper()
    assert figure.layout.yaxis.title.text.isupper()
    assert figure.data[0].name.isupper()
