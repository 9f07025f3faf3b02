"""Scores on cases worked out by hand."""

import numpy as np
import pytest

from engine.tasks.sentiment.data import Example
from engine.tasks.sentiment.evaluation import (
    NaiveBayes,
    calibration_error,
    evaluate_probabilities,
    fit_temperature,
    macro_f1,
)

THREE = ("negative", "neutral", "positive")


def examples(*labels: str) -> list[Example]:
    return [Example("x", label) for label in labels]


def test_two_labels_take_the_larger_of_those_two() -> None:
    probabilities = np.array([[0.3, 0.6, 0.1], [0.1, 0.7, 0.2]])
    two = evaluate_probabilities(probabilities, THREE, examples("negative", "positive"))
    assert (two["accuracy"], two["macro_f1"], two["n"]) == (1.0, 1.0, 2)
    three = evaluate_probabilities(probabilities, THREE, examples("negative", "neutral"))
    assert three["accuracy"] == 0.5


def test_macro_f1_by_hand() -> None:
    answers, truth = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    # class 0: 2·1 / (2 + 1); class 1: 2·2 / (2 + 3)
    assert macro_f1(answers, truth, 2) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1(answers, truth, 3) == pytest.approx((2 / 3 + 4 / 5) / 3)


def test_calibration_error_by_hand() -> None:
    confidence, right = np.array([0.95, 0.95, 0.55, 1.0]), np.array([True, False, True, True])
    # bin .9-1: three answers, 2/3 right, mean confidence .9667; bin .5-.6: one, right, .55
    by_hand = 0.75 * (0.9667 - 2 / 3) + 0.25 * 0.45
    assert calibration_error(confidence, right) == pytest.approx(by_hand, abs=1e-3)


def test_temperature_undoes_overconfidence() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 3)) * 1.5
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = np.array([generator.choice(3, p=p) for p in chances])
    assert fit_temperature(logits * 3, truth) == pytest.approx(3, rel=0.1)


def test_naive_bayes_by_hand() -> None:
    train = [Example("good film", "positive"), Example("bad film", "negative")]
    bayes = NaiveBayes(train, ("negative", "positive"))
    # features: good, bad, film, "good film", "bad film"; add one: 2/8 against 1/8
    table = bayes.probabilities([Example("good", "positive"), Example("unseen", "negative")])
    assert table[0] == pytest.approx([1 / 3, 2 / 3])
    assert table[1] == pytest.approx([0.5, 0.5])
