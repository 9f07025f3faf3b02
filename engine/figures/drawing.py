"""A drawing of cells, wires and texts that becomes a Plotly figure of a few traces at the end, or
the shapes of a picture whose parts can be tapped and that plays in time.

Collected first, because Plotly checks every shape anew with each one that is added, which takes
seconds for a hundred of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import numbers, updates
from engine.figures.style import MARK, NEGATIVE, POSITIVE, QUIET, frame
from engine.results import Floats

Real = int | float
Point = tuple[Real, Real]

LINE = "rgba(127, 138, 147, 0.85)"

INK = "#1e2530"
"""Numbers on a coloured cell."""

RING = "#6a4c93"
"""Around what the equation beside the picture is about; readable on paper and on slate."""

CLEAR = "rgba(0, 0, 0, 0)"

BUTTON = 26
"""Pixels above a drawing for the button that saves it."""

SUBSCRIPT = re.compile("<sub>(.*?)</sub>")

DARK = "#56616d"
"""Behind the signs over the wires."""


@dataclass(frozen=True)
class Cell:
    """A rectangle: its middle, its size, and how it is painted."""

    centre: Point
    width: Real
    height: Real
    fill: str
    edge: str = LINE
    thickness: int = 1
    part: str = ""
    since: int = 0


@dataclass(frozen=True)
class Label:
    """A text; in the theme's own colour where none is given."""

    place: Point
    text: str
    size: int
    anchor: str
    colour: str | None
    part: str = ""
    since: int = 0


@dataclass(frozen=True)
class Wire:
    """A line through points, with an arrow's head `short` pixels before the last unless `bare`."""

    points: tuple[Point, ...]
    colour: str
    short: int = 0
    bare: bool = False
    part: str = ""
    since: int = 0


@dataclass(frozen=True)
class Node:
    """A marker with a sign in it, such as a state of a net."""

    place: Point
    sign: str
    symbol: str
    fill: str
    edge: str


@dataclass
class Drawing:
    """Everything that a picture will hold, in coordinates from 0 to `width` and 0 to `height`;
    `pixels` high, and from `left` if that is not 0.

    What is drawn belongs to `part`, the id of what can be tapped ("" for none), and is seen from
    the moment `since` on; both are set before it is drawn, and a figure knows neither.
    """

    width: Real
    height: Real
    pixels: int
    left: Real = 0
    cells: list[Cell] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    dots: list[Point] = field(default_factory=list)
    operations: list[Label] = field(default_factory=list)
    part: str = ""
    since: int = 0

    def strip(
        self,
        centre: Point,
        values: Float[Floats, " H"],
        *,
        width: Real,
        unit: Real,
        size: int = 12,
        digits: int | None = 2,
        marked: bool = False,
    ) -> None:
        """A vector as one cell per unit, the first on top: teal where it is positive, orange where
        it is negative, stronger the farther from zero. `digits=None` leaves the numbers out.
        """
        x, y = centre
        top = y + unit * len(values) / 2
        heights = [top - unit * (k + 0.5) for k in range(len(values))]
        for height, value in zip(heights, map(float, values), strict=True):
            self.box((x, height), width, unit, shade(value))
        if digits is not None:
            texts = [signed(float(value), digits) for value in values]
            self.write([x] * len(values), heights, texts, size, colour=INK)
        if marked:
            self.ring(centre, width, unit * len(values))

    def at(self, part: str, since: int) -> None:
        """What is drawn next belongs to `part` and is seen from the moment `since` on."""
        self.part, self.since = part, since

    def box(self, centre: Point, width: Real, height: Real, fill: str) -> None:
        """A rectangle with a thin edge."""
        self.cells.append(Cell(centre, width, height, fill, part=self.part, since=self.since))

    def ring(self, centre: Point, width: Real, height: Real) -> None:
        """A thick frame around a strip; drawn last of the cells."""
        self.cells.append(Cell(centre, width, height, CLEAR, RING, 3, self.part, self.since))

    def write(
        self,
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
            self.labels.append(Label(place, text, size, anchor, colour, self.part, self.since))

    def wire(self, *points: Point, colour: str = LINE, arrow: bool = True, short: int = 0) -> None:
        """A line through the points, with an arrow's head at the last, or `short` pixels before it:
        at the edge of a sign or a marker there, which keeps its size however large the picture is.
        """
        self.wires.append(Wire(points, colour, short, not arrow, self.part, self.since))

    def dot(self, *places: Point) -> None:
        """Where a wire branches, as opposed to where two merely cross."""
        self.dots.extend(places)

    def operation(self, place: Point, sign: str) -> None:
        """⊙, + or tanh where wires meet, without weights of its own."""
        self.operations.append(Label(place, sign, 13, "", "#ffffff", self.part, self.since))

    def figure(self) -> go.Figure:
        """The drawing as a figure: cells at the back, then wires, nodes, texts, signs."""
        figure = frame(self.pixels + BUTTON)
        updates.layout(figure, margin={"l": 0, "r": 0, "t": BUTTON, "b": 0}, barmode="overlay")
        updates.xaxes(figure, range=[self.left, self.width], visible=False)
        updates.yaxes(figure, range=[0, self.height], visible=False)
        if self.cells:
            figure.add_bar(**_bars(self.cells))
        for colour in dict.fromkeys(wire.colour for wire in self.wires):
            lines = [wire for wire in self.wires if wire.colour == colour]
            figure.add_scatter(**_arrows(lines, colour))
        if self.dots:
            xs, ys = zip(*self.dots, strict=True)
            marker = {"size": 7, "color": MARK}
            figure.add_scatter(x=xs, y=ys, mode="markers", marker=marker, **QUIET)
        if self.nodes:
            figure.add_scatter(**_markers(self.nodes))
        for ink in dict.fromkeys(label.colour for label in self.labels):
            found = [label for label in self.labels if label.colour == ink]
            figure.add_scatter(
                x=[label.place[0] for label in found],
                y=[label.place[1] for label in found],
                text=[label.text for label in found],
                mode="text",
                textfont={"size": [label.size for label in found], "color": ink},
                textposition=[label.anchor for label in found],
                cliponaxis=False,
                **QUIET,
            )
        return updates.layout(
            figure,
            annotations=[
                {
                    "x": label.place[0],
                    "y": label.place[1],
                    "text": label.text,
                    "showarrow": False,
                    "font": {"size": label.size, "color": label.colour},
                    "bgcolor": DARK,
                    "bordercolor": DARK,
                    "borderpad": 3,
                }
                for label in self.operations
            ],
        )

    def shapes(self, across: Real) -> list[dict[str, object]]:
        """The same as shapes for an SVG of `across` by `pixels` pixels, from back to front: boxes
        ("b"), lines ("l"), dots ("d"), texts ("t") and signs ("s"), each with its part and moment.
        Of a text every second piece is a subscript.
        """
        wide, high = across / (self.width - self.left), self.pixels / self.height

        def place(point: Point) -> list[float]:
            x, y = (point[0] - self.left) * wide, (self.height - point[1]) * high
            return [round(x, 1), round(y, 1)]

        def shape(kind: str, of: Cell | Wire | Label, **looks: object) -> dict[str, object]:
            return {"kind": kind, "part": of.part, "since": of.since, **looks}

        boxes = [
            shape(
                "b",
                cell,
                at=place((cell.centre[0] - cell.width / 2, cell.centre[1] + cell.height / 2)),
                size=[round(cell.width * wide, 1), round(cell.height * high, 1)],
                fill=cell.fill,
                edge=cell.edge,
                thickness=cell.thickness,
            )
            for cell in self.cells
        ]
        lines = [
            shape(
                "l",
                wire,
                points=[place(point) for point in wire.points],
                colour=wire.colour,
                short=wire.short,
                bare=wire.bare,
            )
            for wire in self.wires
        ]
        dots = [{"kind": "d", "part": "", "since": 0, "at": place(dot)} for dot in self.dots]
        texts = [
            shape(
                kind,
                label,
                at=place(label.place),
                text=[html.unescape(piece) for piece in SUBSCRIPT.split(label.text)],
                type=label.size,
                anchor=label.anchor,
                colour=label.colour,
            )
            for kind, labels in (("t", self.labels), ("s", self.operations))
            for label in labels
        ]
        return [*boxes, *lines, *dots, *texts]


def _bars(cells: Sequence[Cell]) -> dict[str, object]:
    """All rectangles as bars of one trace."""
    return {
        "x": [cell.centre[0] for cell in cells],
        "base": [cell.centre[1] - cell.height / 2 for cell in cells],
        "y": [cell.height for cell in cells],
        "width": [cell.width for cell in cells],
        "marker": {
            "color": [cell.fill for cell in cells],
            "line": {
                "color": [cell.edge for cell in cells],
                "width": [cell.thickness for cell in cells],
            },
        },
        **QUIET,
    }


def _arrows(lines: Sequence[Wire], colour: str) -> dict[str, object]:
    """All wires of one colour."""
    xs: list[Real | None] = []
    ys: list[Real | None] = []
    sizes: list[int] = []
    standoffs: list[int] = []
    for wire in lines:
        xs += [*(x for x, _ in wire.points), None]
        ys += [*(y for _, y in wire.points), None]
        sizes += [0] * (len(wire.points) - 1) + [0 if wire.bare else 11, 0]
        standoffs += [0] * (len(wire.points) - 1) + [wire.short, 0]
    marker = {"symbol": "arrow", "size": sizes, "angleref": "previous", "color": colour}
    marker["standoff"] = standoffs
    line = {"color": colour, "width": 2}
    return {
        "x": xs,
        "y": ys,
        "mode": "lines+markers",
        "line": line,
        "marker": {**marker, "opacity": 1, "line": {"width": 0}},
        **QUIET,
    }


def _markers(nodes: Sequence[Node]) -> dict[str, object]:
    return {
        "x": [node.place[0] for node in nodes],
        "y": [node.place[1] for node in nodes],
        "mode": "markers+text",
        "text": [node.sign for node in nodes],
        "textfont": {"size": 13, "color": "#ffffff"},
        "marker": {
            "size": 22,
            "symbol": [node.symbol for node in nodes],
            "color": [node.fill for node in nodes],
            "line": {"width": 1.5, "color": [node.edge for node in nodes]},
        },
        **QUIET,
    }


def shade(value: Real) -> str:
    """Teal above zero, orange below, paler near it; opaque, for `INK` to be read on any theme."""
    colour, depth = POSITIVE if value >= 0 else NEGATIVE, 0.08 + 0.5 * min(1.0, abs(value))
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * depth):02x}" for part in parts)


def signed(value: Real, digits: int = 2) -> str:
    """−0.42, +1.30, 0.00: a true minus sign, and none on a zero."""
    if not float(f"{value:.{digits}f}"):
        return numbers.decimal(0, digits)
    return numbers.signed(value, lambda size: numbers.decimal(size, digits))


def upright(figure: go.Figure, place: Point, text: str, *, flat: bool, top: bool) -> None:
    """Adds a word whose upper end (`top`) or lower end is at `place`, upright unless it lies
    `flat`."""
    figure.add_annotation(
        x=place[0],
        y=place[1],
        text=text,
        textangle=0 if flat else -90,
        yanchor="top" if top else "bottom",
        showarrow=False,
        font={"size": 14},
    )
