"""The stair of copies ends at the gradient, whatever signs the copies have."""

from __future__ import annotations

import numpy as np

from engine.figures.gradients import paths as bptt
from engine.results import ByHand


def plain(text: str) -> str:
    return text


def hand() -> ByHand:
    copies = np.zeros((3, 2, 2))
    copies[:, 1, 0] = [0.0, 0.5, -0.2]
    steps = np.zeros((3, 2))
    return ByHand(
        word="abca",
        alphabet="abc",
        W_h=np.eye(2),
        x=np.eye(3),
        h=np.zeros((4, 2)),
        y=np.full((3, 3), 1 / 3),
        losses=np.ones(3),
        slope=np.ones((3, 2)),
        from_output=steps,
        from_future=steps,
        copies={"h": copies, "x": np.zeros((3, 2, 3))},
        autograd={"h": copies.sum(0), "x": np.zeros((2, 3))},
    )


def test_every_bar_begins_where_the_one_before_ended() -> None:
    bars, total = bptt.copies(hand(), "h", 1, 0, 2, plain).data
    np.testing.assert_allclose(bars.base, [0, 0, 0.5])
    np.testing.assert_allclose(bars.y, [0, 0.5, -0.2])
    assert total.y[0] == bars.base[-1] + bars.y[-1]
    assert list(bars.text) == ["0", "+0.500", "−0.200"]
    assert list(bars.marker.opacity) == [0.5, 1.0, 0.5]


def test_autograds_value_is_a_line_at_the_sum() -> None:
    figure = bptt.copies(hand(), "h", 1, 0, 1, plain)
    assert figure.layout.shapes[0].y0 == hand().autograd["h"][1, 0]
    assert figure.layout.yaxis.title.text == "∂e/∂W_h[2, 1]"
    low, high = figure.layout.yaxis.range
    assert low < 0 < 0.5 < high


def test_a_gradient_of_zero_can_be_drawn() -> None:
    low, high = bptt.copies(hand(), "x", 0, 2, 1, plain).layout.yaxis.range
    assert low < 0 < high


def test_the_stair_in_words() -> None:
    alt = bptt.copies_alt(hand(), "h", 1, 0, plain)
    assert alt.endswith("W_h[2, 1] at t = 1 to 3 add 0, +0.500, −0.200: together +0.300.")
