"""The glossary: terms of the lecture, each with one sentence and its slide, in the header."""

from __future__ import annotations

import streamlit as st

from pages.shared import links
from pages.shared.text import _, lesson

SLIDE_OF = {
    "recurrent": 16,
    "state": 16,
    "token": 5,
    "one_hot": 9,
    "embedding": 14,
    "softmax": 9,
    "language_model": 8,
    "perplexity": 10,
    "temperature": 54,
    "loss": 23,
    "gradient": 24,
    "tanh": 20,
    "saturation": 21,
    "unroll": 18,
    "shared": 18,
    "bptt": 24,
    "truncated": 25,
    "vanishing": 30,
    "exploding": 31,
    "eigenvalue": 31,
    "clipping": 31,
    "gate": 38,
    "cell_state": 35,
    "candidate": 37,
    "forget": 40,
    "update": 46,
    "layer": 48,
    "bidirectional": 49,
    "pooling": 52,
    "encoder": 57,
    "attention": 57,
    "beam": 56,
    "forcing": 23,
}
"""The slide that each term belongs to, in the order in which one meets them."""

OF_PAGE = {
    "sentiment": "token state embedding softmax loss gradient vanishing pooling bidirectional",
    "characters": "language_model one_hot softmax perplexity temperature state gradient vanishing",
    "train": "language_model loss gradient bptt truncated clipping perplexity temperature",
    "captions": "state softmax beam attention forcing gradient vanishing",
    "translation": "encoder attention token beam forcing gradient vanishing bidirectional",
    "frames": "state bidirectional gradient vanishing",
    "accents": "bidirectional token softmax gradient",
    "cells": "state cell_state gate candidate forget update tanh saturation unroll shared layer",
    "gradients": "gradient bptt shared vanishing exploding eigenvalue saturation clipping",
    "race": "state gate loss gradient vanishing truncated clipping",
}
"""The terms that a page uses, first those one meets first."""


def draw(page: str) -> None:
    """A popover: the terms of `page` first, then all others, each with a way to its slide."""
    with st.popover(
        "", icon=":material/menu_book:", help=_("Glossary"), key="glossary", on_change="rerun"
    ) as popover:
        if not popover.open:
            return
        own = OF_PAGE.get(page, "").split()
        sentences = lesson("glossary")
        if own:
            st.markdown(_("**Terms on this page**"))
        for term in own:
            _term(term, sentences[term])
        if own:
            st.markdown(_("**All other terms**"))
        for term in SLIDE_OF:
            if term not in own:
                _term(term, sentences[term])


def _term(term: str, sentence: str) -> None:
    number = SLIDE_OF[term]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(sentence)
        st.button(
            _("Slide {number}").format(number=number),
            key=f"glossary_{term}",
            type="tertiary",
            on_click=links.request_slide,
            args=(number,),
        )
