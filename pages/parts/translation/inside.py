"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.translation import many
from pages.parts.translation.shown import Shown
from pages.shared import views
from pages.shared.header import complain
from pages.shared.text import lesson, translator

VIEW = "translation_view"
VIEWS = {
    "many": N_("Many lines"),
    "lesson": N_("How it works"),
}
DRAWN: dict[str, Callable[[Shown], None]] = {
    "many": many.draw,
}


def draw(shown: Shown) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "many")
    try:
        if view == "lesson":
            st.markdown(lesson("translation")["how"])
        else:
            DRAWN[view](shown)
    except InputError as error:
        complain(error)
