"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.results import CellRun
from pages.parts.cells import build, by_hand, grus, layers, surgery, unrolled
from pages.parts.cells.ask import Question
from pages.shared import views
from pages.shared.text import lesson, translator

VIEW = "cells_view"
VIEWS = {
    "build": N_("Build"),
    "unrolled": N_("Unrolled"),
    "surgery": N_("Gate surgery"),
    "grus": N_("Two GRUs"),
    "layers": N_("Layers and directions"),
    "hand": N_("By hand"),
    "lesson": N_("How it works"),
}


def draw(run: CellRun, question: Question) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"), anchor=False)
    view = views.chosen(VIEW, VIEWS, "build", wrap=True)
    if view == "build":
        build.draw(run, question)
    elif view == "unrolled":
        unrolled.draw(run)
    elif view == "surgery":
        surgery.draw(run, question)
    elif view == "grus":
        grus.draw(run, question)
    elif view == "layers":
        layers.draw()
    elif view == "hand":
        by_hand.draw()
    else:
        st.markdown(lesson("cells")["how"])


def loss(run: CellRun) -> str:
    """Which loss the gradients are of, as Markdown."""
    _ = translator()
    if run.of_last:
        return _(
            "Of e, the loss of the last step alone (slide 51): what reaches the first step has "
            "travelled all the way. Settings has the sum over all steps."
        )
    return _(
        "Of the sum of the losses of all steps (slide 23): every state also has a short way to "
        "its own output. Settings has the loss of the last step alone."
    )
