"""The gradient by lag of a model in training, and what truncated BPTT cuts off."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import state_trace
from engine.figures.numbers import share_left
from engine.figures.style import MARK, Translate, cell_style, frame
from engine.results import REACHES, OwnTrainingRecord

HEIGHT = 300
FLOOR = 1e-6
"""Below this the gradient by lag is off the picture."""

LITTLE = 0.01
"""Below this share of lag 0's gradient, what the window cuts off is called little."""

BEYOND = "rgba(127, 138, 147, 0.18)"


def by_lag(record: OwnTrainingRecord, _: Translate) -> go.Figure:
    """Gradient norms relative to lag 0 on a log axis; what lies beyond the window is shaded."""
    figure, norms = frame(HEIGHT), record.by_lag
    for which in norms.states:
        values, compared = norms.relative(which), which == norms.path
        drawn, lags = np.where(values > FLOOR / 10, values, np.nan), np.arange(len(values))
        curve = state_trace(record.cell, which, lags, drawn, compared, aside=1.5, showlegend=True)
        figure.add_scatter(**curve)
    edge, end = record.steps - 0.5, len(record.h) - 0.5
    if end > edge:
        figure.add_vrect(x0=edge, x1=end, fillcolor=BEYOND, line_width=0, layer="below")
        _note(figure, end, _("cut off"))
    updates.vline(figure, edge, line={"color": MARK, "width": 2})
    _note(figure, edge, _("window of {steps}").format(steps=record.steps))
    updates.xaxes(figure, title={"text": _("lag: characters back")}, range=[-0.5, end])
    curves = [norms.relative(which) for which in norms.states]
    low = max(FLOOR, min(float(v[v > 0].min(initial=0.1)) for v in curves))
    high = max(1.0, *(float(v.max()) for v in curves))
    updates.yaxes(figure, type="log", range=[np.log10(low) - 0.2, np.log10(high) + 0.5], dtick=1)
    updates.yaxes(figure, exponentformat="power", automargin=True)
    title = {"text": _("gradient norm ÷ lag 0's (log)"), "standoff": 10}
    return updates.yaxes(figure, title=title)


def by_lag_alt(record: OwnTrainingRecord, _: Translate) -> str:
    """The curve in words."""
    return f"{cell_style(record.cell).title}: {sentence(record, _)}"


def sentence(record: OwnTrainingRecord, _: Translate) -> str:
    """What the window costs this model, computed from its gradient without a cut."""
    relative = record.by_lag.relative()
    edge = min(record.steps, len(relative)) - 1
    left = float(relative[edge])
    if relative[0] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    if left < REACHES:
        text = _(
            "The gradient falls to a thousandth within {reach} characters, inside the window of "
            "{steps}: the cut takes hardly anything away here."
        )
        return text.format(reach=record.by_lag.reach + 1, steps=record.steps)
    values = {"steps": record.steps, "share": share_left(left)}
    if left < LITTLE:
        text = _(
            "At the edge of the window, {steps} characters back, {share} of the gradient is left: "
            "the cut takes little away here."
        )
        return text.format(**values)
    text = _(
        "At the edge of the window, {steps} characters back, {share} of the gradient is left: what "
        "lies beyond is cut off although it would say something."
    )
    return text.format(**values)


def _note(figure: go.Figure, x: float, text: str) -> None:
    """A word at the top of the figure, to the left of a vertical line."""
    place = {"x": x, "xanchor": "right", "xshift": -4, "y": 1, "yref": "paper", "yanchor": "top"}
    figure.add_annotation(text=text, showarrow=False, font={"size": 13}, opacity=0.9, **place)
