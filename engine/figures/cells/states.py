"""States of several runs one below the other, their gradients, and where the units are on tanh and
σ (slides 20 and 21).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures.drawing import Drawing
from engine.figures.norms import plain_ticks
from engine.figures.numbers import decimal, general
from engine.figures.style import (
    BLUE,
    GRID,
    MARK,
    NEGATIVE,
    OCHRE,
    POSITIVE,
    PURPLE,
    Translate,
    cell_style,
    frame,
    plain,
)
from engine.results import SATURATED, SIGMOIDS, CellRun, Floats

PIXELS = 19
"""Height of one number."""

ROOMY = 7
"""Up to so many steps two digits fit a column of a phone's screen."""


def states(rows: Mapping[str, Float[Floats, "T H"]], names: Sequence[str]) -> go.Figure:
    """Each row is a title and its states (T, H): a strip of H numbers per step."""
    steps = len(names)
    heights = [len(values[0]) * PIXELS + 34 for values in rows.values()]
    total = sum(heights) + 26
    drawing = Drawing(steps, total, total)
    top = float(total)
    small = steps > ROOMY
    for (title, values), height in zip(rows.items(), heights, strict=True):
        drawing.write([0.04], [top - 14], [title], 14, "middle right")
        for t, vector in enumerate(values):
            drawing.strip(
                (t + 0.5, top - 26 - PIXELS * len(vector) / 2),
                vector,
                width=0.92,
                unit=PIXELS,
                size=10 if small else 12,
                digits=1 if small else 2,
            )
        top -= height
    drawing.write(
        [t + 0.5 for t in range(steps)],
        [12] * steps,
        [plain(name, 6) for name in names],
        13,
    )
    return drawing.figure()


def states_alt(rows: Mapping[str, Float[Floats, "T H"]], _: Translate) -> str:
    """The last state of each row, in words."""
    listed = [
        f"{title}: ({', '.join(decimal(value, 2) for value in values[-1])})"
        for title, values in rows.items()
    ]
    return _("States after the last step. {states}").format(states="; ".join(listed))


def norms(untouched: CellRun, held: CellRun, _: Translate) -> go.Figure:
    """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) over the steps, as they are, of a cell and of its held copy.

    Same weights, same input and the same loss, so the norms themselves can be compared.
    """
    figure = frame(330)
    steps = np.arange(untouched.steps)
    style, other = cell_style(untouched.cell), "#c4500c"
    looks = ((untouched, style.colour, _("untouched")), (held, other, _("held")))
    for state in untouched.gradients:
        for run, colour, name in looks:
            size = np.linalg.norm(run.gradients[state], axis=1)
            figure.add_scatter(
                x=steps,
                y=np.where(size > 0, size, np.nan),
                name=f"∂e/∂{state}, {name}",
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": "dash" if state == "h" else "solid"},
                marker={"symbol": style.symbol if run is untouched else "x", "size": 8},
                hovertemplate="%{y:.3g}<extra></extra>",
            )
    figure.update_yaxes(type="log", title={"text": _("gradient norm (log)")}, automargin=True)
    sizes = [np.linalg.norm(g, axis=1) for run, *_look in looks for g in run.gradients.values()]
    figure.update_yaxes(**plain_ticks(sizes))
    names = [plain(name, 6) for name in untouched.sequence.names]
    figure.update_xaxes(tickvals=steps, ticktext=names, title={"text": _("step, first to last")})
    figure.add_hline(y=1, line={"color": MARK, "width": 1, "dash": "dot"})
    return figure


def norms_alt(untouched: CellRun, held: CellRun, _: Translate) -> str:
    """The gradient at the first step, in both."""

    def listed(run: CellRun) -> str:
        return ", ".join(
            f"∂e/∂{name} {general(np.linalg.norm(found[0]), 2)}"
            for name, found in run.gradients.items()
        )

    text = _("Gradient norms at the first step. Untouched: {one}. Held: {other}.")
    return text.format(one=listed(untouched), other=listed(held))


SYMBOLS = {"i": "circle", "f": "square", "o": "diamond", "r": "circle", "z": "square"}
COLOURS = {
    "i": BLUE,
    "f": PURPLE,
    "o": OCHRE,
}
NAMES = {"h": "a", "n": "h′", "g": "g"}


def tanh(a: Float[Floats, " N"]) -> Float[Floats, " N"]:
    """Slide 20: (e^a − e^−a) / (e^a + e^−a) = 2σ(2a) − 1."""
    return 2 * sigmoid(2 * a) - 1


def sigmoid(a: Float[Floats, " N"]) -> Float[Floats, " N"]:
    """σ(a) = 1 / (1 + e^−a)."""
    return 1 / (1 + np.exp(-a))


def curve(which: str, run: CellRun, step: int, _: Translate) -> go.Figure:
    """`which` is "tanh" or "sigmoid"; each unit's pre-activation at this step is a point on it."""
    figure = frame(400)
    gates = {g: a[step] for g, a in run.a.items() if (g in SIGMOIDS) == (which == "sigmoid")}
    widest = max((float(np.abs(a).max()) for a in gates.values()), default=0.0)
    end = max(4.0, math.ceil(widest) + 0.5)
    x = np.linspace(-end, end, 241)
    if which == "tanh":
        y, name, derivative = tanh(x), "tanh(a)", "1 − tanh²(a)"
        slope = 1 - y**2
    else:
        y, name, derivative = sigmoid(x), "σ(a)", "σ(a)(1 − σ(a))"
        slope = y * (1 - y)
    line = {"mode": "lines", "hoverinfo": "skip"}
    figure.add_scatter(x=x, y=y, name=name, line={"color": POSITIVE, "width": 2.5}, **line)
    dashed = {"color": NEGATIVE, "width": 2, "dash": "dash"}
    figure.add_scatter(x=x, y=slope, name=derivative, line=dashed, **line)
    for x0, x1 in ((-end, -edge(which)), (edge(which), end)):  # there a unit is saturated
        figure.add_vrect(x0=x0, x1=x1, fillcolor=GRID, line_width=0, layer="below")
    for gate, a in gates.items():
        # One gate's units on the curve, numbered from 1.
        colour = COLOURS.get(gate, MARK if which == "sigmoid" else BLUE)
        marker = {"size": 12, "symbol": SYMBOLS.get(gate, "circle"), "color": colour}
        figure.add_scatter(
            x=a,
            y=tanh(a) if which == "tanh" else sigmoid(a),
            mode="markers+text",
            marker={**marker, "line": {"width": 1.5, "color": "#ffffff"}},
            text=[str(k + 1) for k in range(len(a))],
            textposition="top center",
            name=NAMES.get(gate, gate),
            hovertemplate="%{text}: a = %{x:.2f} → %{y:.2f}<extra></extra>",
        )
    figure.update_xaxes(range=[-end, end], title={"text": _("pre-activation a (no unit)")})
    low = -1.08 if which == "tanh" else -0.05
    figure.update_yaxes(range=[low, 1.08], title={"text": _("value"), "standoff": 6})
    return figure


def curve_alt(which: str, run: CellRun, step: int, _: Translate) -> str:
    """The points in words: each gate's pre-activations at this step."""
    listed = [
        f"{gate}: {', '.join(decimal(v, 2) for v in a[step])}"
        for gate, a in run.a.items()
        if (gate in SIGMOIDS) == (which == "sigmoid")
    ]
    text = _("{curve} and its derivative; pre-activations at this step: {values}")
    name = "tanh" if which == "tanh" else "σ"
    return text.format(curve=name, values="; ".join(listed) or "–")


def edge(which: str) -> float:
    """|a| beyond which the slope is below a tenth of the largest: 1.82 for tanh, 3.64 for σ."""
    bound = math.atanh(math.sqrt(1 - SATURATED))
    return bound if which == "tanh" else 2 * bound
