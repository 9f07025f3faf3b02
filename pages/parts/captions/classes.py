"""View: one photo in, one class out: the encoder as it came (slide 15's first kind, 1 → 1)."""

from __future__ import annotations

import streamlit as st

from engine.figures import captions_classes as figures
from pages.parts.captions.asked import once
from pages.parts.captions.shown import Shown
from pages.shared import figures as saving
from pages.shared import models
from pages.shared.text import literal, translator


def draw(shown: Shown) -> None:
    """What goes in and out, the five likeliest classes, and what the classes leave out."""
    _ = translator()
    st.markdown(
        _(
            "**1 → 1**: photo (224 × 224 pixels) → EfficientNet-Lite2 → one of 1,000 classes. One "
            "input, one output, no state: the first of slide 15's kinds needs no recurrent network."
        )
    )
    found = once(shown, "classes", "", lambda _stop: models.photo_classes(shown.entry.seen))
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.plotly_chart(
        figures.classes(found, _),
        key="captions_classes",
        config=saving.config("classes"),
        alt=figures.classes_alt(found, _),
    )
    st.markdown(
        _(
            "EfficientNet-Lite2 is a convolutional network trained on the photos of ImageNet. More "
            "than a hundred of its classes are breeds of dog, and none is “person”: only a "
            "baseball player, a bridegroom and a scuba diver are people. So a photo of people goes "
            "under what they wear, hold or stand in front of; “none of these” cannot be said, "
            "since the probabilities add up to 1."
        )
    )
    st.markdown(
        _(
            "**1 → n**: for captions its last layer is left out. What comes before, 7 × 7 places "
            "with 1,280 numbers each, goes to the recurrent network, which says word after word."
        )
    )
    st.caption(_("ImageNet's names of classes are English here, in every language of this app."))
