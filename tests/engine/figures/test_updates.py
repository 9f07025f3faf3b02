"""The fast updates leave the figures that Plotly's own leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import pytest

from engine.figures import updates
from engine.figures.style import frame

LINE = {"color": "#123456", "width": 2, "dash": "dot"}

Change = Callable[[go.Figure], Any]


def drawn(second: bool) -> go.Figure:
    """A figure with a curve, and a second axis where one is wanted."""
    figure = frame(300)
    figure.add_scatter(x=[1, 2], y=[3, 4])
    if second:
        figure.add_bar(x=[1, 2], y=[5, 6], yaxis="y2")
        figure.update_layout(yaxis2={"overlaying": "y", "title": {"text": "bars"}})
    return figure


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize(
    ("fast", "own"),
    [
        (
            lambda f: updates.layout(f, margin={"t": 9}, showlegend=False, legend={"x": 1}),
            lambda f: f.update_layout(margin={"t": 9}, showlegend=False, legend={"x": 1}),
        ),
        (
            lambda f: updates.layout(f, annotations=[{"text": "a", "x": 1, "y": 2}]),
            lambda f: f.update_layout(annotations=[{"text": "a", "x": 1, "y": 2}]),
        ),
        (
            lambda f: updates.yaxes(f, type="log", title={"text": "y", "standoff": 6}, dtick=1),
            lambda f: f.update_yaxes(type="log", title={"text": "y", "standoff": 6}, dtick=1),
        ),
        (
            lambda f: updates.xaxes(f, tickvals=[1, 2], ticktext=["a", "b"], range=[0, 3]),
            lambda f: f.update_xaxes(tickvals=[1, 2], ticktext=["a", "b"], range=[0, 3]),
        ),
        (
            lambda f: updates.hline(f, 0.5, line=LINE, layer="below"),
            lambda f: f.add_hline(y=0.5, line=LINE, layer="below"),
        ),
        (lambda f: updates.vline(f, 2, line=LINE), lambda f: f.add_vline(x=2, line=LINE)),
    ],
    ids=["layout", "annotations", "yaxes", "xaxes", "hline", "vline"],
)
def test_it_is_what_plotly_makes_of_it(fast: Change, own: Change, second: bool) -> None:
    one, other = drawn(second), drawn(second)
    fast(one)
    if second and fast.__code__.co_names[-1] in ("hline", "vline"):
        pytest.skip("Plotly's own lines are drawn once per pair of axes")
    own(other)
    assert one.to_dict() == other.to_dict()


def test_a_name_that_plotly_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        updates.layout(frame(200), legend={"colour": "red"})
