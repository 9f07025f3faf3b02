"""The cell unrolled in time: the same weights at every step (slides 18 and 23)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures.drawing import Drawing
from engine.figures.strips import INK, box, canvas, ring, shade, strip, wire, write
from engine.figures.style import GRID, Translate, plain
from engine.results import CellRun

HEIGHT = 470
UNIT, WIDTH, NARROW = 3.5, 0.84, 0.5
"""A number in a strip: height in hundredths of the drawing, width in columns; where there are many
columns the strips of states are narrow, so that the arrows between them are seen.
"""

INPUT, STATE, LOSS = 5.0, 35.0, 91.0
W_X, W_H, W_Y = "#1f6fb5", "#c4500c", "#8c5fa8"
"""One colour per shared matrix: blue, vermilion and violet differ for every colour blindness."""

ROOMY = 6
"""Up to so many steps there is room for numbers in a column of a phone's screen."""


def unrolled(run: CellRun, step: int, _: Translate) -> go.Figure:
    """x_t, h_t, y_t, e_t for every step, from left to right; step `step` is shaded."""
    drawing = canvas(run.steps + 0.55, 100, HEIGHT, left=_left(run))
    outputs = _outputs(run)
    for t in range(run.steps):
        _column(drawing, run, t, outputs)
    _names(drawing, run, outputs)
    total = _("total loss: the sum of all eₜ = {total}").format(total=f"{run.e.sum():.2f}")
    write(drawing, [run.steps + 0.5], [98], [total], 14, "middle left")
    drawn = drawing.figure()
    here = {"x0": step + 0.5, "x1": step + 1.5, "y0": 0, "y1": 96}
    return drawn.add_shape(type="rect", **here, fillcolor=GRID, line_width=0, layer="below")


def unrolled_alt(run: CellRun, _: Translate) -> str:
    """The losses in words, step by step."""
    losses = ", ".join(f"{e:.2f}" for e in run.e)
    text = _("The cell unrolled over {steps} steps; losses {losses}; total {total}.")
    return text.format(steps=run.steps, losses=losses, total=f"{run.e.sum():.2f}")


def _left(run: CellRun) -> float:
    """Where the drawing begins, in columns: names need more of them the narrower they are."""
    return -0.06 * run.steps


def _outputs(run: CellRun) -> tuple[float, float]:
    """Middle of the outputs, and the height of one of them: they share what is left."""
    low, high = STATE + UNIT * run.hidden / 2 + 12, LOSS - 7
    unit = min(4.0, (high - low) / run.y.shape[1])
    return high - unit * run.y.shape[1] / 2, unit


def _column(drawing: Drawing, run: CellRun, t: int, outputs: tuple[float, float]) -> None:
    """One step, from its input at the bottom to its loss at the top."""
    x, half = t + 1.0, UNIT * run.hidden / 2
    middle, unit = outputs
    small = run.steps > ROOMY
    width = NARROW if small else WIDTH
    box(drawing, (x, INPUT), WIDTH, 7, "rgba(127, 138, 147, 0.12)")
    write(drawing, [x], [INPUT], [plain(run.sequence.names[t], 6)], 12 if small else 15)
    wire(drawing, (x, INPUT + 3.5), (x, STATE - half), colour=W_X)
    start = x - 1 + width / 2 if t else _left(run) + 0.1
    wire(drawing, (start, STATE), (x - width / 2, STATE), colour=W_H)
    digits = None if small else 2
    strip(drawing, (x, STATE), run.values["h"][t], width=width, unit=UNIT, digits=digits)
    bottom = middle - unit * run.y.shape[1] / 2
    wire(drawing, (x, STATE + half), (x, bottom), colour=W_Y)
    _probabilities(drawing, run, t, outputs, not small)
    write(drawing, [x], [LOSS], [f"{run.e[t]:.2f}"], 11 if small else 13)


def _probabilities(
    drawing: Drawing, run: CellRun, t: int, outputs: tuple[float, float], written: bool
) -> None:
    """y_t, the first output on top; the right one is framed."""
    middle, unit = outputs
    top = middle + unit * run.y.shape[1] / 2
    heights = [top - unit * (k + 0.5) for k in range(run.y.shape[1])]
    for height, value in zip(heights, run.y[t], strict=True):
        box(drawing, (t + 1, height), WIDTH, unit, shade(float(value)))
    if written:
        texts = [f"{value:.2f}" for value in run.y[t]]
        write(drawing, np.full(len(heights), t + 1.0).tolist(), heights, texts, 11, colour=INK)
    ring(drawing, (t + 1, heights[int(run.sequence.targets[t])]), WIDTH, unit)


def _names(drawing: Drawing, run: CellRun, outputs: tuple[float, float]) -> None:
    """What stands in each row, and the three matrices where they are first used."""
    middle, unit = outputs
    half, top = UNIT * run.hidden / 2, middle + unit * run.y.shape[1] / 2
    rows = {"xₜ": INPUT, "hₜ": STATE + half - UNIT / 2, "eₜ": LOSS, "yₜ": top + 2.3}
    write(drawing, [0.5] * 4, list(rows.values()), list(rows), 14, "middle left")
    heights = [top - unit * (k + 0.5) for k in range(run.y.shape[1])]
    letters = [plain(name, 6) for name in run.sequence.outputs]
    write(drawing, [0.5] * len(letters), heights, letters, 12, "middle left")
    write(drawing, [_left(run) + 0.05], [STATE - 4], ["h₀ = 0"], 11, "middle right")
    low = middle - unit * run.y.shape[1] / 2
    places = {"Wₓ": (1.06, (INPUT + 3.5 + STATE - half) / 2, W_X)}
    places["W_y"] = (1.06, (STATE + half + low) / 2, W_Y)
    if run.steps > 1:
        places["W_h"] = (1.5, STATE + half + 3, W_H)
    for name, (x, y, colour) in places.items():
        text = name.replace("_y", "<sub>y</sub>").replace("_h", "<sub>h</sub>")
        side = "center" if name == "W_h" else "right"
        write(drawing, [x], [y], [text], 14, f"middle {side}", colour=colour)
