"""View: two texts side by side, their verdicts, and how each verdict came about."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from engine.errors import InputError
from engine.figures import numbers, style
from engine.language import check, detect_language
from engine.results import Reading, Verdict
from pages.parts.sentiment.controls import Query, replace_text
from pages.parts.sentiment.reading import draw_tokens, draw_verdict, read
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import _, in_language, literal

FIRST, OTHER = "sentiment_first", "sentiment_other"
FIRST_STEP, OTHER_STEP = "sentiment_first_step", "sentiment_other_step"

REORDERED = {
    "en": "On the whole the film is well worth watching, but it has its dull parts",
    "vi": "Tổng thể bộ phim là rất đáng xem, nhưng có những phần buồn tẻ",
}
"""The page's film sentence with the same words in another order."""

EQUALLY = 0.01
"""Probabilities closer than this are called equally sure."""


def draw(query: Query, reading: Reading) -> None:
    """Both texts, one sentence on their difference, and each one's verdict, words and line."""
    first, second = st.columns(2, gap="medium")
    with first:
        st.session_state[FIRST] = query.text
        st.text_area(
            _("First text: the page's own"),
            key=FIRST,
            height=100,
            on_change=lambda: replace_text(str(st.session_state[FIRST])),
        )
    with second:
        text = _second_text()
    try:
        text = check(text)
        # Read as the first one is: by the same choice of model and language.
        spoken = detect_language(text) if query.detected else query.language
        other_query = replace(query, text=text, language=spoken)
        other = read(other_query, text, slot="sentiment_other_reading")
    except InputError as error:
        with second:
            show_error(error)
        return
    for line in (difference(reading, other), *notes(reading, other, query, other_query)):
        st.markdown(line)
    first, second = st.columns(2, gap="medium")
    with first:
        _side(reading, query, FIRST_STEP)
    with second:
        _side(other, other_query, OTHER_STEP)


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


@st.fragment
def _side(reading: Reading, query: Query, key: str) -> None:
    """One text's verdict, its words and its line. A tap reruns this part only."""
    draw_verdict(reading, query, key=f"{key}_verdict")
    draw_tokens(reading, key, f"{key}_course")


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
