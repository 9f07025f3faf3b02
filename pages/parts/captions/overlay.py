"""The photo with what the network looked at for the marked word."""

from __future__ import annotations

import streamlit as st

from engine.figures import captions as figures
from pages.parts.captions.shown import Shown
from pages.shared import figures as saving
from pages.shared.text import literal, translator


def draw(shown: Shown) -> None:
    """Photo, cells, and in words where they are strongest."""
    _ = translator()
    cells, word = shown.word.attention, shown.word.text
    st.plotly_chart(
        figures.looked(shown.entry.photo.pixels, cells, height=_height(shown)),
        key="captions_photo_figure",
        config=saving.config("attention"),
        alt=figures.looked_alt(cells, _("Attention for “{word}”").format(word=word), _),
    )
    if cells is None:
        st.caption(_("This model has no attention: it saw the photo once, as h₀."))
        return
    text = _("For “{word}” it looked most at: {where}.")
    st.markdown(f"**{text.format(word=literal(word), where=literal(figures.where(cells, _)))}**")
    st.caption(
        _(
            "7 × 7 cells, the stronger the more attention. Attention is not an explanation: it "
            "says what was read, not what decided."
        )
    )


def _height(shown: Shown) -> int:
    """As tall as the photo needs where it is about 480 pixels wide."""
    tall, wide = shown.entry.photo.pixels.shape[:2]
    return max(200, min(400, int(480 * tall / wide)))
