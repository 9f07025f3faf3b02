"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.captions import classes, fails, force, many, teacher, tree
from pages.parts.captions.shown import Shown
from pages.shared import views
from pages.shared.header import show_error
from pages.shared.text import lesson, translator

VIEW = "captions_view"
VIEWS = {
    "many": N_("Many photos"),
    "tree": N_("Beam tree"),
    "force": N_("Force words"),
    "teacher": N_("Teacher forcing or free running"),
    "classes": N_("What class is it? (1 → 1)"),
    "fails": N_("Where it fails"),
    "lesson": N_("How it works"),
}
DRAWN: dict[str, Callable[[Shown], None]] = {
    "many": many.draw,
    "tree": tree.draw,
    "force": force.draw,
    "teacher": teacher.draw,
    "classes": classes.draw,
    "fails": fails.draw,
}


def draw(shown: Shown) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "many")
    try:
        if view == "lesson":
            st.markdown(lesson("captions")["how"])
        else:
            DRAWN[view](shown)
    except InputError as error:
        show_error(error)
