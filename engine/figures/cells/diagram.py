"""One step of a cell as a diagram with this step's numbers on the wires (slides 17-19, 36-47).

The drawing is 100 wide and 100 high. A box is a matrix product with its activation; a round sign
works element by element. The upper wire is the memory: c in the LSTM, h in the GRU.

Its parts can be tapped: "eq:f" is what belongs to the equation of f, "hold:f" the name of a gate
and "hold:f:0" the number of its first unit, by which they are held at a constant.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.figures.drawing import CLEAR, INK, LINE, Cell, Drawing, Point, shade, signed
from engine.figures.numbers import decimal
from engine.figures.style import Translate, cell_style, plain
from engine.results import SIGMOIDS, CellRun

HEIGHT, ACROSS = 370, 500
"""Pixels at the drawing's own size."""

UNIT, WIDTH = 4.4, 12.5
"""Of one number in a strip, in units of the drawing."""

BUS, GATE, VALUE, MEETING, MEMORY = 15.0, 26.0, 45.0, 67.0, 87.0
"""Heights: the wire [x; h], the boxes, their values, where they meet, the memory's wire."""

LEFT, RIGHT = 7.5, 92.5

HELD = "#b3261e"
"""Around what is held at a constant."""

BUTTON = "rgba(127, 138, 147, 0.14)"

SIGN = 11
"""Pixels from the middle of a sign such as ⊙ to its edge, where arrows end."""

NAMES = {"n": "h′", "h": "h", "c": "c", "i": "i", "f": "f", "g": "g", "o": "o", "r": "r", "z": "z"}


@dataclass(frozen=True)
class Sheet:
    """A diagram in the making: drawing, run, step, the quantity that is ringed, and whether gates
    can be held."""

    drawing: Drawing
    run: CellRun
    step: int
    marked: str
    holds: bool

    def vector(self, name: str, at: Point, label: str, *, old: bool = False) -> None:
        """A state or gate with its name above it; `old` is the state before this step."""
        run, drawing = self.run, self.drawing
        values = run.before(name, self.step) if old else run.values[name][self.step]
        above = at[0], at[1] + UNIT * len(values) / 2 + 3.2
        if self.holds and not old and name in SIGMOIDS:
            self._held(name, at, above)
        else:
            drawing.at("" if old else f"eq:{name}", 0)
            drawing.strip(at, values, width=WIDTH, unit=UNIT)
            drawing.write([above[0]], [above[1]], [label], 14)
        if not old and name == self.marked:
            drawing.at(f"eq:{name}", 0)
            drawing.ring(at, WIDTH, UNIT * len(values))
        drawing.at("", 0)

    def _held(self, name: str, at: Point, above: Point) -> None:
        """A gate's numbers and its name, each of which holds: what is held has a thick edge."""
        run, drawing = self.run, self.drawing
        held = run.held.get(name, (None,) * run.hidden)
        top = at[1] + UNIT * run.hidden / 2
        for k, value in enumerate(run.values[name][self.step]):
            place = at[0], top - UNIT * (k + 0.5)
            drawing.at(f"hold:{name}:{k}", 0)
            drawing.box(place, WIDTH, UNIT, shade(float(value)))
            number = signed(float(value)) if held[k] is None else f"= {held[k]:g}"
            drawing.write([place[0]], [place[1]], [number], 12, colour=INK)
            if held[k] is not None:
                edge = Cell(place, WIDTH - 0.6, UNIT - 0.6, CLEAR, HELD, 3, drawing.part)
                drawing.cells.append(edge)
        drawing.at(f"hold:{name}", 0)
        whole = held[0] is not None and len({*held}) == 1
        drawing.cells.append(
            Cell(above, 10.5, 5.6, BUTTON, HELD if whole else LINE, 2, drawing.part)
        )
        said = f"{NAMES[name]} = {held[0]:g}" if whole else NAMES[name]
        drawing.write([above[0]], [above[1]], [said], 14)

    def gate(self, name: str, x: float, *, fed: bool = True) -> None:
        """The box above the wire [x; h], which feeds it if `fed`, and its values above it."""
        activation = "σ" if name in SIGMOIDS else "tanh"
        if fed:
            self.drawing.wire((x, BUS), (x, GATE - 3.5))
        self.drawing.at(f"eq:{name}", 0)
        self.drawing.box((x, GATE), WIDTH, 7, "rgba(127, 138, 147, 0.22)")
        self.drawing.write([x], [GATE], [activation], 14)
        self.drawing.at("", 0)
        half = UNIT * self.run.hidden / 2
        self.drawing.wire((x, GATE + 3.5), (x, VALUE - half), arrow=False)
        self.vector(name, (x, VALUE), NAMES[name])

    def sign(self, place: Point, sign: str, name: str) -> None:
        """An operation that belongs to the equation of `name`."""
        self.drawing.at(f"eq:{name}", 0)
        self.drawing.operation(place, sign)
        self.drawing.at("", 0)

    def above(self) -> float:
        """Just above the name of a gate's values."""
        return VALUE + UNIT * self.run.hidden / 2 + 5.5


def diagram(
    run: CellRun, step: int, _: Translate, marked: str = "", *, holds: bool = False
) -> Drawing:
    """Step `step` (0 is the first) of the run; `marked` names the quantity to be ringed. Where the
    diagram `holds`, names and numbers of its gates can be tapped."""
    sheet = Sheet(Drawing(100, 103, HEIGHT), run, step, marked, holds)
    draw = _lstm if "c" in run.values else _gru if "n" in run.a else _elman
    draw(sheet)
    # x_t at the bottom left: the letter or the number.
    sheet.drawing.box((LEFT, 5), WIDTH, 7, "rgba(127, 138, 147, 0.12)")
    sheet.drawing.write([LEFT], [5], [plain(run.sequence.names[step])], 15)
    named = _("xₜ, one-hot") if run.sequence.word else _("xₜ")
    sheet.drawing.write([LEFT + WIDTH / 2 + 1], [5], [named], 14, "middle right")
    return sheet.drawing


def parts(run: CellRun, _: Translate, *, holds: bool) -> dict[str, str]:
    """What can be tapped, in words, by its id."""
    names = dict.fromkeys([*run.a, *run.first])
    found = {f"eq:{name}": _("{name}: show its equation") for name in names}
    for gate in (name for name in names if holds and name in SIGMOIDS):
        found[f"hold:{gate}"] = _("{name}: hold the whole gate at 0, at 1, or free it")
        for k in range(run.hidden):
            found[f"hold:{gate}:{k}"] = _("{name}, unit {unit}: hold it at 0, at 1, or free it")
    return {
        id: text.format(name=NAMES[id.split(":")[1]], unit=int(id.split(":")[-1]) + 1)
        if id.count(":") > 1
        else text.format(name=NAMES[id.split(":")[1]])
        for id, text in found.items()
    }


def diagram_alt(run: CellRun, step: int, _: Translate) -> str:
    """The diagram in words: every quantity of the step with its numbers."""
    listed = [
        f"{NAMES[name]} = ({', '.join(decimal(value, 2) for value in values[step])})"
        for name, values in run.values.items()
    ]
    text = _("{cell}, step {step} of {steps}, input {input}: {values}")
    return text.format(
        cell=cell_style(run.cell).title,
        step=step + 1,
        steps=run.steps,
        input=run.sequence.names[step],
        values="; ".join(listed),
    ).replace("-", "−")


def _bus(sheet: Sheet, last: float, h: Point) -> None:
    """The wire [x; h_{t−1}] below the boxes, from x_t and from h_{t−1} at `h`."""
    sheet.drawing.wire((LEFT, 8.5), (LEFT, BUS), (max(last, h[0]), BUS), arrow=False)
    sheet.drawing.wire(h, (h[0], BUS), arrow=False)
    sheet.drawing.dot((h[0], BUS))
    below = "c" in sheet.run.values or "r" not in sheet.run.a
    place = ((h[0] + 2 + last) / 2, BUS - 3.5) if below else (38.5, BUS + 3.2)
    sheet.drawing.write([place[0]], [place[1]], ["[xₜ; hₜ₋₁]"], 13)


def _elman(sheet: Sheet) -> None:
    """h_{t−1} and x_t into one box, h_t out (slide 19)."""
    half = UNIT * sheet.run.hidden / 2
    sheet.vector("h", (LEFT, MEETING), "hₜ₋₁", old=True)
    sheet.drawing.wire((LEFT, MEETING - half), (LEFT, BUS), arrow=False)
    sheet.drawing.wire((LEFT, 8.5), (LEFT, BUS), (50, BUS), arrow=False)
    sheet.drawing.dot((LEFT, BUS))
    sheet.drawing.write([29], [BUS - 3.5], ["[xₜ; hₜ₋₁]"], 13)
    sheet.drawing.wire((50, BUS), (50, GATE - 3.5))
    a = sheet.run.a["h"][sheet.step]
    sheet.drawing.at("eq:h", 0)
    sheet.drawing.box((50, GATE), WIDTH, 7, "rgba(127, 138, 147, 0.22)")
    sheet.drawing.write([50], [GATE], ["W"], 14)
    sheet.drawing.wire((50, GATE + 3.5), (50, VALUE - half), arrow=False)
    sheet.drawing.strip((50, VALUE), a, width=WIDTH, unit=UNIT)
    sheet.drawing.write([50 - WIDTH / 2 - 1.5], [VALUE], ["a"], 14, "middle left")
    sheet.drawing.wire((50, VALUE + half), (50, MEETING + 8), (RIGHT - WIDTH / 2, MEETING + 8))
    sheet.drawing.operation((50, MEETING + 1), "tanh")
    sheet.vector("h", (RIGHT, MEETING + 8), "hₜ")


def _lstm(sheet: Sheet) -> None:
    """c along the top, the gates below it, h_t out at the right (slides 36-40)."""
    drawing, gates = sheet.drawing, sheet.run.a
    half, up = UNIT * sheet.run.hidden / 2, sheet.above()
    places = {"f": 24.0, "i": 38.0, "g": 52.0, "o": 66.0}
    edge = LEFT + WIDTH / 2
    sheet.vector("c", (LEFT, MEMORY), "cₜ₋₁", old=True)
    sheet.vector("h", (LEFT, VALUE), "hₜ₋₁", old=True)
    _bus(sheet, places["o"] if "o" in gates else places["g"], (LEFT, VALUE - half))
    drawing.wire((edge, MEMORY), (RIGHT - WIDTH / 2, MEMORY))
    for name in (name for name in places if name in gates):
        sheet.gate(name, places[name])
    if "f" in gates:
        drawing.wire((places["f"], up), (places["f"], MEMORY), short=SIGN)
        sheet.sign((places["f"], MEMORY), "⊙", "c")
    _candidate(sheet, places["i"], places["g"], up)
    x = 79.0
    drawing.wire((x, MEMORY), (x, VALUE), (RIGHT - WIDTH / 2, VALUE))
    drawing.dot((x, MEMORY))
    sheet.sign((x, 76), "tanh", "h")
    if "o" in gates:
        drawing.wire((places["o"], up), (places["o"], MEETING - 2), (x, MEETING - 2), short=SIGN)
        sheet.sign((x, MEETING - 2), "⊙", "h")
    sheet.vector("c", (RIGHT, MEMORY), "cₜ")
    sheet.vector("h", (RIGHT, VALUE), "hₜ")


def _candidate(sheet: Sheet, i: float, g: float, up: float) -> None:
    """g_t, through the input gate where there is one, is added to the memory."""
    drawing, middle = sheet.drawing, (i + g) / 2
    if "i" not in sheet.run.a:
        drawing.wire((g, up), (g, MEMORY), short=SIGN)
        return sheet.sign((g, MEMORY), "+", "c")
    drawing.wire((i, up), (i, MEETING), (middle, MEETING), short=SIGN)
    drawing.wire((g, up), (g, MEETING), (middle, MEETING), short=SIGN)
    drawing.wire((middle, MEETING), (middle, MEMORY), short=SIGN)
    sheet.sign((middle, MEETING), "⊙", "c")
    return sheet.sign((middle, MEMORY), "+", "c")


def _gru(sheet: Sheet) -> None:
    """h along the top; r decides what the candidate sees, z how much of it gets in."""
    drawing, gates = sheet.drawing, sheet.run.a
    up, edge, h = sheet.above(), LEFT + WIDTH / 2, (17.0, MEMORY)
    places = {"r": 27.0, "n": 50.0, "z": 68.0}
    sheet.vector("h", (LEFT, MEMORY), "hₜ₋₁", old=True)
    for name in (name for name in places if name in gates):
        sheet.gate(name, places[name], fed=name != "n" or "r" not in gates)
    if "z" in gates:
        drawing.wire((edge, MEMORY), (RIGHT - WIDTH / 2, MEMORY))
        _update(sheet, places["n"], places["z"], up)
    else:
        drawing.wire((edge, MEMORY), h, arrow=False)
        drawing.wire((places["n"], up), (places["n"], MEMORY), (RIGHT - WIDTH / 2, MEMORY))
    fed = [places[name] for name in gates if name != "n" or "r" not in gates]
    _bus(sheet, max(fed), h)
    if "r" in gates:
        _reset(sheet, places["r"], places["n"], h[0], up)
    sheet.vector("h", (RIGHT, MEMORY), "hₜ")


def _reset(sheet: Sheet, r: float, n: float, h: float, up: float) -> None:
    """The candidate's two inputs: r ⊙ h_{t−1} from the side, and x_t on a wire of its own."""
    drawing, turn, low = sheet.drawing, (r + n) / 2, 10.6
    drawing.dot((h, MEETING))
    drawing.wire((h, MEETING), (r, MEETING), short=SIGN)
    drawing.wire((r, up), (r, MEETING), short=SIGN)
    drawing.wire((r, MEETING), (turn, MEETING), (turn, GATE), (n - WIDTH / 2, GATE))
    sheet.sign((r, MEETING), "⊙", "n")
    drawing.dot((LEFT, low))
    drawing.wire((LEFT, low), (n, low), (n, GATE - 3.5))
    drawing.write([n + 1], [low + 1.5], ["xₜ"], 13, "middle right")


def _update(sheet: Sheet, n: float, z: float, up: float) -> None:
    """h_t = (1 − z) ⊙ h_{t−1} + z ⊙ h': two products on the way to one sum (slide 47)."""
    drawing, x = sheet.drawing, 81.0
    drawing.wire((z, up), (z, MEMORY), short=SIGN)
    sheet.sign((z, MEMORY), "⊙", "h")
    drawing.write([z - 1], [MEMORY - 7], ["1−z"], 13, "middle left")
    drawing.wire((n, up), (n, MEETING + 3), (x, MEETING + 3), short=SIGN)
    drawing.dot((z, up + 1))
    drawing.wire((z, up + 1), (x, up + 1), (x, MEETING + 3), short=SIGN)
    drawing.write([x + 1], [up + 4], ["z"], 13, "middle right")
    drawing.wire((x, MEETING + 3), (x, MEMORY), short=SIGN)
    sheet.sign((x, MEETING + 3), "⊙", "h")
    sheet.sign((x, MEMORY), "+", "h")
