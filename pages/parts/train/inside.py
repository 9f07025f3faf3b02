"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.tasks.characters.own_plan import Plan
from pages.parts.train import compare, control, keep, window
from pages.parts.train.source import Chosen
from pages.shared import views
from pages.shared.text import lesson, translator

VIEW = "train_view"
VIEWS = {
    "compare": N_("Runs compared"),
    "window": N_("Truncated BPTT"),
    "keep": N_("Download and continue"),
    "lesson": N_("How it works"),
}


def draw(chosen: Chosen, plan: Plan) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "compare")
    if view == "compare":
        compare.draw(chosen)
    elif view == "window":
        window.draw(chosen, plan)
    elif view == "keep":
        keep.draw(control.ask)
    else:
        st.markdown(lesson("train")["how"])
