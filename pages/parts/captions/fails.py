"""View: where the best captioner fails, in its own words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.figures import captions_failures as figures
from engine.results import CaptionFailures
from pages.parts.captions.shown import MODEL, Shown
from pages.shared import figures as saving
from pages.shared import models
from pages.shared.text import literal, translator


def draw(_shown: Shown) -> None:
    """Error rates by kind of word, and real captions of dev photos that are wrong."""
    _ = translator()
    found = models.captions_failures(MODEL)
    if found is None or not found.kinds:
        st.info(_("Where this model fails has not been noted here."))
        return
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.plotly_chart(
        figures.error_rates(found, _),
        key="captions_error_rates",
        config=saving.config("caption-errors"),
        alt=figures.error_rates_alt(found, _),
    )
    st.caption(
        _(
            "Dev photos of Flickr8k, each described by five people. A word counts as wrong when "
            "none of them used it or one that means the same here, and somebody used another of "
            "its kind; the dotted line is the share of captions with any such word. People "
            "overlook things too, so some of these are no mistakes."
        )
    )
    if found.quotes:
        _quotes(found)


def _quotes(found: CaptionFailures) -> None:
    """A row for each mistake; the photos are their owners' and are not shown."""
    _ = translator()
    title = _("Captions that are wrong")
    st.markdown(f"##### {title}", anchors=False)
    rows = [
        {
            _("kind"): figures.kind_name(mistake.kind, _),
            _("the caption"): mistake.caption,
            _("wrong word"): mistake.wrong,
            _("what people said"): figures.disagreement(mistake, _),
        }
        for mistake in found.quotes
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt=_(
            "Captions of dev photos, the word that is wrong in each and what people said instead"
        ),
    )
    st.caption(
        _(
            "Real captions, chosen where most people agree on something else. The photos belong to "
            "their owners, so they are not shown, and people's sentences are counted, not quoted."
        )
    )
