"""The matrices of one step with their shapes (slide 22); the rows of all gates stacked (slide 41).

n inputs, m units: with G gates and candidates the stacked matrix has G·m rows and n + m columns.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures.drawing import CLEAR, INK, Cell, Drawing, shade, signed
from engine.figures.style import BLUE, OCHRE, POSITIVE, PURPLE, Translate, cell_style
from engine.results import SIGMOIDS, CellRun, Floats

COLOURS = {"i": BLUE, "f": PURPLE, "o": OCHRE, "r": BLUE, "z": PURPLE}
"""One colour per gate; candidates are teal."""

TITLES = {"n": "h′", "h": ""}
ROW, HEAD = 21, 66
"""Pixels: height of a row, and of what stands above the matrices."""

LEAST = 7
"""Rows for which there is always room."""

WIDE = 8
"""Of more columns than this the numbers are left out: they would not fit a phone's screen."""


def matrices(run: CellRun, step: int, _: Translate) -> go.Figure:
    """a = [Wₓ W_h] [xₜ; hₜ₋₁] (+ b) with numbers of step `step` and shapes; each gate has its own
    colour around its rows and its values."""
    gates, m, n = list(run.weights), run.hidden, run.sequence.x.shape[1]
    rows = max(len(gates) * m, n + m, LEAST)
    biased = run.weights[gates[0]].b is not None
    parts = _parts(run, step)
    width = sum(part.shape[1] for _name, part, _shape in parts) + 0.75 * len(parts) + 2.6
    drawing = Drawing(width, rows + HEAD / ROW, rows * ROW + HEAD)
    x, digits = 1.3, None if n + m > WIDE else 1
    signs = iter(["", "", "·", *(["+"] if biased else []), "=", "→"])
    for name, values, shape in parts:
        count = values.shape[1]
        if sign := next(signs, ""):
            drawing.write([x - 0.36], [rows / 2], [sign], 16)
        top = rows - (rows - len(values)) / 2
        for k in range(count):
            _column(drawing, x + k + 0.5, top, values[:, k], digits)
        middle = x + count / 2
        heads = [f"<b>{name}</b>", *shape]
        places = [rows + (HEAD - 12 - 19 * line) / ROW for line in range(len(heads))]
        drawing.write([middle] * len(heads), places, heads, 12)
        if len(values) == len(gates) * m and name != "b":
            for k, gate in enumerate(gates):
                centre = (middle, top - m * (k + 0.5))
                drawing.cells.append(Cell(centre, count, m, CLEAR, _colour(gate), 3))
        x += count + 0.75
    top = rows - (rows - len(gates) * m) / 2
    for k, gate in enumerate(gates):
        y = top - m * (k + 0.5)
        left, activation = TITLES.get(gate, gate), "σ" if gate in SIGMOIDS else "tanh"
        drawing.write([0.65], [y], [f"<b>{left}</b>"], 15, colour=_colour(gate))
        drawing.write([x + 0.25], [y], [activation], 13, colour=_colour(gate))
    return drawing.figure()


def matrices_alt(run: CellRun, _: Translate) -> str:
    """The shapes in words."""
    m, n, gates = run.hidden, run.sequence.x.shape[1], len(run.weights)
    text = _(
        "{cell}: the stacked matrix has {gates} × {m} rows and {n} + {m} columns; times the input "
        "and the old state it gives every pre-activation at once."
    )
    return text.format(cell=cell_style(run.cell).title, gates=gates, m=m, n=n)


def _parts(run: CellRun, step: int) -> list[tuple[str, Floats, tuple[str, ...]]]:
    """Every matrix and vector from left to right: its name, its numbers, its shape."""
    m, n, gates = run.hidden, run.sequence.x.shape[1], len(run.weights)
    rows, R = ("m" if gates == 1 else f"{gates}m"), gates * m
    weights, H = run.gates, run.hidden
    vector = np.concatenate([run.sequence.x[step], run.before("h", step)])[:, None]
    bias = [w.b for w in weights if w.b is not None]
    after = np.concatenate([run.values[gate][step] for gate in run.weights])[:, None]
    a = np.concatenate([run.a[gate][step] for gate in run.weights])[:, None]
    found = [
        ("W<sub>x</sub>", np.vstack([w.W_x for w in weights]), (f"{rows} × n", f"{R} × {n}")),
        ("W<sub>h</sub>", np.vstack([w.W_h for w in weights]), (f"{rows} × m", f"{R} × {H}")),
        ("[xₜ; hₜ₋₁]", vector, ("n + m", f"{n} + {m}")),
    ]
    if bias:
        found.append(("b", np.concatenate(bias)[:, None], (rows, f"{R}")))
    ends = "hₜ" if "h" in run.a else ""
    return [*found, ("a", a, (rows, f"{R}")), (ends, after, (rows, f"{R}"))]


def _column(drawing: Drawing, x: float, top: float, values: Floats, digits: int | None) -> None:
    heights = [top - k - 0.5 for k in range(len(values))]
    for height, value in zip(heights, map(float, values), strict=True):
        drawing.box((x, height), 1, 1, shade(value))
    if digits is not None:
        texts = [signed(float(value), digits) for value in values]
        drawing.write([x] * len(values), heights, texts, 10, colour=INK)


def _colour(gate: str) -> str:
    return COLOURS.get(gate, POSITIVE)
