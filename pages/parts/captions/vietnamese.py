"""The sentence in Vietnamese, for those who read the page in it: a translation, and said to be."""

from __future__ import annotations

import streamlit as st

from pages.parts.captions.asked import once
from pages.parts.captions.shown import Shown
from pages.shared import models
from pages.shared.text import language, literal, translator

TRANSLATOR = "translate-en-vi"


def offered() -> bool:
    """Whether the sentences are translated for this reader."""
    return language() == "vi" and TRANSLATOR in models.translation_headers()


def draw(shown: Shown) -> None:
    """What the chosen sentence means, as another network understands it."""
    if not (offered() and shown.caption.tokens):
        return
    _ = translator()
    network, text = models.translation(TRANSLATOR, shown.device), shown.caption.text
    translated = once(shown, "vietnamese", text, lambda stop: network.translate(text, stop=stop))
    st.markdown(f":material/translate: {literal(translated.best.text)}")
    st.caption(
        _("Translated from English by another of our networks, which makes mistakes of its own.")
    )
