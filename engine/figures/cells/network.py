"""The cell unrolled in time, with the same weights at every step (slides 18 and 23), and layers and
directions as a net of states: what the chosen state depends on (slides 48-49).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from engine.figures.drawing import INK, RING, Drawing, Node, Point, shade, signed
from engine.figures.numbers import decimal
from engine.figures.style import GRID, NEUTRAL, POSITIVE, QUIET, Translate, plain
from engine.results import CellRun, Floats, Reach

HEIGHT, HEIGHT_BACK = 380, 430
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
    drawing = Drawing(run.steps + 0.55, 100, HEIGHT, left=_left(run))
    # Middle of the outputs, and the height of one of them: they share what is left.
    low, high = STATE + UNIT * run.hidden / 2 + 12, LOSS - 7
    unit = min(4.0, (high - low) / run.y.shape[1])
    outputs = high - unit * run.y.shape[1] / 2, unit
    for t in range(run.steps):
        _column(drawing, run, t, outputs)
    _names(drawing, run, outputs)
    total = _("total loss: the sum of all eₜ = {total}").format(total=decimal(run.e.sum(), 2))
    drawing.write([run.steps + 0.5], [98], [total], 14, "middle left")
    drawn = drawing.figure()
    here = {"x0": step + 0.5, "x1": step + 1.5, "y0": 0, "y1": 96}
    return drawn.add_shape(type="rect", **here, fillcolor=GRID, line_width=0, layer="below")


def unrolled_alt(run: CellRun, _: Translate) -> str:
    """The losses in words, step by step."""
    losses = ", ".join(decimal(e, 2) for e in run.e)
    text = _("The cell unrolled over {steps} steps; losses {losses}; total {total}.")
    return text.format(steps=run.steps, losses=losses, total=decimal(run.e.sum(), 2))


PARTS = {"output": 78.0, "future": 56.0, "total": 34.0}
"""Backward: heights of the two parts of ∂e/∂hₜ and of their sum; below it what a copy adds."""

COPY, LAST_LOSS = 8.0, 94.0


def backward(run: CellRun, step: int, entry: tuple[int, int], _: Translate) -> go.Figure:
    """From the losses back to every state: ∂e/∂hₜ = from yₜ + from the future (slide 29). For the
    plain cell also what each copy of W_h adds to the gradient of its number `entry` (slide 25).
    """
    plain_cell = "h" in run.a
    right = run.steps + (1.55 if plain_cell else 0.55)
    drawing = Drawing(right, 100, HEIGHT_BACK, left=-0.35)
    for t in range(run.steps):
        _column_backward(drawing, run, t)
    names = {LAST_LOSS: "eₜ", **dict(zip(PARTS.values(), _part_names(_), strict=True))}
    drawing.write([0.5] * 4, list(names), list(names.values()), 12, "middle left")
    heights = (LAST_LOSS + PARTS["output"]) / 2, (PARTS["future"] + PARTS["total"]) / 2
    drawing.write([1.06], [heights[0]], ["W<sub>y</sub>ᵀ"], 13, "middle right", colour=W_Y)
    if run.steps > 1:
        way = "W<sub>h</sub>ᵀ" if plain_cell else _("gates")
        drawing.write([1.56], [heights[1]], [way], 13, "middle right", colour=W_H)
    if plain_cell:
        _copies(drawing, run, run.copies[:, *entry], entry)
    drawn = drawing.figure()
    here = {"x0": step + 0.5, "x1": step + 1.5, "y0": 0, "y1": 100}
    return drawn.add_shape(type="rect", **here, fillcolor=GRID, line_width=0, layer="below")


def _part_names(_: Translate) -> tuple[str, str, str]:
    return _("from yₜ"), _("from the<br>future"), "∂e/∂hₜ"


def backward_alt(run: CellRun, _: Translate) -> str:
    """The norms of the two parts at every step, in words."""
    text = _("Step {step}: ∂e/∂h has norm {total}; from y {now}, from the future {later}.")
    parts = (run.gradients["h"], run.from_output, run.gradients["h"] - run.from_output)
    sizes = np.stack([np.linalg.norm(part, axis=1) for part in parts], axis=1)
    return " ".join(
        text.format(step=t + 1, total=decimal(a, 3), now=decimal(b, 3), later=decimal(c, 3))
        for t, (a, b, c) in enumerate(sizes)
    )


def _column_backward(drawing: Drawing, run: CellRun, t: int) -> None:
    """One step, from its loss at the top to ∂e/∂hₜ, and the way from there to the step before."""
    x, half, small = t + 1.0, UNIT * run.hidden / 2, run.steps > ROOMY
    width, digits = 0.76, None if small else 2
    total, now = run.gradients["h"][t], run.from_output[t]
    values = {"output": now, "future": total - now, "total": total}
    drawing.write([x], [LAST_LOSS], [decimal(run.e[t], 2)], 11 if small else 13)
    if now.any():
        drawing.wire((x, LAST_LOSS - 3), (x, PARTS["output"] + half), colour=W_Y)
    for name, height in PARTS.items():
        drawing.strip((x, height), values[name], width=width, unit=UNIT, size=11, digits=digits)
    drawing.write([x], [(PARTS["output"] + PARTS["future"]) / 2], ["+"], 15)
    drawing.write([x], [(PARTS["future"] + PARTS["total"]) / 2], ["="], 15)
    if t:  # to the step before: its share from the future
        end, turn = x - 1 + width / 2, x - 0.5
        heights = PARTS["total"], PARTS["future"]
        points = (x - width / 2, heights[0]), (turn, heights[0]), (turn, heights[1])
        drawing.wire(*points, (end, heights[1]), colour=W_H)


def _copies(drawing: Drawing, run: CellRun, parts: Floats, entry: tuple[int, int]) -> None:
    """The row at the bottom: what every copy adds, and the sum."""
    small, half = run.steps > ROOMY, UNIT * run.hidden / 2
    size = 9 if small else 12
    for t, part in enumerate([*parts, parts.sum()]):
        x, last = t + 1.0, t == run.steps
        drawing.box((x, COPY), 0.76, 7, shade(float(part)))
        drawing.write([x], [COPY], [signed(float(part), 2)], size, colour=INK)
        if last:
            drawing.ring((x, COPY), 0.76, 7)
        else:
            drawing.wire((x, PARTS["total"] - half), (x, COPY + 3.5), colour=W_H)
        if t:
            drawing.write([x - 0.5], [COPY], ["=" if last else "+"], 14)
    row, column = entry
    name = f"∂e/∂W<sub>h</sub><br>[{row + 1}, {column + 1}]"
    drawing.write([0.5], [COPY], [name], 11, "middle left")


def _left(run: CellRun) -> float:
    """Where the drawing begins, in columns: names need more of them the narrower they are."""
    return -0.06 * run.steps


def _column(drawing: Drawing, run: CellRun, t: int, outputs: tuple[float, float]) -> None:
    """One step, from its input at the bottom to its loss at the top."""
    x, half = t + 1.0, UNIT * run.hidden / 2
    middle, unit = outputs
    small = run.steps > ROOMY
    width = NARROW if small else WIDTH
    drawing.box((x, INPUT), WIDTH, 7, "rgba(127, 138, 147, 0.12)")
    drawing.write([x], [INPUT], [plain(run.sequence.names[t], 6)], 12 if small else 15)
    drawing.wire((x, INPUT + 3.5), (x, STATE - half), colour=W_X)
    start = x - 1 + width / 2 if t else _left(run) + 0.1
    drawing.wire((start, STATE), (x - width / 2, STATE), colour=W_H)
    digits = None if small else 2
    drawing.strip((x, STATE), run.values["h"][t], width=width, unit=UNIT, digits=digits)
    bottom = middle - unit * run.y.shape[1] / 2
    drawing.wire((x, STATE + half), (x, bottom), colour=W_Y)
    # y_t, the first output on top; the right one is framed.
    top = middle + unit * run.y.shape[1] / 2
    heights = [top - unit * (k + 0.5) for k in range(run.y.shape[1])]
    for height, value in zip(heights, run.y[t], strict=True):
        drawing.box((x, height), WIDTH, unit, shade(float(value)))
    if not small:
        texts = [decimal(value, 2) for value in run.y[t]]
        drawing.write([x] * len(heights), heights, texts, 11, colour=INK)
    drawing.ring((x, heights[int(run.sequence.targets[t])]), WIDTH, unit)
    drawing.write([x], [LOSS], [decimal(run.e[t], 2)], 11 if small else 13)


def _names(drawing: Drawing, run: CellRun, outputs: tuple[float, float]) -> None:
    """What stands in each row, and the three matrices where they are first used."""
    middle, unit = outputs
    half, top = UNIT * run.hidden / 2, middle + unit * run.y.shape[1] / 2
    rows = {"xₜ": INPUT, "hₜ": STATE + half - UNIT / 2, "eₜ": LOSS, "yₜ": top + 2.3}
    drawing.write([0.5] * 4, list(rows.values()), list(rows), 14, "middle left")
    heights = [top - unit * (k + 0.5) for k in range(run.y.shape[1])]
    letters = [plain(name, 6) for name in run.sequence.outputs]
    drawing.write([0.5] * len(letters), heights, letters, 12, "middle left")
    drawing.write([_left(run) + 0.05], [STATE - 4], ["h₀ = 0"], 11, "middle right")
    low = middle - unit * run.y.shape[1] / 2
    places = {"Wₓ": (1.06, (INPUT + 3.5 + STATE - half) / 2, W_X)}
    places["W_y"] = (1.06, (STATE + half + low) / 2, W_Y)
    if run.steps > 1:
        places["W_h"] = (1.5, STATE + half + 3, W_H)
    for name, (x, y, colour) in places.items():
        text = name.replace("_y", "<sub>y</sub>").replace("_h", "<sub>h</sub>")
        side = "center" if name == "W_h" else "right"
        drawing.write([x], [y], [text], 14, f"middle {side}", colour=colour)


UNLIT = "#dfe2e4"
FAINT = "rgba(127, 138, 147, 0.35)"
ROW = 96
"""Pixels from one layer to the next."""

SHIFT = 0.19
"""How far the two directions of one step stand apart, in steps."""

State = tuple[int, int, int]  # layer, direction, step


def net(found: Reach, _: Translate) -> go.Figure:
    """Inputs below, layers above; teal is what the ringed state depends on."""
    layers, directions, steps = found.states.shape
    height = ROW * layers + 70
    drawing = Drawing(steps, height, height)
    for start, end in _edges(layers, directions, steps):
        used = _lit(found, start) and _lit(found, end)
        (x0, y0), (x1, y1) = _place(start, directions), _place(end, directions)
        drawing.wire((x0, y0), (x1, y1), colour=POSITIVE if used else FAINT, short=13)
    nodes = [(k, d, t) for k in range(layers) for d in range(directions) for t in range(steps)]
    inputs = [(-1, 0, t) for t in range(steps)]
    for node in [*inputs, *nodes]:  # squares for inputs; a state's sign says which way it reads
        layer, direction, _step = node
        lit = _lit(found, node)
        drawing.nodes.append(
            Node(
                place=_place(node, directions),
                sign="" if layer < 0 or directions == 1 else "→←"[direction],
                symbol="square" if layer < 0 else "circle",
                fill=POSITIVE if lit else UNLIT,
                edge=POSITIVE if lit else NEUTRAL,
            )
        )
    names = [f"x<sub>{t + 1}</sub>" for t in range(steps)]
    drawing.write([t + 0.5 for t in range(steps)], [10] * steps, names, 14)
    chosen_state = (layers - 1, found.direction, found.step)
    x, y = _place(chosen_state, directions)
    marker = {"size": 34, "symbol": "circle-open", "color": RING, "line": {"width": 3}}
    return drawing.figure().add_scatter(x=[x], y=[y], mode="markers", marker=marker, **QUIET)


def net_alt(found: Reach, _: Translate) -> str:
    """Which inputs reach the state, in words."""
    reached = ", ".join(f"x{k + 1}" for k, lit in enumerate(found.inputs) if lit)
    text = _("The ringed state of step {step} depends on {inputs}.")
    return text.format(step=found.step + 1, inputs=reached)


def _place(node: State, directions: int) -> Point:
    """Where a node stands: time to the right, layers upwards; layer −1 is the input."""
    layer, direction, step = node
    if layer < 0:
        return step + 0.5, 36.0
    aside = (2 * direction - 1) * SHIFT if directions == 2 else 0.0
    raised = 16.0 * direction
    return step + 0.5 + aside, 36.0 + ROW * (layer + 0.85) + raised - 8.0 * (directions - 1)


def _lit(found: Reach, node: State) -> bool:
    layer, direction, step = node
    return bool(found.inputs[step] if layer < 0 else found.states[layer, direction, step])


def _edges(layers: int, directions: int, steps: int) -> Iterator[tuple[State, State]]:
    """Within a layer along its direction, and from everything at a step to the layer above."""
    for layer in range(layers):
        for direction in range(directions):
            for step in range(steps):
                end = (layer, direction, step)
                below = range(directions) if layer else range(1)
                yield from (((layer - 1, d, step), end) for d in below)
                before = step - 1 if direction == 0 else step + 1
                if 0 <= before < steps:
                    yield (layer, direction, before), end
