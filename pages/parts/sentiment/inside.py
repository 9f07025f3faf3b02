"""Look inside: one view at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from engine.errors import N_, InputError
from engine.results import GradientProfile, Reading
from pages.parts.sentiment import compare, fails, influence, many, pooling, steps
from pages.parts.sentiment.ask import Question
from pages.shared import views
from pages.shared.header import show_error
from pages.shared.text import lesson, translator

VIEW = "sentiment_view"
VIEWS = {
    "influence": N_("Influence"),
    "pooling": N_("Pooling"),
    "compare": N_("Compare two"),
    "many": N_("Many sentences"),
    "steps": N_("Each step"),
    "fails": N_("Where it fails"),
    "lesson": N_("How it works"),
}
DRAWN: dict[str, Callable[[Question, Reading], None]] = {
    "influence": influence.draw,
    "pooling": pooling.draw,
    "compare": compare.draw,
    "many": many.draw,
    "fails": fails.draw,
}


def draw(question: Question, reading: Reading, profiles: Sequence[GradientProfile]) -> None:
    """A segmented control and the chosen view."""
    _ = translator()
    st.subheader(_("Look inside"))
    view = views.chosen(VIEW, VIEWS, "influence")
    try:
        if view == "lesson":
            st.markdown(lesson("sentiment")["how"])
        elif view == "steps":
            steps.draw(reading, profiles)
        else:
            DRAWN[view](question, reading)
    except InputError as error:
        show_error(error)
