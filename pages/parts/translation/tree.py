"""View: the beam as a tree, from the source down: what was kept, what ended, what was given up."""

from __future__ import annotations

import streamlit as st

from engine.figures import beam_tree as figures
from engine.figures import beam_words as words
from pages.parts.translation.shown import Shown
from pages.shared import figures as saving
from pages.shared.text import literal, number, translator

TALL = 20
"""Steps from which on a tree fills more than a screen or two."""


def draw(shown: Shown) -> None:
    """The sentence that counts, the tree, and the division that orders the translations."""
    _ = translator()
    found = shown.sentence
    st.markdown(f"**{literal(words.sentence(found, _))}**")
    st.caption(
        _(
            "Each box is a piece that the network knows, a word or a part of one (a sub-word), "
            "with its probability after the pieces above it; a row is a step. The width is how "
            "many beginnings go on side by side: the likeliest of all their ways to go on. Width 1 "
            "is greedy choice; the width is in Settings."
        )
    )
    st.plotly_chart(
        figures.tree(found, _("the source"), _),
        key="translation_tree",
        config=saving.config("beam-tree"),
        alt=figures.tree_alt(found, _),
    )
    if max((node.step for node in found.nodes), default=0) > TALL:
        st.caption(_("A row for each piece: a long sentence has a tall tree."))
    st.markdown(
        _(
            "Translations are ordered by their score, log p / n^α: n is the number of pieces, STOP "
            "among them, and α the length penalty. Every piece makes log p smaller, so α = 0 "
            "favours short translations; α = 1 compares the mean per piece, in nats:"
        )
    )
    st.markdown("\n".join(f"1. {literal(told)}" for told in words.worths(found, _, number)))
