"""The controls of the page: a cell, a stage of it, an input; in Settings how the cell is made."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.cells import DEFAULT_CELL
from engine.errors import N_
from engine.figures.style import cell_style
from engine.lab.stages import FINAL, STAGES
from engine.lab.trace import Setup
from pages.shared import links, views
from pages.shared.text import _, numeral

CELL, STAGE, INPUT, STEP, LINE = (
    *("cells_cell", "cells_stage", "cells_input"),
    *("cells_step", "cells_line"),
)
HIDDEN, SEED, SCALE, LOSS, SOURCE = (
    *("cells_hidden", "cells_seed", "cells_scale"),
    *("cells_loss", "cells_source"),
)

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


@dataclass(frozen=True)
class Question:
    """A kind of cell, its stage, the input as typed, and how the cell is made."""

    kind: str
    stage: str
    text: str
    setup: Setup


def draw() -> Question:
    """Cell, stage, input and Settings, in one row where there is room."""
    kind = links.choice(CELL, STAGES, DEFAULT_CELL)
    stages = STAGES[kind]
    stage = links.choice(STAGE, stages, FINAL[kind])
    text = links.text(INPUT, WORD)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        views.pick(CELL, _("Cell"), STAGES, lambda k: cell_style(k).title, quiet=True)
        if len(stages) > 1:
            views.pick(STAGE, _("Stage"), stages, lambda name: _(NAMES[name]), quiet=True)
        st.text_input(_("A word, or numbers such as 0.5 −1 2"), key=INPUT, width=230)
        with st.popover(_("Settings"), icon=":material/tune:", key="cells_settings"):
            setup = settings()
    links.note_if_too_long(text)
    return Question(kind, stage, text, setup)


def settings() -> Setup:
    """Hidden size, seed, scale of the weights, what the gradient is of, and the source."""
    hidden = links.choice(HIDDEN, SIZES, str(DEFAULT.hidden))
    scale = links.choice(SCALE, SCALES, f"{DEFAULT.scale:g}")
    loss = links.choice(LOSS, LOSSES, "all")
    links.resend(HIDDEN, SCALE, LOSS)
    views.pick(HIDDEN, _("Hidden units"), SIZES)
    seed = st.number_input(
        _("Seed of the weights"),
        min_value=0,
        max_value=MOST_SEEDS,
        value=DEFAULT.seed,
        key=SEED,
        bind="query-params",
    )
    label = _("Weights, as multiples of PyTorch's initial ones")
    views.pick(SCALE, label, SCALES, lambda scale: f"×{numeral(scale)}")
    views.pick(LOSS, _("Gradient of the loss …"), LOSSES)
    st.toggle(_("Show the cell's Python source"), key=SOURCE, bind="query-params")
    return Setup(int(hidden), int(seed), float(scale), of_last=loss == "last")
