"""Figures and sentences about characters, from numbers written here."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.figures import candidates, characters, norms
from engine.results import GradientProfile, LearningCurve, Letter, Piece, Verdict

CANDIDATES = ((" ", 0.5), ("a", 0.3), ("\n", 0.1), ("<", 0.05), ("b", 0.02))


def plain(text: str) -> str:
    return text


def letter(text: str, p: float) -> Letter:
    return Letter(text, p, CANDIDATES)


def test_what_cannot_be_seen_has_a_sign() -> None:
    assert candidates.visible("a b\n\t") == "a␣b↵⇥"
    assert candidates.tooltip("\n", 0.1) == "↵: 10%"


def test_confidence_spans_the_scale() -> None:
    assert [candidates.confidence(p) for p in (0.0, 0.5, 1.0)] == [-1, 0, 1]


def test_the_written_character_is_among_its_candidates_or_behind_them() -> None:
    assert candidates.rows(letter("a", 0.3)) == list(CANDIDATES)
    assert candidates.rows(letter("z", 0.01)) == [*CANDIDATES, ("z", 0.01)]


def test_candidates_are_bars_best_on_top_with_the_written_one_in_colour() -> None:
    figure = candidates.bars(letter("a", 0.3), plain)
    (bars,) = figure.data
    assert bars.x[0] == max(bars.x)
    assert bars.y[0] == max(bars.y)
    colours = bars.marker.color
    assert [k for k, colour in enumerate(colours) if colour != colours[0]] == [1]
    assert "&lt;" in figure.layout.yaxis.ticktext  # Plotly would obey a tag
    assert "␣ 50%, a 30%, ↵ 10%" in candidates.bars_alt(letter("a", 0.3), plain)


def test_the_sentence_about_confidence_counts() -> None:
    letters = [letter("a", 1.0), letter("a", 0.25), letter("a", 0.25), letter("a", 0.95)]
    nats = -(2 * math.log(0.25) + math.log(0.95)) / 4
    words = characters.confidence_sentence(letters, plain)
    assert "over 90% sure of 50% of these 4 characters" in words
    assert f"{nats:.2f} nats" in words
    assert f"among {math.exp(nats):.2f} equally" in words


def test_the_surprise_is_the_first_of_the_least_likely() -> None:
    assert characters.most_surprising([letter("a", p) for p in (0.5, 0.1, 0.9, 0.1)]) == 1


SHIFTS = np.array([0.2, 0.01, 0.0, 0.06, 1.25, -0.4])


def test_reach_is_the_furthest_character_that_is_felt() -> None:
    assert characters.influence_reach(SHIFTS) == 6
    assert characters.influence_reach(SHIFTS[1:]) == 3
    assert characters.influence_reach(np.zeros(4)) == 0


def test_the_sentence_about_influence_is_computed() -> None:
    words = characters.influence_sentence(SHIFTS[1:], "b\nd e", "!", plain)
    assert "looks 3 characters back for “!”" in words
    assert "“␣”, 2 back, helps most: without it log p would fall by 1.25" in words
    against = characters.influence_sentence(-SHIFTS[1:], "b\nd e", "!", plain)
    assert "weighs most, against it: without it log p would rise by 1.25" in against
    none = characters.influence_sentence(np.zeros(2), "ab", "!", plain)
    assert none.startswith("No single earlier character moves")


def test_influence_has_a_bar_for_each_character() -> None:
    figure = characters.influence(SHIFTS, "abc <e", plain)
    (bars,) = figure.data
    assert list(bars.y) == list(SHIFTS)
    assert len({*bars.marker.color}) == 2
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c", "␣", "&lt;", "e"]
    alt = characters.influence_alt(SHIFTS, "abc <e", plain)
    assert "< (2): 1.25, e (1): −0.40, a (6): 0.20" in alt


CURVE = LearningCurve(
    np.array([100, 300, 2000]), np.array([3.0, 2.5, 1.5]), np.array([3.1, 2.6, 1.9])
)


def test_losses_mark_the_moment() -> None:
    figure = characters.losses(CURVE, 300, plain)
    assert [list(trace.y) for trace in figure.data] == [[3.0, 2.5, 1.5], [3.1, 2.6, 1.9]]
    assert figure.layout.shapes[0].x0 == 300
    assert list(figure.layout.xaxis.tickvals) == [100, 300, 1000]
    alt = characters.losses_alt(CURVE, 700, plain)
    assert "3.10 nats per character at iteration 100, 1.90 at iteration 2000" in alt
    assert "at iteration 700 it is 2.60" in alt  # the last look before it


def test_eigenvalues_are_counted() -> None:
    values = np.array([1.2, 0.95j, -0.3 + 0.4j])
    assert characters.points(values).tolist() == [[1.2, 0], [0, 0.95], [-0.3, 0.4]]
    words = characters.eigenvalue_sentence(values, plain)
    assert "2 of 3 eigenvalues" in words
    assert "the largest is 1.20" in words


def profile(texts: list[str]) -> GradientProfile:
    pieces = tuple(Piece(text, k, k + 1, False) for k, text in enumerate(texts))
    verdict = Verdict(("a", "other"), np.array([0.5, 0.5]))
    return GradientProfile("rnn", "x", 1, pieces, verdict, np.linspace(1, 2, len(texts)))


@pytest.mark.parametrize(
    ("texts", "places", "names"),
    [
        (list("ab␣c"), [0, 1, 2, 3], ["a", "b", "␣", "c"]),
        (list("the␣king↵" * 5), [1, 5.5, 10, 14.5, 19], ["the", "king", "the", "king", "the"]),
        (["ab"] * 100, [0, 3, 6, 9, 12], ["ab"] * 5),  # words, every third
    ],
)
def test_few_letters_are_named_on_the_axis_and_of_many_the_words(
    texts: list[str], places: list[float], names: list[str]
) -> None:
    axis = norms.decay([profile(texts)], plain).layout.xaxis
    assert list(axis.tickvals)[:5] == places
    assert list(axis.ticktext)[:5] == names
