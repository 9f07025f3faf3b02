"""The controls of the page: a cell, a stage of it, an input; in Settings how the cell is made."""

from __future__ import annotations

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
GATE, VALUE, SHOW = "cells_gate", "cells_held", "cells_show"

WORD = "hello"
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
GATES = {"f": N_("forget f"), "i": N_("input i"), "o": N_("output o")} | {
    "z": N_("update z"),
    "r": N_("reset r"),
}
"""What the gates are called; in this order they are offered to be held."""

FREE = "none"


@dataclass(frozen=True)
class Question:
    """A kind of cell, its stage, what it reads, how it is made, and the gates that are held."""

    kind: str
    stage: str
    sequence: TypedSequence
    setup: Setup
    held: dict[str, float]

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
    """Cell, stage, input and Settings one below the other; a gate to `hold`, or the `scale` of the
    weights, where a view is about it. A view on `only` one cell has it finished."""
    kind = only or links.choice(CELL, STAGES, DEFAULT_CELL)
    stages = STAGES[kind]
    stage = FINAL[kind] if only else links.choice(STAGE, stages, FINAL[kind])
    if not only:
        views.pick(CELL, _("Kind of cell"), STAGES, lambda k: cell_style(k).title, quiet=True)
    if not only and len(stages) > 1:
        views.pick(STAGE, _("Stage"), stages, lambda name: _(NAMES[name]), quiet=True, wrap=True)
    sequence = read_input()
    held = _held(kind, stage) if hold else {}
    weights = links.choice(SCALE, SCALES, f"{DEFAULT.scale:g}")
    if scale:
        _scale()
    with st.popover(_("Settings"), icon=":material/tune:", key="cells_settings"):
        setup = _settings(float(weights), scale=not scale)
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
        st.caption(_("Shown instead: the example “{word}”.").format(word=WORD))
        return sequences.read(WORD)


def _gates(kind: str, stage: str) -> list[str]:
    """The gates that can be held: those of the finished cell."""
    found = [gate for gate in GATES if gate in CELLS[kind].sigmoids]
    return found if stage == FINAL[kind] else []


def _held(kind: str, stage: str) -> dict[str, float]:
    """A gate and the value that it is held at, without drawing either."""
    gate = links.choice(GATE, (FREE, *_gates(kind, stage)), FREE)
    value = links.choice(VALUE, ("0", "1"), "1")
    return {} if gate == FREE else {gate: float(value)}


def draw_hold(question: Question) -> None:
    """Which gate is held, and at what: its own row, near the picture that it changes."""
    gates = _gates(question.kind, question.stage)
    if not gates:
        note = _("Gates can be held in the finished cell.")
        if not CELLS[question.kind].sigmoids:
            note = _("The plain RNN has no gate to hold.")
        st.caption(note)
        return
    names = {FREE: _("none")} | {gate: gate for gate in gates}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        views.pick(GATE, _("Hold a gate"), names, names.__getitem__)
        if question.held:
            views.pick(VALUE, _("at"), ("0", "1"))


def _settings(weights: float, *, scale: bool) -> Setup:
    """Hidden size, seed, scale of the weights, what the gradient is of, and the source."""
    hidden = links.choice(HIDDEN, SIZES, str(DEFAULT.hidden))
    loss = links.choice(LOSS, LOSSES, "all")
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
    elif view == "surgery" and GATE not in asked:
        kind = asked.get(CELL, DEFAULT_CELL)
        sigmoids = CELLS[kind].sigmoids if kind in CELLS else ()
        links.set_values({GATE: next((gate for gate in GATES if gate in sigmoids), FREE)})
