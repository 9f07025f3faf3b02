"""View: always the likeliest character beside a drawn one. The first one goes round in a loop."""

from __future__ import annotations

import streamlit as st

from engine.figures import characters as figures
from engine.tasks.characters.failures import PASSAGE, find_repetition
from pages.parts.characters import compute
from pages.parts.characters.ask import Question
from pages.shared.text import counter, decimal, literal, percent, translator

LENGTH = 1500
"""Characters that greedy choice is given to repeat itself in."""

HEIGHT = 300
"""Pixels: both texts side by side, the rest by scrolling."""


def draw(question: Question) -> None:
    """Two texts side by side, each with a sentence computed from it."""
    _ = translator()
    greedy = compute.greedy(question, LENGTH)
    drawn = compute.sample(question).text
    with st.grid(2, min_column_width=320, gap="medium"):
        with st.container(border=True, height="stretch"):
            greedily = _("Greedy: always the likeliest character")
            st.markdown(f"##### {greedily}", anchors=False)
            st.markdown(f"**{literal(repeats(greedy))}**")
            st.code(question.prompt + greedy, language=None, wrap_lines=True, height=HEIGHT)
        with st.container(border=True, height="stretch"):
            temperature = decimal(question.choice.temperature, 1)
            by_chance = _("Drawn, at temperature {temperature}").format(temperature=temperature)
            st.markdown(f"##### {by_chance}", anchors=False)
            st.markdown(f"**{literal(repeats(drawn))}**")
            st.code(question.prompt + drawn, language=None, wrap_lines=True, height=HEIGHT)
    st.caption(
        _(
            "The likeliest character at every step is not the likeliest text, and a state that "
            "comes back writes what it wrote before: greedy choice ends in a loop. Chance is what "
            "leads out of it. A temperature T divides the logits by T before the softmax: near 0 "
            "it is greedy, at 1 the network's own probabilities count, above 1 rare characters "
            "get more."
        )
    )


def repeats(text: str) -> str:
    """Whether the text says the same again, and from where on, in one sentence."""
    _, n_ = translator(), counter()
    found = find_repetition(text)
    if found is None:
        return _("No passage of {passage} characters comes twice in these {count}.").format(
            passage=PASSAGE, count=decimal(len(text), 0)
        )
    return n_(
        "It repeats itself after {n} character: “{said}” comes again, and {share} of the rest was "
        "there before.",
        "It repeats itself after {n} characters: “{said}” comes again, and {share} of the rest was "
        "there before.",
        found.start,
    ).format(
        n=decimal(found.start, 0),
        said=shortened(figures.shown(found.passage)),
        share=percent(found.share),
    )


def shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[:limit] + "…"
