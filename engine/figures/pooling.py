"""How a verdict adds up over the steps under the three poolings of slides 51 to 53."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures.influence import Number, localised, signed
from engine.figures.style import CELLS, GRID, MARK, NEUTRAL, Translate, frame, plain
from engine.results import Contributions, Verdict

POOLINGS = ("last", "sum", "both")
"""Ways to make one vector of all states, in the order of slides 51 to 53."""

TICKS = 30
"""More words than this below one axis cannot be read: every second, third … is written."""

PANEL, GAP = 190, 44
"""Pixels: height of one panel, and room between two for the lower one's title."""

TOGETHER = "#8a6bc1"
"""The dash at the sum of both directions, seen on blue, magenta, olive and grey."""

TOP, BOTTOM = 62, 40


def title(pooling: str, _: Translate) -> str:
    """What a pooling is called, with its slide."""
    names = {
        "last": _("last state (slide 51)"),
        "sum": _("sum of states (slide 52)"),
        "both": _("sum over both directions (slide 53)"),
    }
    return names[pooling]


def steps(parts: Sequence[Contributions], _: Translate, number: Number) -> go.Figure:
    """One panel per pooling, all on one token axis: what each step adds to the margin.

    Each panel has its own scale, since the models are different trained networks. Both directions
    are stacked, the backward one hatched; a dash marks their sum.
    """
    count = len(parts)
    inner = count * PANEL + (count - 1) * GAP
    figure = frame(inner + TOP + BOTTOM)
    share = PANEL / inner
    for row, part in enumerate(parts):
        top = 1 - row * share * (1 + GAP / PANEL)
        axis = "" if row == 0 else str(row + 1)
        for trace in _traces(part, _, legend=row == _first_of_both(parts)):
            figure.add_trace(trace.update(xaxis="x", yaxis=f"y{axis}"))
        domain = [max(0.0, top - share), top]
        figure.update_layout({f"yaxis{axis}": _scale(domain, _("logits (up: positive)"))})
        figure.add_annotation(**_heading(title(part.pooling, _), top))
    _words(figure, parts, count)
    figure.update_xaxes(title={"text": _("token, first to last")})
    figure.update_layout(barmode="relative", bargap=0.25)
    figure.update_layout(legend={"y": 1 + 26 / inner}, margin={"t": TOP, "b": BOTTOM})
    return localised(figure, number)


def steps_alt(parts: Sequence[Contributions], _: Translate, number: Number) -> str:
    """The panels in words: per pooling the step that adds most, and the sum."""
    return " ".join(f"{title(part.pooling, _)}: {leading(part, _, number)}" for part in parts)


def leading(part: Contributions, _: Translate, number: Number) -> str:
    """Which step weighs most, and how much of all movement is its own."""
    step = int(np.abs(part.total).argmax())
    moved = float(np.abs(part.total).sum())
    return _(
        "“{token}” (step {step} of {count}) weighs most with {value}, {share} of all that the "
        "steps move."
    ).format(
        token=part.pieces[step].text.strip(),
        step=step + 1,
        count=len(part.pieces),
        value=signed(float(part.total[step]), number),
        share=f"{abs(float(part.total[step])) / moved if moved else 0:.0%}",
    )


def own_margin(verdict: Verdict, temperature: float) -> float:
    """Logit of "positive" minus that of "negative", from the probabilities that the model gave.

    They are softmax(logits / temperature), so this way to the margin knows nothing of the steps.
    """
    smallest = np.finfo(np.float64).tiny
    logs = np.log(np.maximum(verdict.probabilities, smallest))
    positive, negative = verdict.labels.index("positive"), verdict.labels.index("negative")
    return float(temperature * (logs[positive] - logs[negative]))


def _first_of_both(parts: Sequence[Contributions]) -> int:
    """The panel that shows every kind of bar, for the legend: the first with two directions."""
    return next((k for k, part in enumerate(parts) if part.backward is not None), 0)


def _traces(part: Contributions, _: Translate, *, legend: bool) -> list[go.Bar | go.Scatter]:
    """One bar per step and direction; with two, a dash at their sum."""
    x = np.arange(len(part.pieces))
    texts = [plain(piece.text.strip()) for piece in part.pieces]
    shared = {"x": x, "text": texts, "textposition": "none", "showlegend": legend}
    hover = "%{text}: %{y:.2f}<extra>"
    ahead, back, total = _("reading forward"), _("reading backward"), _("both together")
    forward = go.Bar(
        **shared,
        y=part.forward,
        name=ahead,
        marker={"color": CELLS[part.cell].colour},
        hovertemplate=f"{hover}{ahead}</extra>",
    )
    if part.backward is None:
        return [forward]
    backward = go.Bar(
        **shared,
        y=part.backward,
        name=back,
        marker={"color": NEUTRAL, "pattern": {"shape": "/", "size": 5}},
        hovertemplate=f"{hover}{back}</extra>",
    )
    marker = {"symbol": "line-ew", "size": 13, "line": {"width": 4, "color": TOGETHER}}
    dash = go.Scatter(
        x=x,
        y=part.total,
        text=texts,
        name=total,
        mode="markers",
        marker=marker,
        hovertemplate=f"{hover}{total}</extra>",
        showlegend=legend,
    )
    return [forward, backward, dash]


def _scale(domain: list[float], text: str) -> dict[str, object]:
    """One panel's own vertical axis, with its zero line."""
    return {
        "domain": domain,
        "title": {"text": text, "standoff": 6},
        "zeroline": True,
        "zerolinecolor": MARK,
        "gridcolor": GRID,
        "fixedrange": True,
        "automargin": False,
        "nticks": 6,
    }


def _heading(text: str, top: float) -> dict[str, object]:
    """A panel's title, above its left edge."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper"}
    look = {"yanchor": "bottom", "showarrow": False, "font": {"size": 14}}
    return {"text": f"<b>{text}</b>", **place, **look}


def _words(figure: go.Figure, parts: Sequence[Contributions], count: int) -> None:
    """The tokens, below the lowest panel."""
    pieces = parts[0].pieces
    every = -(-len(pieces) // TICKS)
    figure.update_xaxes(
        tickvals=list(range(0, len(pieces), every)),
        ticktext=[plain(piece.text.strip(), 14) for piece in pieces[::every]],
        anchor="y" if count == 1 else f"y{count}",
        automargin="height",
        autotickangles=[0, -90],
    )
