"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.translation import fails, force, many, small, tree, trip
from pages.parts.translation.shown import Shown
from pages.shared import views
from pages.shared.header import show_error
from pages.shared.text import lesson, translator

VIEW = "translation_view"
VIEWS = {
    "small": N_("With and without attention"),
    "force": N_("What if"),
    "tree": N_("Beam tree"),
    "trip": N_("Round trip"),
    "many": N_("Many lines"),
    "fails": N_("Where it fails"),
    "lesson": N_("How it works"),
}
DRAWN: dict[str, Callable[[Shown], None]] = {
    "small": small.draw,
    "force": force.draw,
    "tree": tree.draw,
    "trip": trip.draw,
    "many": many.draw,
    "fails": fails.draw,
}


def draw(shown: Shown) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "small")
    try:
        if view == "lesson":
            st.markdown(lesson("translation")["how"])
        else:
            DRAWN[view](shown)
    except InputError as error:
        show_error(error)
