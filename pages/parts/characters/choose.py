"""View: the network offers the five likeliest characters, and the person picks."""

from __future__ import annotations

import math

import streamlit as st

from engine.figures import characters as figures
from engine.figures import style
from engine.results import Letter
from pages.parts.characters import compute
from pages.parts.characters.ask import CHOSEN, Question
from pages.parts.characters.sample import coloured, ending
from pages.shared import links
from pages.shared.text import decimal, literal, translator
from pages.shared.tokens import tokens

LONGEST = 400
"""Characters that one picks at most."""

LETTER = "characters_letter"


def draw(question: Question) -> None:
    """What was picked so far, the product of its probabilities, and the next five."""
    _ = translator()
    chosen = links.text(CHOSEN, "")[:LONGEST]
    letters = picked(question, chosen)
    offered = compute.offer(question, question.prompt + chosen)
    st.markdown(_("Which character comes next? The network offers its five likeliest; you pick."))
    with st.container(horizontal=True, gap="small", key="characters_offers"):
        for k, (text, share) in enumerate(offered):
            st.button(
                f"{literal(figures.shown(text))} · {literal(style.percent(share))}",
                key=f"characters_pick_{k}",
                on_click=_append,
                args=(chosen + text,),
                disabled=len(chosen) >= LONGEST,
            )
        st.button(
            _("Undo"),
            icon=":material/undo:",
            type="tertiary",
            on_click=_append,
            args=(chosen[:-1],),
            disabled=not chosen,
        )
    with st.container(border=True):
        tokens(
            [*map(coloured, letters)],
            key=LETTER,
            label=_("The text that you picked, character by character"),
            flowing=True,
            before=ending(question.prompt),
        )
    st.markdown(f"**{literal(product(letters))}**")
    st.caption(
        _(
            "p(y₁ … yₙ) = ∏ p(yₜ given y₁ … yₜ₋₁), slide 10: every pick multiplies the probability "
            "of the whole text by that of the character. In logarithms it is a sum."
        )
    )


def picked(question: Question, chosen: str) -> list[Letter]:
    """The picked characters with the probabilities that they had."""
    if not chosen:
        return []
    memory = compute.reread(question, question.prompt + chosen)
    known = memory.letters[-len(chosen) :]
    return list(known) if compute.joined(known) == chosen else []


def product(letters: list[Letter]) -> str:
    """The probability of the picked text as a product of few factors, and how bold it is."""
    _ = translator()
    if not letters:
        return _("Nothing is picked yet: the product of no factors is 1.")
    log = sum(math.log10(max(letter.probability, 1e-12)) for letter in letters)
    favourites = sum(letter.text == letter.candidates[0][0] for letter in letters)
    factors = [decimal(letter.probability, 2) for letter in letters[-6:]]
    shown = " · ".join([*(["…"] if len(letters) > len(factors) else []), *factors])
    return _(
        "p = {factors} = {total}. You took its favourite {favourites} times out of {count}."
    ).format(factors=shown, total=power(log), favourites=favourites, count=len(letters))


def power(log: float) -> str:
    """10 to the `log`: 0,032 or 10⁻⁸."""
    if log > -3:
        return decimal(10**log, 4)
    digits = decimal(10 ** (log - math.floor(log)), 1)
    return f"{digits} · 10{str(math.floor(log)).translate(style.SUPERSCRIPTS)}"


def _append(text: str) -> None:
    links.set_values({CHOSEN: text, LETTER: ""})
