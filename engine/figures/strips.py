"""What the pictures of cells are made of: vectors as strips of coloured numbers, boxes, wires.

A strip shows one number per unit: teal where it is positive, orange where it is negative, stronger
the farther it is from zero; the sign is written, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.figures.drawing import LINE, Cell, Drawing, Label, Point, Real
from engine.figures.style import NEGATIVE, POSITIVE
from engine.results import Floats

INK = "#1e2530"
"""Numbers on a coloured cell."""

RING = "#6a4c93"
"""Around what the equation beside the picture is about; readable on paper and on slate."""

CLEAR = "rgba(0, 0, 0, 0)"


def canvas(width: Real, height: Real, pixels: int, left: Real = 0) -> Drawing:
    """An empty drawing, `pixels` high."""
    return Drawing(width, height, pixels, left)


def shade(value: Real) -> str:
    """Teal above zero, orange below, paler near it; opaque, for `INK` to be read on any theme."""
    colour, depth = POSITIVE if value >= 0 else NEGATIVE, 0.08 + 0.5 * min(1.0, abs(value))
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * depth):02x}" for part in parts)


def signed(value: Real, digits: int = 2) -> str:
    """−0.42, +1.30, 0.00: a true minus sign, and none on a zero."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if float(f"{value:.{digits}f}") else text[1:]


def strip(
    drawing: Drawing,
    centre: Point,
    values: Floats,
    *,
    width: Real,
    unit: Real,
    size: int = 12,
    digits: int | None = 2,
    marked: bool = False,
) -> None:
    """One cell per unit, the first on top; `digits=None` leaves the numbers out."""
    x, y = centre
    top = y + unit * len(values) / 2
    heights = [top - unit * (k + 0.5) for k in range(len(values))]
    for height, value in zip(heights, map(float, values), strict=True):
        drawing.cells.append(Cell((x, height), width, unit, shade(value)))
    if digits is not None:
        texts = [signed(float(value), digits) for value in values]
        write(drawing, [x] * len(values), heights, texts, size, colour=INK)
    if marked:
        ring(drawing, centre, width, unit * len(values))


def box(drawing: Drawing, centre: Point, width: Real, height: Real, fill: str) -> None:
    """A rectangle with a thin edge."""
    drawing.cells.append(Cell(centre, width, height, fill))


def ring(drawing: Drawing, centre: Point, width: Real, height: Real) -> None:
    """A thick frame around a strip; drawn last of the cells."""
    drawing.cells.append(Cell(centre, width, height, CLEAR, RING, 3))


def write(
    drawing: Drawing,
    x: Sequence[Real],
    y: Sequence[Real],
    texts: Sequence[str],
    size: int = 13,
    anchor: str = "middle center",
    *,
    colour: str | None = None,
) -> None:
    """Texts at points; nothing hovers."""
    for place, text in zip(zip(x, y, strict=True), texts, strict=True):
        drawing.labels.append(Label(place, text, size, anchor, colour))


def wire(drawing: Drawing, *points: Point, colour: str = LINE, arrow: bool = True) -> None:
    """A line through the points, with an arrow's head at the last."""
    last = points if arrow else (*points, points[-1])
    drawing.wires[colour].append(last)


def dot(drawing: Drawing, *places: Point) -> None:
    """Where a wire branches, as opposed to where two merely cross."""
    drawing.dots.extend(places)


def operation(drawing: Drawing, place: Point, sign: str) -> None:
    """⊙, + or tanh where wires meet, without weights of its own."""
    drawing.operations.append((place, sign))
