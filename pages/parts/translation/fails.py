"""View: where the translator of this direction fails, in its own words."""

from __future__ import annotations

import streamlit as st

from engine.figures import translation_failures as figures
from engine.results import Mistranslation, TranslationFailures
from pages.parts.translation.shown import Shown, model
from pages.shared import figures as saving
from pages.shared import models
from pages.shared.text import literal, translator


def draw(shown: Shown) -> None:
    """Error rates by kind, and real translations of dev sentences that are wrong."""
    _ = translator()
    name = model(shown.direction)
    found = models.translation_failures(name)
    if found is None or not found.kinds:
        st.info(_("Where this model fails has not been noted here."))
        return
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.plotly_chart(
        figures.error_rates(found, _),
        key="translation_error_rates",
        config=saving.config("translation-errors"),
        alt=figures.error_rates_alt(found, _),
    )
    st.caption(
        _(
            "Dev sentences of all corpora, as `{model}` translates them; each kind is counted "
            "among the sentences where it can occur, and the dotted line is the share of all with "
            "any of them. Only what can be counted is: a wrong word that fits the sentence is "
            "not. And people translate freely too, so some of these are no mistakes."
        ).format(model=name)
    )
    if found.quotes:
        _quotes(found)


def _quotes(found: TranslationFailures) -> None:
    _ = translator()
    title = _("Translations that went wrong")
    st.markdown(f"##### {title}", anchors=False)
    for quote in found.quotes:
        with st.container(border=True):
            _quote(quote)
    st.caption(
        _(
            "Sentences and people's translations: Tatoeba (tatoeba.org, by way of "
            "www.manythings.org/anki), CC BY 2.0 FR. Sentences of the other corpora are counted, "
            "not quoted: their terms do not allow it."
        )
    )


def _quote(quote: Mistranslation) -> None:
    """A kind, a source, and what the model and people made of it."""
    _ = translator()
    st.markdown(f"**{literal(figures.kind_name(quote.kind, _))}**")
    rows = (
        (_("source"), quote.source),
        (_("the model"), quote.written or "…"),
        (_("people"), quote.reference),
    )
    st.markdown("  \n".join(f":gray[{name}] {literal(text)}" for name, text in rows))
