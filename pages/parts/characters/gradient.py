"""The gradient panel of this page, and how far back the network looks for one character."""

from __future__ import annotations

import streamlit as st

from engine.figures import characters as figures
from engine.figures import style
from engine.results import GradientProfile
from pages.parts.characters import compute
from pages.parts.characters.ask import Question
from pages.shared import figures as saving
from pages.shared import gradient_panel
from pages.shared.text import decimal, literal, translator


def draw(question: Question, text: str) -> None:
    """For the last character of `text`: gradients by character, then influence."""
    profiles = compute.profiles(question, text)
    gradient_panel.draw(profiles, "characters_gradient", loss(text, len(profiles)), says=says)
    _influence(question, text)


def loss(text: str, networks: int) -> str:
    """Which loss the gradients are of, as Markdown."""
    _ = translator()
    before, last = (literal(figures.shown(part)) for part in (text[-13:-1], text[-1]))
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
    _ = translator()
    return _("It gave “{letter}” {percent}.").format(
        letter=literal(figures.shown(profile.verdict.labels[0])),
        percent=literal(style.percent(float(profile.verdict.probabilities[0]))),
    )


def _influence(question: Question, text: str) -> None:
    """Each earlier character is left out once."""
    _ = translator()
    shifts = compute.influence(question, text)
    before, last = text[:-1], text[-1]
    st.subheader(_("How far back does it look?"), anchor=False)
    told = figures.influence_sentence(shifts, before, last, _, _number)
    st.markdown(f"**{literal(told)}**")
    st.plotly_chart(
        figures.influence(shifts, before, _, _number),
        key="characters_influence",
        config=saving.config("influence-of-characters"),
        alt=figures.influence_alt(shifts, before, _, _number),
    )
    st.caption(
        _(
            "What is measured: `{model}` reads the text again once per character, without that "
            "character. A bar is how much log p of the marked one falls: teal helps it, orange "
            "speaks against it. The gradient asks what a tiny change of a state would do; this "
            "asks what the character itself did."
        ).format(model=question.model)
    )


def _number(value: float) -> str:
    return decimal(value, 2)
