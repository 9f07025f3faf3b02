"""The gradient panel of this page, and how far back the network looks for one character."""

from __future__ import annotations

import streamlit as st

from engine.figures import characters as figures
from engine.figures import norms, numbers
from engine.figures.candidates import visible
from engine.results import GradientProfile
from pages.parts.characters import answer, compute, controls
from pages.parts.characters.controls import Query
from pages.shared import gradient_panel, models, views
from pages.shared.text import _, decimal, literal

TWO = 2
"""Characters at least: one that is read, and one whose loss it is."""


def draw() -> None:
    """View: for the marked character the gradients by character, then influence, which leaves each
    earlier character out once."""
    query = controls.settle()
    picture, side = views.stage()
    with side:
        axis = gradient_panel.knob("characters_gradient_axis")
        controls.draw_model(query)
        mark = answer.draw_text(query)
    text = compute.up_to(query, mark)
    with picture:
        if len(text) < TWO:
            st.info(_("The gradient comes when there is enough text."))
            return
        profiles = compute.profiles(query, text)
        st.markdown(f"**{literal(answer.sentence(profiles[0]))}**")
        alt = norms.decay_alt(profiles, _)
        views.chart(norms.decay(profiles, _, axis), alt, "characters_gradient_figure", "gradient")
    gradient_panel.draw_cells(profiles, says)
    st.caption(f"{loss(text, len(profiles))} {gradient_panel.memory()}")
    _influence(query, text)


def _influence(query: Query, text: str) -> None:
    """What each earlier character does to the marked one's probability."""
    shifts = compute.influence(query, text)
    before, last = text[:-1], text[-1]
    st.subheader(_("How far back does it look?"), anchor=False)
    found = figures.influence_sentence(shifts, before, last, _)
    st.markdown(f"**{literal(found)}**")
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
    says = _("It gave “{letter}” a probability of {percent}.").format(
        letter=literal(visible(profile.verdict.labels[0])),
        percent=literal(numbers.percent(float(profile.verdict.probabilities[0]))),
    )
    header = models.characters_headers().get(profile.name)
    for scores in header.metrics.values() if header else ():
        if "nats_per_char" in scores:
            text = _("On text it never saw: {nats} nats per character.")
            return f"{says} {text.format(nats=decimal(scores['nats_per_char'], 2))}"
    return says
