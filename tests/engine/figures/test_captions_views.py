"""The beam tree, the drift after a wrong word and a photo's classes: figures, words, sentences."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.decoding import Search, beam_search, tree_nodes
from engine.figures import beam
from engine.figures.captions import errors, photo
from engine.results import STOP_WORD, BeamNode, Description, Drift

WORDS = ("", STOP_WORD, "a", "dog", "<b>", "two", "standing", "snowboarding", "in", "the", "snow")
States = tuple[Tensor, ...]


def plain(text: str) -> str:
    return text


def searched(width: int, forced: tuple[int, ...] = (), longest: int = 8) -> Description:
    """A real search over a table of random log p by step and last word."""
    draw = torch.Generator().manual_seed(width)
    table = 2 * torch.randn(longest + 1, len(WORDS), len(WORDS), generator=draw)
    table[:, :, 0] = -math.inf

    def step(symbols: Tensor, states: States) -> tuple[Tensor, States]:
        at = int(states[0][0, 0, 0])
        return table[at, symbols].log_softmax(-1), (states[0] + 1,)

    search = Search(width, 1.0, longest)
    beam = beam_search(step, (torch.zeros(1, 1, 1),), 0, 1, search, forced=forced)
    tree = tree_nodes(beam, WORDS.__getitem__)
    return Description((), tree, width, 1.0, len(forced))


HAND = Description(
    (),
    (
        BeamNode(-1, "a", 0.6, math.log(0.6), 1, "finished"),
        BeamNode(-1, "two", 0.4, math.log(0.4), 1, "best"),
        BeamNode(1, "dogs", 0.9, math.log(0.36), 2, "best"),
        BeamNode(0, "dog", 0.5, math.log(0.3), 2, "finished"),
        BeamNode(2, STOP_WORD, 0.9, math.log(0.324), 3, "best"),
        BeamNode(3, STOP_WORD, 0.6, math.log(0.18), 3, "finished"),
        BeamNode(3, "<i>", 0.1, math.log(0.03), 3, "died"),
    ),
    2,
    1.0,
)


def test_ends_are_ordered_by_their_score() -> None:
    assert beam.ends(HAND) == [4, 5]
    assert beam.line(HAND.nodes, 5) == [0, 3, 5]
    summary = beam.score_lines(HAND, plain)
    first, second = math.log(0.324), math.log(0.18)
    assert summary == [
        f"“two dogs”: −{-first:.2f} / 3 = −{-first / 3:.2f}",
        f"“a dog”: −{-second:.2f} / 3 = −{-second / 3:.2f}",
    ]


@pytest.mark.parametrize(
    ("penalty", "summary"),
    [
        (0.0, "“two dogs”: −1.13"),
        (0.5, "“two dogs”: −1.13 / √3 = −0.65"),
        (0.7, "“two dogs”: −1.13 / 3⁰·⁷ = −0.52"),
        (1.5, "“two dogs”: −1.13 / 3¹·⁵ = −0.22"),
        (2.0, "“two dogs”: −1.13 / 3² = −0.13"),
    ],
)
def test_a_score_is_written_as_a_fraction(penalty: float, summary: str) -> None:
    assert beam.score_lines(replace(HAND, penalty=penalty), plain)[0] == summary


def test_the_sentence_says_where_greedy_choice_leaves() -> None:
    summary = beam.sentence(HAND, plain)
    assert "The beam kept 7 boxes: 3 belong to the chosen sentence, 1 were pruned before" in summary
    assert "leaves it at step 1: there “a” (60%) is likelier than “two” (40%)." in summary
    alone = replace(HAND, nodes=searched(1).nodes)
    assert "Greedy choice finds the same sentence" in beam.sentence(alone, plain)


@pytest.mark.parametrize("width", [2, 3, 5, 10])
def test_greedy_choice_is_judged_by_greedy_search(width: int) -> None:
    """The same table searched with width 1: does it find the winner, and where not, since when?"""
    draw = torch.Generator().manual_seed(100 + width)
    for _ in range(12):
        table = torch.randn(6, len(WORDS), len(WORDS), generator=draw)
        table[:, :, 0] = -math.inf

        def step(symbols: Tensor, states: States, table: Tensor = table) -> tuple[Tensor, States]:
            at = int(states[0][0, 0, 0])
            return table[at, symbols].log_softmax(-1), (states[0] + 1,)

        start = (torch.zeros(1, 1, 1),)
        wide = beam_search(step, start, 0, 1, Search(width, 1.0, 6))
        greedy = beam_search(step, start, 0, 1, Search(1, 1.0, 6))
        won, taken = (beam.symbols(beam.hypotheses[0].node) for beam in (wide, greedy))
        left = beam.departure(tree_nodes(wide, str))
        if left is None:
            assert won == taken
        else:
            at = left[1].step - 1
            assert won[:at] == taken[:at]
            assert (str(taken[at]), str(won[at])) == (left[0].word, left[1].word)


@pytest.mark.parametrize("width", [1, 2, 5, 6, 10])
def test_boxes_never_overlap_and_steps_go_down(width: int) -> None:
    found = searched(width, longest=20)
    figure = beam.tree(found, "the photo", plain)
    (boxes,) = (trace for trace in figure.data if trace.type == "bar")
    assert len(boxes.x) == len(found.nodes) + 1  # and the photo
    corners = [(x - boxes.width / 2, y) for x, y in zip(boxes.x, boxes.base, strict=True)]
    for k, (x, y) in enumerate(corners):
        for other, below in corners[:k]:
            assert abs(x - other) >= boxes.width or abs(y - below) >= beam.BOX
    for node, (_x, y) in zip(found.nodes, corners[1:], strict=True):
        assert y >= corners[node.parent + 1][1] + beam.BOX
    low, high = figure.layout.xaxis.range
    assert all(low <= x and x + boxes.width <= high for x, _y in corners)
    assert boxes.width / (high - low) > 1 / 5.9  # a phone has room for a word
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_the_winner_is_leftmost_bold_and_thick() -> None:
    figure = beam.tree(HAND, "the photo", plain)
    lines = {
        trace.name: trace.line
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "lines"
    }
    assert list(lines) == ["the chosen sentence", "another that ended", "pruned"]
    assert len({(each.width, each.dash) for each in lines.values()}) == 3  # not by colour alone
    texts = figure.data[-1]
    assert texts.text == (
        "<b>the photo</b>",
        "a<br>60%",
        "<b>two</b><br>40%",
        "<b>dogs</b><br>90%",
        "dog<br>50%",
        "<b>1. STOP</b><br>90%",
        "2. STOP<br>60%",
        "<i>&lt;i&gt;</i><br>10%",  # Plotly would obey a tag
    )
    assert [texts.x[k + 1] for k in (1, 2, 4)] == [0, 0, 0]
    assert list(figure.layout.yaxis.ticktext) == ["1", "2", "3"]
    assert figure.layout.yaxis.title.text == "step"


def test_given_words_are_marked_in_the_tree() -> None:
    found = searched(3, forced=(5, 3))
    texts = beam.tree(found, "the photo", plain).data[-1]
    assert [text for text in texts.text if "given: " in text] == list(texts.text[1:3])


def test_the_tree_in_words() -> None:
    summary = beam.tree_alt(HAND, plain)
    assert summary == (
        "Beam tree of width 2. The chosen sentence: two 40%, dogs 90%, STOP 90%. "
        "Others that ended: a dog STOP. Boxes pruned: 1."
    )


def drift(at: int, *slipped: float) -> Drift:
    words = ("a", "dog", "runs", "fast", STOP_WORD)
    return Drift(words, at, "cat", np.full(5, 0.5), np.array(slipped), ())


WORSE = drift(1, 0.5, 0.5, 0.05, 0.5, 0.5)
NEVER = drift(1, 0.5, 0.5, 0.05, 0.05, 0.05)
SAME = drift(1, 0.5, 0.5, 0.49, 0.51, 0.5)
BETTER = drift(1, 0.5, 0.5, 0.5, 0.5, 1.0)


def test_the_sentence_about_drift_is_computed() -> None:
    summary = errors.drift_sentence(WORSE, plain)
    mean = math.log(10) / 3
    assert f"lose {mean:.2f} nats of log p on average" in summary
    assert f"{math.exp(mean):.2f} times less likely" in summary
    assert "From “fast” on, word 4, it has recovered" in summary
    assert "has not recovered" in errors.drift_sentence(NEVER, plain)
    assert "“cat” hardly matters" in errors.drift_sentence(SAME, plain)
    assert f"gain {math.log(2) / 3:.2f} nats" in errors.drift_sentence(BETTER, plain)
    last = drift(4, *[0.5] * 5)
    assert errors.drift_sentence(last, plain) == "No word follows the wrong one."


def test_falls_and_recovery() -> None:
    np.testing.assert_allclose(errors.falls(NEVER), math.log(10))
    assert errors.recovered(np.array([0.0, 0.0])) == 0
    assert errors.recovered(np.array([1.0, 0.0, -1.0, 0.01])) == 3
    assert errors.recovered(np.array([0.0, 1.0])) is None
    zero = drift(1, 0.5, 0.5, 0.0, 0.5, 0.5)
    assert np.isfinite(errors.falls(zero)).all()


def test_the_drift_has_two_marks_a_row_after_the_wrong_word() -> None:
    figure = errors.drift(replace(WORSE, wrong="<b>"), plain)
    right, slipped = (trace for trace in figure.data if trace.mode == "markers")
    assert (list(right.y), list(slipped.y)) == ([0, 1, 2, 3, 4], [2, 3, 4])
    assert list(slipped.x) == [0.05, 0.5, 0.5]
    assert right.marker.symbol != slipped.marker.symbol
    axis = figure.layout.xaxis
    assert (axis.type, axis.ticktext) == ("log", ("1%", "10%", "100%")[-len(axis.ticktext) :])
    assert axis.range[0] < math.log10(0.05)
    assert figure.layout.yaxis.ticktext[1] == "<b>dog → &lt;b&gt;</b>"


def test_what_has_no_probability_stands_at_the_end_of_the_axis() -> None:
    figure = errors.drift(drift(1, 0.5, 0.5, 0.0, 0.5, 0.5), plain)
    assert figure.layout.xaxis.ticktext[0].startswith("10<sup>−")
    json.loads(figure.to_json())


def test_the_drift_in_words() -> None:
    summary = errors.drift_alt(WORSE, plain)
    assert "after “cat” in place of “dog”: runs 50% → 5%, fast 50% → 50%, STOP" in summary


CLASSES = (("golden retriever", 0.5), ("<b>", 0.25), ("wig", 0.001))


def test_classes_are_bars_best_on_top() -> None:
    figure = photo.classes(CLASSES, plain)
    bars, names = figure.data
    assert list(bars.x) == [0.5, 0.25, 0.001]
    assert bars.y[0] == max(bars.y)
    assert list(bars.text) == ["50%", "25%", "<1%"]
    assert list(names.text) == ["golden retriever", "&lt;b&gt;", "wig"]
    assert figure.layout.xaxis.title.text == "probability"
    assert photo.classes_alt(CLASSES, plain).endswith("<b> 25%, wig <1%.")
    summary = photo.classes_sentence(CLASSES, plain)
    assert "“golden retriever” with 50%; these 3 hold 75%" in summary
    assert "the other 997 classes" in summary
