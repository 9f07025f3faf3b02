"""The gradient panel of this page, and how far back the network looks for one character."""

from __future__ import annotations

import streamlit as st

from engine.figures import characters as figures
from engine.figures import numbers
from engine.figures.candidates import visible
from engine.results import GradientProfile
from pages.parts.characters import compute
from pages.parts.characters.controls import Query
from pages.shared import gradient_panel, views
from pages.shared.text import _, literal


def draw(query: Query, text: str) -> None:
    """For the last character of `text`: gradients by character; then influence, which leaves each
    earlier character out once."""
    profiles = compute.profiles(query, text)
    gradient_panel.draw(profiles, "characters_gradient", loss(text, len(profiles)), says=says)
    shifts = compute.influence(query, text)
    before, last = text[:-1], text[-1]
    st.subheader(_("How far back does it look?"), anchor=False)
    sentence = figures.influence_sentence(shifts, before, last, _)
    st.markdown(f"**{literal(sentence)}**")
    figure = figures.influence(shifts, before, _)
    alt = figures.influence_alt(shifts, before, _)
    views.chart(figure, alt, "characters_influence", "influence-of-characters")
    st.caption(
        _(
            "What is measured: `{model}` reads the text again once per character, without that "
            "character. A bar is how much log p of the marked one falls: teal helps it, orange "
            "speaks against it. The gradient asks what a tiny change of a state would do; this "
            "asks what the character itself did."
        ).format(model=query.model)
    )


def loss(text: str, networks: int) -> str:
    """Which loss the gradients are of, as Markdown."""
    before, last = (literal(visible(part)) for part in (text[-13:-1], text[-1]))
    if networks > 1:
        which = _(
            "Three small networks that have read the same texts each read the {count} characters "
            "before the marked one; a token here is one character."
        )
    else:
        which = _(
            "The network reads the {count} characters before the marked one; a token here is one "
            "character."
        )
    what = _("e = −log P({last}) is the loss of “{last}” after “{before}”.")
    return f"{which.format(count=len(text) - 1)} {what.format(last=last, before=before)}"


def says(profile: GradientProfile) -> str:
    """What the network gave to the marked character."""
    return _("It gave “{letter}” {percent}.").format(
        letter=literal(visible(profile.verdict.labels[0])),
        percent=literal(numbers.percent(float(profile.verdict.probabilities[0]))),
    )
