"""tanh and σ with their derivatives, and where the units are on them (slides 20 and 21)."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from engine.figures.style import GRID, MARK, NEGATIVE, POSITIVE, Translate, cell_style, frame
from engine.results import SATURATED, SIGMOIDS, CellRun, Floats

SYMBOLS = {"i": "circle", "f": "square", "o": "diamond", "r": "circle", "z": "square"}
COLOURS = {
    "i": cell_style("lstm").colour,
    "f": cell_style("rnn").colour,
    "o": cell_style("gru").colour,
}
NAMES = {"h": "a", "n": "h′", "g": "g"}


def tanh(a: Floats) -> Floats:
    """Slide 20: (e^a − e^−a) / (e^a + e^−a) = 2σ(2a) − 1."""
    return 2 * sigmoid(2 * a) - 1


def sigmoid(a: Floats) -> Floats:
    """σ(a) = 1 / (1 + e^−a)."""
    return 1 / (1 + np.exp(-a))


def curve(which: str, run: CellRun, step: int, _: Translate) -> go.Figure:
    """`which` is "tanh" or "sigmoid"; each unit's pre-activation at this step is a point on it."""
    figure = frame(290)
    gates = {g: a[step] for g, a in run.a.items() if (g in SIGMOIDS) == (which == "sigmoid")}
    widest = max((float(np.abs(a).max()) for a in gates.values()), default=0.0)
    end = max(4.0, math.ceil(widest) + 0.5)
    x = np.linspace(-end, end, 241)
    y, slope, name, derivative = _shapes(which, x)
    line = {"mode": "lines", "hoverinfo": "skip"}
    figure.add_scatter(x=x, y=y, name=name, line={"color": POSITIVE, "width": 2.5}, **line)
    dashed = {"color": NEGATIVE, "width": 2, "dash": "dash"}
    figure.add_scatter(x=x, y=slope, name=derivative, line=dashed, **line)
    _saturated(figure, which, end)
    for gate, a in gates.items():
        figure.add_scatter(**_points(which, gate, a))
    figure.update_xaxes(range=[-end, end], title={"text": _("pre-activation a (no unit)")})
    low = -1.08 if which == "tanh" else -0.05
    figure.update_yaxes(range=[low, 1.08], title={"text": _("value"), "standoff": 6})
    return figure


def curve_alt(which: str, run: CellRun, step: int, _: Translate) -> str:
    """The points in words: each gate's pre-activations at this step."""
    said = [
        f"{gate}: {', '.join(f'{v:.2f}' for v in a[step])}"
        for gate, a in run.a.items()
        if (gate in SIGMOIDS) == (which == "sigmoid")
    ]
    text = _("{curve} and its derivative; pre-activations at this step: {values}")
    name = "tanh" if which == "tanh" else "σ"
    return text.format(curve=name, values="; ".join(said) or "–")


def _shapes(which: str, x: Floats) -> tuple[Floats, Floats, str, str]:
    """The curve, its derivative, and their names."""
    if which == "tanh":
        return tanh(x), 1 - tanh(x) ** 2, "tanh(a)", "1 − tanh²(a)"
    s = sigmoid(x)
    return s, s * (1 - s), "σ(a)", "σ(a)(1 − σ(a))"


def edge(which: str) -> float:
    """|a| beyond which the slope is below a tenth of the largest: 1.82 for tanh, 3.64 for σ."""
    bound = math.atanh(math.sqrt(1 - SATURATED))
    return bound if which == "tanh" else 2 * bound


def _saturated(figure: go.Figure, which: str, end: float) -> None:
    """Both ends shaded, where a unit counts as saturated."""
    for x0, x1 in ((-end, -edge(which)), (edge(which), end)):
        figure.add_vrect(x0=x0, x1=x1, fillcolor=GRID, line_width=0, layer="below")


def _points(which: str, gate: str, a: Floats) -> dict[str, object]:
    """One gate's units on the curve, numbered from 1."""
    colour = COLOURS.get(gate, MARK if which == "sigmoid" else cell_style("lstm").colour)
    marker = {"size": 12, "symbol": SYMBOLS.get(gate, "circle"), "color": colour}
    return {
        "x": a,
        "y": tanh(a) if which == "tanh" else sigmoid(a),
        "mode": "markers+text",
        "marker": {**marker, "line": {"width": 1.5, "color": "#ffffff"}},
        "text": [str(k + 1) for k in range(len(a))],
        "textposition": "top center",
        "name": NAMES.get(gate, gate),
        "hovertemplate": "%{text}: a = %{x:.2f} → %{y:.2f}<extra></extra>",
    }
