"""The answer: label and probabilities."""

from __future__ import annotations

import streamlit as st

from engine.figures import style
from engine.figures.sentiment import verdict as figures
from engine.results import Reading
from pages.parts.sentiment.ask import Question
from pages.shared import figures as saving
from pages.shared.text import LANGUAGES, translator

COLOURS = {"positive": "green", "negative": "orange"}
"""The theme's names of the figures' teal and orange."""


def draw(
    reading: Reading, question: Question | None = None, key: str = "sentiment_verdict"
) -> None:
    """A card; a verdict whose two best are close is called uncertain, whatever leads.

    With a `question` it also says how the text was read, where nothing else on the page does. A
    second card on a page needs another `key`.
    """
    _ = translator()
    verdict = reading.verdict
    label = style.label_name(verdict.label, _)
    if verdict.uncertain:
        colour, headline = "gray", _("Uncertain, leaning to {label}").format(label=label)
    else:
        colour, headline = COLOURS.get(verdict.label, "gray"), label.capitalize()
    with st.container(border=True, gap=None):
        st.markdown(f"### :{colour}[{headline}]", anchors=False)
        st.plotly_chart(
            figures.verdict_bars(verdict, _),
            key=key,
            config=saving.config("verdict"),
            alt=figures.verdict_alt(verdict, _),
        )
    if question is not None:
        name = LANGUAGES[question.language]
        st.caption(_("Read as {language} by `{model}`").format(language=name, model=question.name))
    if reading.truncated:
        st.caption(
            _("Only the first {count} tokens were read: the model takes no more at once.").format(
                count=len(reading.pieces)
            )
        )
