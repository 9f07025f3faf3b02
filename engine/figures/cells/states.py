"""States of several runs one below the other, their gradients, and where the units are on tanh and
σ (slides 20 and 21).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import updates
from engine.figures.drawing import Drawing
from engine.figures.norms import norm_axis, positive_only, ticks, times
from engine.figures.numbers import decimal, lowered, share_left
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

LEGIBLE = 12
"""Up to so many steps one digit does; beyond it the colours speak alone."""


def states(rows: Mapping[str, Float[Floats, "T H"]], names: Sequence[str]) -> go.Figure:
    """Each row is a title and its states (T, H): a strip of H numbers per step."""
    steps = len(names)
    heights = [len(values[0]) * PIXELS + 34 for values in rows.values()]
    total = sum(heights) + 26
    drawing = Drawing(steps, total, total)
    top = float(total)
    small = steps > ROOMY
    digits = None if steps > LEGIBLE else 1 if small else 2
    for (title, values), height in zip(rows.items(), heights, strict=True):
        drawing.write([0.04], [top - 14], [title], 14, "middle right")
        for t, vector in enumerate(values):
            drawing.strip(
                (t + 0.5, top - 26 - PIXELS * len(vector) / 2),
                vector,
                width=0.92,
                unit=PIXELS,
                size=10 if small else 12,
                digits=digits,
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


HELD_COLOUR = "#b3261e"


def by_lag(free: CellRun, held: CellRun | None, _: Translate) -> go.Figure:
    """The gradient at each step back, divided by the last step's, along c and along h; with gates
    held in a colour of its own."""
    figure = frame(250 if held is None else 330)  # room for two lines of names
    found: list[Floats] = []
    looks = [(free, cell_style(free.cell).colour, _("free"))]
    if held is not None:
        looks.append((held, HELD_COLOUR, _("held")))
    for run, colour, name in looks:
        for state in (state for state in ("c", "h") if state in run.gradients):
            sizes = relative(run, state)
            found.append(sizes)
            figure.add_scatter(
                x=np.arange(run.steps),
                y=positive_only(sizes),
                name=f"∂e/∂{state}" + (f", {name}" if held is not None else ""),
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": "dash" if state == "h" else "solid"},
                marker={"symbol": cell_style(run.cell).symbol, "size": 6},
                hovertemplate="%{x}: %{y:.2g}<extra></extra>",
            )
    norm_axis(figure, _("÷ the last step's (log)"), ticks(found), standoff=4)
    updates.xaxes(figure, title={"text": _("lag: steps back from the last")})
    if held is not None:
        updates.layout(figure, margin={"t": 60}, legend={"font": {"size": 12}})
    return figure


def by_lag_alt(free: CellRun, held: CellRun | None, _: Translate) -> str:
    """The curves in words."""
    said = _("Gradient by lag, loss of the last step. {sentence}")
    return said.format(sentence=ways_back(held or free, _))


def relative(run: CellRun, state: str) -> Float[Floats, " T"]:
    """Norms of ∂e/∂state by lag, 0 first, divided by the one at lag 0; zero where that is zero."""
    sizes = np.linalg.norm(run.gradients[state], axis=1)[::-1]
    return sizes / sizes[0] if sizes[0] > 0 else np.zeros_like(sizes)


def left(run: CellRun) -> float:
    """What is left at the first step of the last step's gradient, along c where there is one."""
    return float(relative(run, "c" if "c" in run.gradients else "h")[-1])


def direct(run: CellRun) -> float | None:
    """The same along the direct path alone: the product of f, or of 1 − z (slide 42); None for a
    cell without such a path."""
    if "c" in run.gradients:
        start, kept = run.gradients["c"][-1], run.values.get("f", np.ones_like(run.values["c"]))
    elif "z" in run.values:
        start, kept = run.gradients["h"][-1], 1 - run.values["z"]
    else:
        return None
    size = float(np.linalg.norm(start))
    return float(np.linalg.norm(start * kept[1:].prod(axis=0))) / size if size > 0 else 0.0


def held_name(gate: str, values: Sequence[float | None]) -> str:
    """f = 0, or what its units are held at: f₁ = 0, f₃ = 1."""
    if len({*values}) == 1:
        return f"{gate} = {values[0]:g}"
    held = [(lowered(k + 1), value) for k, value in enumerate(values)]
    return ", ".join(f"{gate}{unit} = {value:g}" for unit, value in held if value is not None)


def ways_back(run: CellRun, _: Translate) -> str:
    """What reaches the first step along the direct path and altogether, in one sentence."""

    def share(value: float) -> str:
        if value > 1:
            return _("{times} times the last step's gradient").format(times=times(value))
        text = _("{share} of the last step's gradient")
        return text.format(share=share_left(value) if value else 0)

    names = ", ".join(held_name(gate, values) for gate, values in run.held.items())
    begin = _("With {gates}: ").format(gates=names) if names else ""
    total, alone = left(run), direct(run)
    if total == 0:
        text = _("no gradient at all reaches the first step.")
    elif alone is None:
        text = _("through W_h and tanh the first step gets {all}.")
    elif alone == 0:
        text = _(
            "the first step gets nothing directly through {state}; through the gates, which read "
            "h, it gets {all}."
        )
    else:
        text = _(
            "directly through {state} the first step gets {direct}; with the ways through the "
            "gates it is {all}."
        )
    state = "c" if "c" in run.gradients else "h"
    said = text.format(state=state, direct=share(alone or 0.0), all=share(total))
    return begin + (said if begin else said[0].upper() + said[1:])


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
    updates.xaxes(figure, range=[-end, end], title={"text": _("pre-activation a (no unit)")})
    low = -1.08 if which == "tanh" else -0.05
    updates.yaxes(figure, range=[low, 1.08], title={"text": _("value"), "standoff": 6})
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
