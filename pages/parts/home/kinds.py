"""The kinds of problem (slides 5 to 15), one at a time: where the loss sits and who hears of it."""

from __future__ import annotations

import streamlit as st

from engine.figures import home as figures
from engine.lab import architectures
from pages.parts.home.board import NAMES
from pages.shared import views
from pages.shared.slides import PAGES
from pages.shared.text import N_, _, lesson, literal

KIND = "home_kind"
RUNS = {
    "one_to_one": ("captions", N_("See which things a photo shows")),
    "many_to_one": ("sentiment", N_("Let a network read your sentence")),
    "one_to_many": ("captions", N_("Let a network describe your photo")),
    "many_to_many": ("translation", N_("Let a network translate your sentence")),
    "aligned": ("frames", N_("Let a network label every frame of a film")),
    "loop": ("characters", N_("Let a network write character by character")),
}
"""The page where each kind can be tried, and what for."""


def draw() -> None:
    """A choice of kind, its picture, what is computed from it, and where to go on."""
    name = views.pick(KIND, _("Kind of problem (slide 15)"), NAMES, default="many_to_one")
    found = architectures.run(name)
    st.markdown(f"**{figures.title(name, _)}**")
    st.markdown(lesson("home")[f"kind_{name}"])
    figure, alt = figures.unrolled(found, _), figures.unrolled_alt(found, _)
    views.chart(figure, alt, "home_kinds", f"kind-{name}")
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.caption(
        _(
            "In each state: ‖∂e/∂hₜ‖ as a share of the largest, of a plain RNN with 32 untrained "
            "units; e is the sum of the losses of all answers."
        )
    )
    page, label = RUNS[name]
    st.page_link(PAGES[page].path, label=_(label), icon=":material/arrow_forward:", help="")
