"""Layers and directions as a net of states: what the chosen state depends on (slides 48-49)."""

from __future__ import annotations

from collections.abc import Iterator

import plotly.graph_objects as go

from engine.figures.drawing import RING, Drawing, Node, Point
from engine.figures.style import NEUTRAL, POSITIVE, QUIET, Translate
from engine.results import Reach

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
