"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.characters import choose, learn, units, write
from pages.parts.characters.ask import Question
from pages.shared import views
from pages.shared.header import show_error
from pages.shared.text import lesson, translator

VIEW = "characters_view"
VIEWS = {
    "write": N_("Write"),
    "learn": N_("Watch it learn"),
    "units": N_("Inside"),
    "choose": N_("You choose"),
    "lesson": N_("How it works"),
}
DRAWN: dict[str, Callable[[Question], None]] = {
    "write": write.draw,
    "learn": learn.draw,
    "units": units.draw,
    "choose": choose.draw,
}


def draw(question: Question) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "write")
    try:
        if view == "lesson":
            st.markdown(lesson("characters")["how"])
        else:
            DRAWN[view](question)
    except InputError as error:
        show_error(error)
