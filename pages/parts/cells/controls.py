"""The controls of the page: a cell, a stage of it, an input; in Settings how the cell is made."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.cells import DEFAULT_CELL
from engine.errors import N_
from engine.figures.style import Translate, cell_style
from engine.lab.stages import FINAL, STAGES
from engine.lab.trace import Setup
from pages.shared import links
from pages.shared.text import language, translator

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
    _ = translator()
    kind = links.choice(CELL, STAGES, DEFAULT_CELL)
    stages = STAGES[kind]
    stage = links.choice(STAGE, stages, FINAL[kind])
    text = links.text(INPUT, WORD)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            _("Cell"),
            list(STAGES),
            key=CELL,
            format_func=lambda k: cell_style(k).title,
            required=True,
            label_visibility="collapsed",
        )
        if len(stages) > 1:
            st.segmented_control(
                _("Stage"),
                list(stages),
                key=STAGE,
                format_func=lambda name: _(NAMES[name]),
                required=True,
                label_visibility="collapsed",
            )
        st.text_input(_("A word, or numbers such as 0.5 −1 2"), key=INPUT, width=230)
        with st.popover(_("Settings"), icon=":material/tune:", key="cells_settings"):
            setup = _settings(_)
    links.note_if_too_long(text)
    return Question(kind, stage, text, setup)


def _settings(_: Translate) -> Setup:
    """Hidden size, seed, scale of the weights, what the gradient is of, and the source."""
    hidden = links.choice(HIDDEN, SIZES, str(DEFAULT.hidden))
    scale = links.choice(SCALE, SCALES, f"{DEFAULT.scale:g}")
    loss = links.choice(LOSS, LOSSES, "all")
    links.resend(HIDDEN, SCALE, LOSS)
    st.segmented_control(_("Hidden units"), SIZES, key=HIDDEN, required=True)
    seed = st.number_input(
        _("Seed of the weights"),
        min_value=0,
        max_value=MOST_SEEDS,
        value=DEFAULT.seed,
        key=SEED,
        bind="query-params",
    )
    st.segmented_control(
        _("Weights, as multiples of PyTorch's initial ones"),
        SCALES,
        key=SCALE,
        format_func=lambda scale: f"×{_number(scale)}",
        required=True,
    )
    st.segmented_control(
        _("Gradient of the loss …"),
        list(LOSSES),
        key=LOSS,
        format_func=lambda loss: _(LOSSES[loss]),
        required=True,
    )
    st.toggle(_("Show the cell's Python source"), key=SOURCE, bind="query-params")
    return Setup(int(hidden), int(seed), float(scale), of_last=loss == "last")


def _number(scale: str) -> str:
    return scale.replace(".", ",") if language() == "vi" else scale
