"""Norms and losses of two trainings, and what is said of them, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures.gradients import clipping
from engine.results import Descent


def plain(text: str) -> str:
    return text


def run(clip: float, right: float, largest: float = 50.0) -> Descent:
    norm = np.asarray([2.0, largest, 0.5])
    return Descent(clip, np.asarray([0.7, 9.0, 0.1]), np.full(3, right), norm)


@pytest.mark.parametrize(
    ("without", "clipped", "words"),
    [
        (0.5, 1.0, "Clipping saves this training"),
        (0.5, 0.6, "Neither has learnt it within this budget"),
        (1.0, 0.6, "the threshold is too low"),
        (1.0, 0.95, "Both have learnt it"),
    ],
)
def test_the_sentence_follows_both_trainings(without: float, clipped: float, words: str) -> None:
    assert words in clipping.sentence([run(0.0, without), run(1.0, clipped)], plain)


def test_norms_before_clipping_with_the_threshold() -> None:
    figure = clipping.norms([run(0.0, 0.5), run(3.0, 1.0)], plain)
    assert [line.name for line in figure.data] == ["without clipping", "clipped at 3"]
    np.testing.assert_array_equal(figure.data[1].y, [2, 50, 0.5])
    assert [shape.y0 for shape in figure.layout.shapes] == [3]
    assert figure.layout.yaxis.type == "log"
    assert {line.line.dash for line in figure.data} == {"dash", "solid"}


def test_a_norm_of_zero_is_a_gap() -> None:
    figure = clipping.norms([run(0.0, 0.5, largest=0.0), run(1.0, 0.5)], plain)
    assert np.isnan(figure.data[0].y[1])


def test_losses_beside_a_guess_within_a_readable_range() -> None:
    figure = clipping.losses([run(0.0, 0.5), run(1.0, 1.0)], plain)
    assert figure.layout.yaxis.range[1] == 3
    assert figure.data[2].name == "guessing"
    np.testing.assert_allclose(figure.data[2].y, np.log(2))


def test_the_figures_in_words() -> None:
    runs = [run(0.0, 0.5, 1e12), run(1.0, 1.0)]
    alt = clipping.norms_alt(runs, plain)
    assert "without clipping: the largest gradient norm is 10¹², at step 2." in alt
    message = clipping.losses_alt(runs, plain)
    assert message.endswith("Clipped at 1: norm up to 50, >99% right at the end.")


def test_clipped_norms_are_never_above_the_threshold() -> None:
    np.testing.assert_array_equal(run(1.0, 1.0).clipped, [1, 1, 0.5])
    np.testing.assert_array_equal(run(0.0, 1.0).clipped, [2, 50, 0.5])
