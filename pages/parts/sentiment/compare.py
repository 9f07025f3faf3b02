"""View: two texts side by side, their verdicts, and how each verdict came about."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from engine.errors import InputError
from engine.figures import numbers, style
from engine.language import check, detect_language
from engine.results import Reading, Verdict
from pages.parts.sentiment import controls
from pages.parts.sentiment.controls import Query, read
from pages.parts.sentiment.reading import draw_tokens, draw_verdict
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, in_language, literal

OTHER = "sentiment_other"
FIRST_STEP, OTHER_STEP = "sentiment_first_step", "sentiment_other_step"

REORDERED = {
    "en": "On the whole the film is well worth watching, but it has its dull parts",
    "vi": "Tổng thể bộ phim là rất đáng xem, nhưng có những phần buồn tẻ",
}
"""The page's film sentence with the same words in another order."""

EQUALLY = 0.01
"""Probabilities closer than this are called equally sure."""


def draw() -> None:
    """View: one sentence on the difference; below it two texts, each under its verdict, words and
    line. A text that cannot be read costs only its own side."""
    summary = st.container()
    first, second = st.columns(2, gap="medium")
    with first:
        picture = st.container()
        query = controls.draw()
    with second:
        other_picture = st.container()
        text = _second_text()
    # Read as the first one is: by the same choice of model and language.
    spoken = detect_language(text) if query.detected else query.language
    other_query = replace(query, text=text, language=spoken)
    one = _side(picture, query, FIRST_STEP, "sentiment_reading")
    other = _side(other_picture, other_query, OTHER_STEP, "sentiment_other_reading")
    if one is not None and other is not None:
        for line in (difference(one, other), *notes(one, other, query, other_query)):
            summary.markdown(line)


def _side(place: DeltaGenerator, query: Query, key: str, slot: str) -> Reading | None:
    """One text's verdict, its words and its line; None with an error in their place."""
    with place:
        try:
            reading = read(query, check(query.text), slot)
        except InputError as error:
            show_error(error)
            return None
        _draw_side(reading, query, key)
    return reading


@st.fragment
def _draw_side(reading: Reading, query: Query, key: str) -> None:
    """A tap reruns this part only."""
    draw_verdict(reading, query)
    draw_tokens(reading, key, f"{key}_course")


def _second_text() -> str:
    """The text to compare it with."""
    text = links.text(OTHER, in_language(REORDERED), always=True)
    st.text_area(
        _("Second text"),
        key=OTHER,
        height=100,
        on_change=lambda: links.set_values({OTHER_STEP: ""}),
    )
    links.note_if_too_long(text)
    return text


def difference(first: Reading, second: Reading) -> str:
    """Whether the verdicts differ, which is surer, and by how much P(positive) differs."""
    one, other = first.verdict, second.verdict
    gap = one.confidence - other.confidence
    if one.label != other.label:
        text = _("The verdicts differ: the first text is {one}, the second {other}.")
    elif abs(gap) < EQUALLY:
        text = _(
            "The verdict is the same, and about as sure: the first text is {one}, the second "
            "{other}."
        )
    elif gap > 0:
        text = _(
            "The verdict is the same, but surer of the first text: it is {one}, the second {other}."
        )
    else:
        text = _(
            "The verdict is the same, but surer of the second text: it is {other}, the first {one}."
        )
    text = text.format(one=_described(one), other=_described(other))
    probabilities = [float(v.probabilities[v.labels.index("positive")]) for v in (one, other)]
    points = round(100 * abs(probabilities[0] - probabilities[1]))
    gap_text = _("P(positive) differs by {points} percentage points.").format(points=points)
    return f"**{text}** {gap_text}"


def notes(first: Reading, second: Reading, query: Query, other_query: Query) -> list[str]:
    """What else is to be known before reading anything into the difference."""
    found = []
    if first.text != second.text and _words(first.text) == _words(second.text):
        found.append(
            _(
                "Both texts have the same words in another order: a model that only counts words "
                "could not tell them apart."
            )
        )
    if query.language != other_query.language:
        found.append(
            _(
                "Two different models read them, one per language: compare verdicts, not "
                "percentages."
            )
        )
    return found


def _words(text: str) -> list[str]:
    """The words of a text, whatever their order."""
    return sorted(re.findall(r"\w+", text.casefold()))


def _described(found: Verdict) -> str:
    """`positive (93%)`, as Markdown; with the word for a close call."""
    label, sure = style.label_name(found.label, _), literal(numbers.percent(found.confidence))
    if found.uncertain:
        return _("{label} ({percent}, uncertain)").format(label=label, percent=sure)
    return f"{label} ({sure})"
