"""The controls of the page: a cell, a stage of it, an input; in Settings how the cell is made."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL
from engine.errors import N_, InputError
from engine.figures.style import cell_style
from engine.lab import sequences, trace
from engine.lab.stages import FINAL, STAGES
from engine.lab.trace import Setup
from engine.results import CellRun, TypedSequence
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.text import _, numeral

CELL, STAGE, INPUT, STEP, LINE = (
    *("cells_cell", "cells_stage", "cells_input"),
    *("cells_step", "cells_line"),
)
HIDDEN, SEED, SCALE, LOSS, SOURCE = (
    *("cells_hidden", "cells_seed", "cells_scale"),
    *("cells_loss", "cells_source"),
)
HOLD, SHOW = "cells_hold", "cells_show"
GATE, VALUE = "cells_gate", "cells_held"
"""Of earlier links, which held one whole gate."""

WORD = "hellohellohellohelloh"
"""Twenty steps: far enough back for the gradient to tell the cells apart."""

EXAMPLE = "hello"
DEFAULT = Setup()
MOST_SEEDS = 9999

SIZES = ("2", "3", "4")
SCALES = ("0.5", "1", "2", "4", "8")
LOSSES = {"all": N_("of all steps"), "last": N_("of the last step")}
NAMES = {
    "memory": N_("no gates"),
    "input": N_("+ input"),
    "output": N_("+ output"),
    "forget": N_("+ forget"),
    "candidate": N_("no gates"),
    "reset": N_("+ reset"),
    "update": N_("+ update"),
}
GATES = ("f", "i", "o", "z", "r")
"""In this order old links hold them."""

FREE = "none"
_HELD = re.compile(r"([a-z]):([01-]+)")


@dataclass(frozen=True)
class Question:
    """A kind of cell, its stage, what it reads, how it is made, and the gates that are held."""

    kind: str
    stage: str
    sequence: TypedSequence
    setup: Setup
    held: dict[str, tuple[float | None, ...]]

    def run(self, of_last: bool | None = None) -> CellRun:
        """The cell over the sequence; `of_last` in place of the setting's loss."""
        return trace.run(self.kind, self.stage, self.sequence, self._setup(of_last), self.held)

    def untouched(self, of_last: bool | None = None) -> CellRun:
        """The same with no gate held."""
        return trace.run(self.kind, self.stage, self.sequence, self._setup(of_last))

    def _setup(self, of_last: bool | None) -> Setup:
        setup = self.setup
        last = setup.of_last if of_last is None else of_last
        return Setup(setup.hidden, setup.seed, setup.scale, last)


def draw(*, hold: bool = False, scale: bool = False, only: str = "") -> Question:
    """Cell, stage, input and Settings one below the other; with the gates that are held, where a
    view can `hold` some, or the `scale` of the weights, where it is about it. A view on `only` one
    cell has it finished."""
    kind = only or links.choice(CELL, STAGES, DEFAULT_CELL)
    stages = STAGES[kind]
    stage = FINAL[kind] if only else links.choice(STAGE, stages, FINAL[kind])
    if not only:
        views.pick(CELL, _("Kind of cell"), STAGES, lambda k: cell_style(k).title, quiet=True)
    if not only and len(stages) > 1:
        views.pick(STAGE, _("Stage"), stages, lambda name: _(NAMES[name]), quiet=True, wrap=True)
    sequence = read_input()
    weights = links.choice(SCALE, SCALES, f"{DEFAULT.scale:g}")
    if scale:
        _scale()
    with st.popover(_("Settings"), icon=":material/tune:", key="cells_settings"):
        setup = _settings(float(weights), scale=not scale)
    held = _held(kind, setup.hidden) if hold and holds(kind, stage) else {}
    return Question(kind, stage, sequence, setup, held)


def read_input() -> TypedSequence:
    """What is typed as a sequence. Where it cannot be one that is said, and the example stands in
    for it."""
    text = links.text(INPUT, WORD)
    st.text_input(_("A word, or numbers such as 0.5 −1 2"), key=INPUT)
    links.note_if_too_long(text)
    try:
        return sequences.read(text)
    except InputError as error:
        show_error(error)
        st.caption(_("Shown instead: the example “{word}”.").format(word=EXAMPLE))
        return sequences.read(EXAMPLE)


def holds(kind: str, stage: str) -> bool:
    """Whether the stage has gates that can be held."""
    return bool(CELLS[kind].sigmoids) and stage == FINAL[kind]


def _held(kind: str, units: int) -> dict[str, tuple[float | None, ...]]:
    """The gates that are held, unit by unit, as the link has them: "f:0,i:1--". What a pattern
    lacks is as its last sign."""
    found: dict[str, tuple[float | None, ...]] = {}
    for gate, pattern in _HELD.findall(links.text(HOLD, "")):
        signs = (pattern + pattern[-1] * units)[:units]
        if gate in CELLS[kind].sigmoids and signs.strip("-"):
            found[gate] = tuple(None if sign == "-" else float(sign) for sign in signs)
    return found


def hold(kind: str, units: int, gate: str, unit: int | None) -> None:
    """Holds a gate, or one unit of it, at 0; at 1 where it is at 0; frees it where it is at 1."""
    held = _held(kind, units)
    values = list(held.get(gate, (None,) * units))
    places = range(units) if unit is None else [unit]
    same = {values[k] for k in places}
    following: dict[float | None, float | None] = {None: 0.0, 0.0: 1.0, 1.0: None}
    value = following[same.pop()] if len(same) == 1 else 0.0
    for k in places:
        values[k] = value
    held[gate] = tuple(values)
    signs = {None: "-", 0.0: "0", 1.0: "1"}
    kept = {name: "".join(signs[v] for v in found) for name, found in held.items()}
    said = [f"{name}:{pattern}" for name, pattern in kept.items() if pattern.strip("-")]
    links.set_values({HOLD: ",".join(said)})


def draw_hold(run: CellRun) -> None:
    """What is held, and how that is done in the diagram."""
    with st.container(key=GATE, gap="small"):
        if run.held:
            st.button(
                _("Free all gates"),
                key="cells_free",
                icon=":material/lock_open:",
                on_click=links.set_values,
                args=({HOLD: ""},),
            )
        elif not CELLS[run.cell].sigmoids:
            st.caption(_("The plain RNN has no gate to hold."))
        elif not holds(run.cell, run.stage):
            st.caption(_("Gates can be held in the finished cell."))
        else:
            st.caption(
                _(
                    "In the diagram, tap a gate's name to hold it at 0, again for 1, again to free "
                    "it. One of its numbers holds one unit. A box shows its equation."
                )
            )


def _settings(weights: float, *, scale: bool) -> Setup:
    """Hidden size, seed, scale of the weights, what the gradient is of, and the source."""
    hidden = links.choice(HIDDEN, SIZES, str(DEFAULT.hidden))
    loss = links.choice(LOSS, LOSSES, "last")
    links.resend(HIDDEN, LOSS)
    views.pick(HIDDEN, _("Hidden units"), SIZES)
    seed = st.number_input(
        _("Seed of the weights"),
        min_value=0,
        max_value=MOST_SEEDS,
        value=DEFAULT.seed,
        key=SEED,
        bind="query-params",
    )
    if scale:
        links.resend(SCALE)
        _scale()
    views.pick(LOSS, _("Gradient of the loss …"), LOSSES)
    st.toggle(_("Show the cell's Python source"), key=SOURCE, bind="query-params")
    return Setup(int(hidden), int(seed), weights, of_last=loss == "last")


def _scale() -> None:
    label = _("Weights, as multiples of PyTorch's initial ones")
    views.pick(SCALE, label, SCALES, lambda scale: f"×{numeral(scale)}")


def read_old_links() -> None:
    """The views "Build" and "Gate surgery" of earlier links are pictures of the view "Cell"."""
    asked = st.query_params
    view = asked.get("cells_view")
    if view == "build":
        links.set_values({SHOW: "stages"})
    if view == "surgery" and GATE not in asked:
        kind = asked.get(CELL, DEFAULT_CELL)
        sigmoids = CELLS[kind].sigmoids if kind in CELLS else ()
        gate = next((gate for gate in GATES if gate in sigmoids), FREE)
    else:
        gate = asked.get(GATE, FREE)
    if HOLD not in asked and gate in GATES:
        links.set_values({HOLD: f"{gate}:{'0' if asked.get(VALUE) == '0' else '1'}"})
