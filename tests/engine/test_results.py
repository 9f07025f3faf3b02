"""The small sums that records of measurements do."""

import numpy as np

from engine.results import GradientProfile, Reading, Verdict


def verdict(*probabilities: float) -> Verdict:
    labels = ("negative", "neutral", "positive")[: len(probabilities)]
    return Verdict(labels, np.array(probabilities))


def test_verdict_names_the_likeliest_and_admits_doubt() -> None:
    sure, unsure = verdict(0.1, 0.1, 0.8), verdict(0.45, 0.1, 0.45)
    assert (sure.label, sure.confidence, sure.uncertain) == ("positive", 0.8, False)
    assert unsure.uncertain


def test_course_runs_from_negative_to_positive() -> None:
    after = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    reading = Reading("a b", (), verdict(0.1, 0.2, 0.7), after, truncated=False)
    assert np.allclose(reading.course(), [-0.6, 0.6])


def profile(h: list[float], c: list[float] | None = None) -> GradientProfile:
    cell = "rnn" if c is None else "lstm"
    read = None if c is None else np.array(c)
    return GradientProfile(cell, "name", 10, (), verdict(0.5, 0.5), np.array(h), read)


def test_gradients_are_compared_along_the_cell_state_where_there_is_one() -> None:
    assert profile([0.01, 2.0]).ratio == 0.005
    assert profile([0.01, 2.0], c=[0.5, 1.0]).ratio == 0.5
    assert np.allclose(profile([0.01, 2.0], c=[0.5, 1.0]).by_lag.relative("h"), [1, 0.005])


def test_a_gradient_that_is_nowhere_divides_nothing() -> None:
    assert profile([0.0, 0.0]).ratio == 0.0
