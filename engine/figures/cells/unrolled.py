"""The network unrolled in time, forward and backward on one drawing (slides 17-29 and 42).

A column is one step: x_t, the cell with its weights, c_t where there is one, h_t, y_t and e_t. To
the right of a state stand the parts of its gradient, below the column what its copies of W_h and
W_x add to the gradient of one of their numbers. What is drawn is seen from a moment on: forward
from the first step to the last, then backward from the last to the first, and the sums at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.figures.cells.timeline import Timeline
from engine.figures.drawing import INK, Drawing, Real, shade, signed
from engine.figures.numbers import decimal, rounding
from engine.figures.style import BLUE, Translate, plain
from engine.results import BackwardPass, CellRun, Floats

MOST_STEPS = 6
"""Columns that there is room for, with their numbers."""

W_X, W_H, W_Y = "#1f6fb5", "#c4500c", "#8c5fa8"
"""One colour per shared matrix: blue, vermilion and violet differ for every colour blindness."""

DIRECT = BLUE
"""The path that has no matrix."""

TYPE = 14
"""Pixels: of all letters and numbers; in lecture mode the drawing is enlarged to 24."""

UNIT, OUTPUT = 17, 17
"""Pixels: height of one number of a state, and of one output."""

COLUMN, EDGE, SUMS = 150, 66, 172
"""Pixels: width of a step, of the names at the left, and of the sums at the right."""

STRIP = 54
"""Pixels: width of a state; half its distance from the column's edge is 35."""

FORWARD, BACK = 35, 108
"""Where in a column the state and the parts of its gradient stand."""

COPY_X, COPY_H, INPUT, CELL = 18, 44, 84, 126
"""Heights in pixels of the rows that every cell has."""


@dataclass(frozen=True)
class Entry:
    """Which number of which gate's W_h and W_x the copies are shown of, counted from 0."""

    gate: str
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Plan:
    """Where the rows of one run stand, bottom to top, in pixels."""

    run: CellRun

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of ∂e/∂h_t, from top to bottom; the last is their sum."""
        gru = "n" in self.run.a
        return ("output", "through", *(["direct"] if gru else []), "h")

    @property
    def tall(self) -> int:
        """Of one state's strip."""
        return UNIT * self.run.hidden

    def block(self, count: int) -> int:
        """Of so many strips with a sign between two of them."""
        return count * self.tall + (count - 1) * 15 + 26

    @cached_property
    def memory(self) -> int:
        """The lower end of c's block, or of h's where there is no c."""
        return CELL + 26

    @cached_property
    def state(self) -> int:
        """The lower end of h's block."""
        return self.memory + (self.block(3) if "c" in self.run.values else 0)

    @cached_property
    def output(self) -> int:
        """The lower end of y's strip."""
        return self.state + self.block(len(self.parts)) + 8

    @cached_property
    def loss(self) -> int:
        """The middle of e."""
        return self.output + OUTPUT * len(self.run.sequence.outputs) + 16

    @property
    def height(self) -> int:
        """Of the whole drawing."""
        return self.loss + 14

    @property
    def width(self) -> int:
        """Of the whole drawing."""
        return EDGE + self.run.steps * COLUMN + SUMS

    def strips(self, low: int, count: int) -> list[Real]:
        """The middles of a block's strips, from top to bottom."""
        top = low + self.block(count) - 13 - self.tall / 2
        return [top - k * (self.tall + 15) for k in range(count)]

    def middle(self, low: int, count: int) -> Real:
        """The middle of a block."""
        return low + self.block(count) / 2


class Unrolled:
    """The drawing in the making."""

    def __init__(self, run: CellRun, back: BackwardPass, entry: Entry, _: Translate) -> None:
        self.run, self.back, self.entry, self._ = run, back, entry, _
        self.plan, self.time = Plan(run), Timeline(run)
        self.drawing = Drawing(self.plan.width, self.plan.height, self.plan.height)
        self.gated = "h" not in run.a

    def draw(self) -> Drawing:
        """Everything, from left to right."""
        for t in range(self.run.steps):
            self._cell(t)
            if "c" in self.run.values:
                self._memory(t)
            self._state(t)
            self._output(t)
            self._parts(t)
            self._copies(t)
        self._names()
        self._sums()
        return self.drawing

    def _x(self, t: int, place: Real) -> Real:
        return EDGE + t * COLUMN + place

    def _strip(self, t: int, place: Real, y: Real, values: Floats) -> None:
        self.drawing.strip((self._x(t, place), y), values, width=STRIP, unit=UNIT, size=TYPE)

    def _cell(self, t: int) -> None:
        """The input, and the box in which the shared weights are."""
        drawing, x = self.drawing, self._x(t, FORWARD)
        drawing.at(f"x.{t}", 0)
        drawing.box((x, INPUT), STRIP, 22, "rgba(127, 138, 147, 0.12)")
        drawing.write([x], [INPUT], [plain(self.run.sequence.names[t], 6)], TYPE)
        drawing.at(f"W_x.{t}", self.time.ahead(t, self.time.forward[0]))
        drawing.wire((x, INPUT + 11), (x, CELL - 11), colour=W_X)
        drawing.at(f"g.{t}", 0)
        drawing.box((x, CELL), STRIP, 22, "rgba(127, 138, 147, 0.22)")
        letters = " ".join("h′" if gate == "n" else gate for gate in self.run.a)
        drawing.write([x], [CELL], [letters if self.gated else "tanh"], TYPE)
        drawing.at(f"W_h.{t}", self.time.ahead(t, self.time.forward[0]))
        if t:
            low = self.plan.middle(self.plan.state, len(self.plan.parts))
            side = self._x(t - 1, FORWARD + STRIP / 2)
            turn = side + 6
            points = (side, low), (turn, low), (turn, CELL), (x - STRIP / 2, CELL)
            drawing.wire(*points, colour=W_H)
        else:
            start = x - STRIP / 2 - 14
            drawing.wire((start, CELL), (x - STRIP / 2, CELL), colour=W_H)

    def _along(self, t: int, y: Real, low: Real, part: str, since: int) -> None:
        """The direct path into step t: from the state before, below the parts of its gradient."""
        if not t:
            return
        side, lane = self._x(t - 1, FORWARD + STRIP / 2), low + 5
        turn, end = side + 11, self._x(t, FORWARD - STRIP / 2)
        self.drawing.at(part, since)
        points = (side, y - 6), (turn, y - 6), (turn, lane), (end - 8, lane), (end - 8, y - 6)
        self.drawing.wire(*points, (end, y - 6), colour=DIRECT)

    def _memory(self, t: int) -> None:
        """c_t, from the gates and from c_{t−1}."""
        drawing, x = self.drawing, self._x(t, FORWARD)
        y = self.plan.middle(self.plan.memory, 3)
        since = self.time.ahead(t, "c")
        drawing.at(f"c.{t}", since)
        drawing.wire((x, CELL + 11), (x, y - self.plan.tall / 2))
        self._strip(t, FORWARD, y, self.run.values["c"][t])
        self._along(t, y, self.plan.memory, f"direct.{t}", since)

    def _state(self, t: int) -> None:
        """h_t, from the cell or from c_t."""
        drawing, x = self.drawing, self._x(t, FORWARD)
        y = self.plan.middle(self.plan.state, len(self.plan.parts))
        since, half = self.time.ahead(t, "h"), self.plan.tall / 2
        drawing.at(f"h.{t}", since)
        if "c" in self.run.values:
            below = self.plan.middle(self.plan.memory, 3) + half
            drawing.wire((x, below), (x, y - half))
        else:
            drawing.wire((x, CELL + 11), (x, y - half))
        self._strip(t, FORWARD, y, self.run.values["h"][t])
        if "z" in self.run.a:
            self._along(t, y, self.plan.state, f"direct.{t}", since)

    def _output(self, t: int) -> None:
        """y_t, the first output on top and the right one framed, and e_t above it."""
        drawing, x, plan = self.drawing, self._x(t, FORWARD), self.plan
        top = plan.output + OUTPUT * self.run.y.shape[1]
        state = plan.middle(plan.state, len(plan.parts)) + plan.tall / 2
        drawing.at(f"W_y.{t}", self.time.ahead(t, "y"))
        drawing.wire((x, state), (x, plan.output), colour=W_Y)
        drawing.at(f"y.{t}", self.time.ahead(t, "y"))
        heights = [top - OUTPUT * (k + 0.5) for k in range(self.run.y.shape[1])]
        for height, value in zip(heights, self.run.y[t], strict=True):
            drawing.box((x, height), STRIP, OUTPUT, shade(float(value)))
        texts = [decimal(value) for value in self.run.y[t]]
        drawing.write([x] * len(heights), heights, texts, TYPE, colour=INK)
        drawing.ring((x, heights[int(self.run.sequence.targets[t])]), STRIP, OUTPUT)
        counted = not self.run.of_last or t + 1 == self.run.steps
        text = decimal(self.run.e[t]) if counted else f"({decimal(self.run.e[t])})"
        drawing.write([x], [plan.loss], [text], TYPE)

    def _found(self, t: int) -> Iterator[tuple[str, str, Real, Floats]]:
        """Of the column's backward parts: id, moment's name, height and numbers."""
        back, plan = self.back, self.plan
        values = {"output": back.output, "through": back.through, "direct": back.direct}
        when = {"output": "output", "h": "h"}
        places = zip(plan.parts, plan.strips(plan.state, len(plan.parts)), strict=True)
        for part, y in places:
            yield part, when.get(part, "future"), y, values.get(part, back.h)[t]
        if back.c is not None and back.from_h is not None:
            found = {"from_h": back.from_h, "c_direct": back.direct, "c": back.c}
            rows = zip(found.items(), plan.strips(plan.memory, 3), strict=True)
            for (part, numbers), y in rows:
                yield part, "c", y, numbers[t]

    def _parts(self, t: int) -> None:
        """∂e/∂h_t, and ∂e/∂c_t, from their parts; and the ways to the step before."""
        drawing, plan, x = self.drawing, self.plan, self._x(t, BACK)
        found = {part: (y, when) for part, when, y, _numbers in self._found(t)}
        if not self.run.of_last or t + 1 == self.run.steps:
            drawing.at(f"d_output.{t}", self.time.behind(t, "output"))
            top = found["output"][0] + plan.tall / 2
            start = self._x(t, FORWARD) + 22
            drawing.wire((start, plan.loss), (x, plan.loss), (x, top), colour=W_Y)
        for part, when, y, numbers in self._found(t):
            drawing.at(f"d_{part}.{t}", self.time.behind(t, when))
            self._strip(t, BACK, y, numbers)
            if part not in ("output", "from_h"):
                sign = "=" if part in ("h", "c") else "+"
                drawing.write([x], [y + plan.tall / 2 + 7.5], [sign], TYPE)
        if "c" in found:
            drawing.at(f"d_from_h.{t}", self.time.behind(t, "c"))
            low, high = found["from_h"][0] + plan.tall / 2, found["h"][0] - plan.tall / 2
            drawing.wire((x, high), (x, low))
        if t:
            since = self.time.behind(t - 1, "future")
            ceiling = plan.state + plan.block(len(plan.parts)) - 6
            self._back(t, found["h"][0], found["through"][0], ceiling, "through", since, W_H)
            if "direct" in found:
                low = plan.state + 5
                self._back(t, found["h"][0] - 5, found["direct"][0], low, "direct", since, DIRECT)
            if "c" in found:
                high = plan.memory + plan.block(3) - 6
                since = self.time.behind(t - 1, "c")
                ways = found["c"][0], found["c_direct"][0], high
                self._back(t, *ways, "c_direct", since, DIRECT)

    def _back(
        self, t: int, y: Real, target: Real, lane: Real, part: str, since: int, colour: str
    ) -> None:
        """From a sum at step t along a lane to a part of the gradient at the step before."""
        side, end = self._x(t, BACK - STRIP / 2), self._x(t - 1, BACK + STRIP / 2)
        turn, gap = side - 5, end + 8
        points = (side, y), (turn, y), (turn, lane), (gap, lane), (gap, target), (end, target)
        self.drawing.at(f"d_{part}.{t - 1}", since)
        self.drawing.wire(*points, colour=colour)

    def _copies(self, t: int) -> None:
        """What this step's copies add to the gradient of one number of W_h and of W_x."""
        for which, y, colour in (("h", COPY_H, W_H), ("x", COPY_X, W_X)):
            self.drawing.at(f"copy_{which}.{t}", self.time.behind(t, "copies"))
            value = float(self.back.copies[which][self.entry.gate][t][self._place(which)])
            self._number(self._x(t, (FORWARD + BACK) / 2), y, signed(value, 3), shade(value), 92)
            if t:
                self.drawing.write([self._x(t, -3)], [y], ["+"], TYPE, colour=colour)

    def _place(self, which: str) -> tuple[int, int]:
        """The entry's number in W_h or in W_x, which may have fewer columns."""
        count = self.back.copies[which][self.entry.gate].shape[2]
        return self.entry.row, min(self.entry.column, count - 1)

    def _number(self, x: Real, y: Real, text: str, fill: str, width: int) -> None:
        self.drawing.box((x, y), width, 21, fill)
        self.drawing.write([x], [y], [text], TYPE, colour=INK)

    def _sums(self) -> None:
        """The copies' sum, autograd's number and the largest difference over the whole matrix."""
        start = self._x(self.run.steps, 0)
        for which, y in (("h", COPY_H), ("x", COPY_X)):
            self.drawing.at(f"sum_{which}.0", self.time.last)
            place, gate = self._place(which), self.entry.gate
            total = float(self.back.copies[which][gate].sum(0)[place])
            theirs = float(self.back.autograd[which][gate][place])
            self.drawing.write([start - 3], [y], ["="], TYPE)
            self._number(start + 38, y, signed(total, 3), shade(total), 68)
            self._number(start + 114, y, signed(theirs, 3), shade(theirs), 68)
        worst = max(self.back.difference(which, self.entry.gate) for which in "hx")
        self.drawing.write([start + 38, start + 114], [66] * 2, [self._("sum"), "autograd"], TYPE)
        text = self._("differ by {difference}").format(difference=rounding(worst))
        self.drawing.write([start + 76], [84], [text], TYPE)

    def _names(self) -> None:
        """What stands in each row, at the left; the parts of the gradient at the right."""
        plan, _, drawing = self.plan, self._, self.drawing
        index = "" if self.entry.gate in ("h", "n") else self.entry.gate
        rows = {
            "xₜ": INPUT,
            _("cell"): CELL,
            "hₜ": plan.middle(plan.state, len(plan.parts)),
            "eₜ": plan.loss,
        }
        if "c" in self.run.values:
            rows["cₜ"] = plan.middle(plan.memory, 3)
        drawing.at("", 0)
        drawing.write([EDGE - 28] * len(rows), [*rows.values()], [*rows], TYPE, "middle left")
        top = plan.output + OUTPUT * self.run.y.shape[1]
        heights = [top - OUTPUT * (k + 0.5) for k in range(self.run.y.shape[1])]
        letters = [plain(name, 6) for name in self.run.sequence.outputs]
        drawing.write([EDGE - 4] * len(letters), heights, letters, TYPE, "middle left")
        drawing.write([EDGE - 28], [(heights[0] + heights[-1]) / 2], ["yₜ"], TYPE, "middle left")
        x = self._x(0, FORWARD)
        state = plan.middle(plan.state, len(plan.parts)) + plan.tall / 2
        matrices = {
            "x": (x + 5, (INPUT + CELL) / 2, W_X),
            "y": (x + 5, (state + plan.output) / 2, W_Y),
            "h": (self._x(0, BACK) - 10, CELL + 10, W_H),
        }
        for name, (place, y, colour) in matrices.items():
            if name != "h" or self.run.steps > 1:
                said = f"W<sub>{name}</sub>"
                drawing.write([place], [y], [said], TYPE, "middle right", colour=colour)
        drawing.at("", self.time.turned)
        for which, y, colour in (("h", COPY_H, W_H), ("x", COPY_X, W_X)):
            row, column = self._place(which)
            name = f"W<sub>{index}{which}</sub>[{row + 1},{column + 1}]"
            drawing.write([EDGE - 2], [y], [name], TYPE, "middle left", colour=colour)
        called = {
            "output": _("from yₜ"),
            "through": _("from the future") if not self.gated else _("through the gates"),
            "direct": _("direct, ⊙ (1 − z)"),
            "h": "∂e/∂hₜ",
            "from_h": _("from hₜ"),
            "c_direct": _("direct, ⊙ f") if "f" in self.run.a else _("direct"),
            "c": "∂e/∂cₜ",
        }
        right = self._x(self.run.steps, 2)
        for part, _when, y, _numbers in self._found(0):
            drawing.write([right], [y], [called[part]], TYPE, "middle right")


def unrolled(run: CellRun, back: BackwardPass, entry: Entry, _: Translate) -> Drawing:
    """The whole drawing, in pixels; the copies are shown of one number of W_h and W_x."""
    return Unrolled(run, back, entry, _).draw()


def spans(run: CellRun) -> list[tuple[int, int]]:
    """At each moment, where the column that it is about begins, and its width."""
    time = Timeline(run)
    columns = [EDGE + time.step(moment) * COLUMN - 8 for moment in range(time.last)]
    return [*((start, COLUMN) for start in columns), (EDGE + run.steps * COLUMN, SUMS - 8)]


def unrolled_alt(run: CellRun, back: BackwardPass, _: Translate) -> str:
    """The losses and the norms of the two parts at every step, in words."""
    losses = ", ".join(decimal(e, 2) for e in run.e)
    text = _("The cell unrolled over {steps} steps; losses {losses}; total {total}.")
    said = [text.format(steps=run.steps, losses=losses, total=decimal(run.loss, 2))]
    text = _("Step {step}: ∂e/∂h has norm {total}; from y {now}, from the future {later}.")
    parts = (back.h, back.output, back.h - back.output)
    sizes = np.stack([np.linalg.norm(part, axis=1) for part in parts], axis=1)
    said += [
        text.format(step=t + 1, total=decimal(a, 3), now=decimal(b, 3), later=decimal(c, 3))
        for t, (a, b, c) in enumerate(sizes)
    ]
    return " ".join(said)
