"""The kinds of problem (slides 5 to 15), one at a time: where the loss sits and who hears of it.

Where a page of the app solves problems of that kind, it can be tried right here.
"""

from __future__ import annotations

import streamlit as st

from engine.figures import home as figures
from engine.lab import kinds
from pages.parts.home import sentiment
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.slides import PAGES
from pages.shared.text import N_, lesson, literal, translator

KIND = "home_kind"
NAMES = {
    "one_to_one": N_("1 → 1"),
    "one_to_many": N_("1 → n"),
    "many_to_one": N_("n → 1"),
    "many_to_many": N_("n → m"),
    "aligned": N_("n → n"),
    "loop": N_("loop"),
}
RUNS = {
    "one_to_many": ("captions", N_("Let a network describe your photo")),
    "many_to_many": ("translation", N_("Let a network translate your sentence")),
    "aligned": ("cells", N_("Step through a cell that answers at every step")),
    "loop": ("characters", N_("Let a network write character by character")),
}
"""The page where each kind can be tried, and what for."""


def draw() -> None:
    """A choice of kind, its picture, what is computed from it, and where to go on."""
    _ = translator()
    name = links.choice(KIND, NAMES, "many_to_one")
    st.segmented_control(
        _("Kind of problem (slide 15)"),
        list(NAMES),
        key=KIND,
        format_func=lambda kind: _(NAMES[kind]),
        required=True,
    )
    if name == "many_to_one":
        sentiment.draw()
    found = kinds.run(name)
    st.markdown(f"**{figures.title(name, _)}**")
    st.markdown(lesson("home")[f"kind_{name}"])
    st.plotly_chart(
        figures.unrolled(found, _),
        key="home_kinds",
        config=saving.config(f"kind-{name}"),
        alt=figures.unrolled_alt(found, _),
    )
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.caption(
        _(
            "In each state: ‖∂e/∂hₜ‖ as a share of the largest, of a plain RNN with 32 untrained "
            "units; e is the sum of the losses of all answers."
        )
    )
    if name in RUNS:
        page, label = RUNS[name]
        st.page_link(PAGES[page].path, label=_(label), icon=":material/arrow_forward:", help="")
