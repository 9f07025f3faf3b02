"""Figures of where a model fails: error rates by kind of text, for every task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.numbers import grouped, rate
from engine.figures.style import MARK, NEGATIVE, NEUTRAL, Translate, frame
from engine.results import ErrorShare, FailureReport

Name = Callable[[str, Translate], str]

ENOUGH = 30
"""Of fewer texts a share says little: it is drawn pale and no sentence is built on it."""

LETTERS = 45
"""Letters of a label that there is room for across a picture on a narrow screen."""

NAME = 22
"""Letters of a kind's name on one line: on a phone the bars need room too."""


def rate_bars(
    kinds: Sequence[ErrorShare], everything: ErrorShare, name: Name, _: Translate
) -> go.Figure:
    """Shares of errors as bars with their counts, the largest on top; a dotted line at the share of
    everything. `name` says what a kind is called; the title is the caller's."""
    found = sorted(kinds, key=lambda kind: kind.rate)
    figure = frame(34 * len(found) + 70)
    names = ["<br>".join(wrap(name(kind.name, _), NAME)) for kind in found]
    figure.add_bar(
        orientation="h",
        x=[kind.rate for kind in found],
        y=names,
        marker={"color": [NEGATIVE if kind.n >= ENOUGH else NEUTRAL for kind in found]},
        hoverinfo="skip",
    )
    reach = 2 * max(everything.rate, 0.005, *(kind.rate for kind in found))
    for kind, called in zip(found, names, strict=True):
        text = _("{percent} of {count}").format(percent=rate(kind.rate), count=grouped(kind.n))
        # A label begins at its bar's end, or behind the dotted line where it would lie on it.
        covers = kind.rate < everything.rate < kind.rate + len(text) * reach / LETTERS
        figure.add_annotation(
            x=everything.rate if covers else kind.rate,
            y=called,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": 12},
        )
    line = {"color": MARK, "width": 2, "dash": "dot"}
    updates.vline(figure, everything.rate, line=line, layer="below")
    updates.xaxes(figure, tickformat=".0%", range=[0, reach])
    updates.yaxes(figure, showgrid=False, ticks="", automargin=True)
    return updates.layout(figure, margin={"l": 8, "r": 8, "t": 4, "b": 44}, bargap=0.35)


def most_often(failures: FailureReport[Any], name: Name, _: Translate, *, over: float = 0.0) -> str:
    """The kind with the largest share of errors, in a sentence that begins with a space; "" where
    no kind with enough texts has a share over `over`."""
    enough = [kind for kind in failures.kinds if kind.n >= ENOUGH]
    worst = max(enough, key=lambda kind: kind.rate, default=None)
    if worst is None or worst.rate <= over:
        return ""
    return " " + _("Most often: {kind}, {percent} of {count}.").format(
        kind=name(worst.name, _), percent=rate(worst.rate), count=grouped(worst.n)
    )


def rate_bars_alt(kinds: Sequence[ErrorShare], name: Name, _: Translate) -> str:
    """The bars of `rate_bars` in words, the largest first."""
    found = sorted(kinds, key=lambda kind: -kind.rate)
    return ", ".join(f"{name(kind.name, _)} {rate(kind.rate)}" for kind in found)
