"""View: the beam as a tree, from the photo down: what was kept, what ended, what was given up."""

from __future__ import annotations

import streamlit as st

from engine.figures import beam_tree as figures
from engine.figures import beam_words as words
from pages.parts.captions.shown import Shown
from pages.shared import figures as saving
from pages.shared.text import literal, number, translator


def draw(shown: Shown) -> None:
    """The sentence that counts, the tree, and the division that orders the sentences."""
    _ = translator()
    found = shown.description
    st.markdown(f"**{literal(words.sentence(found, _))}**")
    st.plotly_chart(
        figures.tree(found, _("the photo"), _),
        key="captions_tree",
        config=saving.config("beam-tree"),
        alt=figures.tree_alt(found, _),
    )
    st.caption(
        _(
            "Each box is a word with its probability after the words above it; a row is a step. "
            "The width is how many beginnings go on side by side: the likeliest of all their ways "
            "to go on. Width 1 is greedy choice. Both width and length penalty are in Settings."
        )
    )
    st.markdown(
        _(
            "Sentences are ordered by their score, log p / n^α: n is the number of words, STOP "
            "among them, and α the length penalty. Every word makes log p smaller, so α = 0 "
            "favours short sentences; α = 1 compares the mean per word, in nats:"
        )
    )
    st.markdown("\n".join(f"1. {literal(told)}" for told in words.worths(found, _, number)))
