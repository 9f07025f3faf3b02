"""View: two texts side by side, their verdicts, and how each verdict came about."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from engine.errors import InputError
from engine.figures import style
from engine.figures.sentiment import verdict as figures
from engine.language import check, detect_language
from engine.results import Reading, Verdict
from pages.parts.sentiment import compute, course, verdict
from pages.parts.sentiment.ask import Question, replace_text
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import language, literal, translator
from pages.shared.tokens import tokens

FIRST, OTHER = "sentiment_first", "sentiment_other"
FIRST_STEP, OTHER_STEP = "sentiment_first_step", "sentiment_other_step"

TURNED = {
    "en": "On the whole the film is well worth watching, but it has its dull parts",
    "vi": "Tổng thể bộ phim là rất đáng xem, nhưng có những phần buồn tẻ",
}
"""The page's film sentence with the same words in another order."""

EQUALLY = 0.01
"""Probabilities closer than this are called equally sure."""


def draw(question: Question, reading: Reading) -> None:
    """Both texts, one sentence on their difference, and each one's verdict, words and line."""
    _ = translator()
    first, second = st.columns(2, gap="medium")
    with first:
        _first(question.text)
    with second:
        other = _other()
    try:
        asked = _question(question, check(other))
        read = compute.reading(asked, asked.text, slot="sentiment_other_reading")
    except InputError as error:
        with second:
            show_error(error)
        return
    for line in (difference(reading, read), *notes(reading, read, question, asked)):
        st.markdown(line)
    first, second = st.columns(2, gap="medium")
    with first:
        _side(reading, question, FIRST_STEP)
    with second:
        _side(read, asked, OTHER_STEP)


def _first(text: str) -> None:
    """The page's own text, which can be changed here too."""
    _ = translator()
    st.session_state[FIRST] = text
    st.text_area(
        _("First text: the page's own"),
        key=FIRST,
        height=100,
        on_change=lambda: replace_text(str(st.session_state[FIRST])),
    )


def _other() -> str:
    """The text to compare it with."""
    _ = translator()
    text = links.text(OTHER, TURNED.get(language(), TURNED["en"]), always=True)
    st.text_area(
        _("Second text"),
        key=OTHER,
        height=100,
        on_change=lambda: links.set_values({OTHER_STEP: ""}),
    )
    links.note_if_too_long(text)
    return text


def _question(question: Question, text: str) -> Question:
    """The second text read as the first one is: by the same choice of model and language."""
    spoken = detect_language(text) if question.detected else question.language
    return replace(question, text=text, language=spoken)


@st.fragment
def _side(reading: Reading, question: Question, key: str) -> None:
    """One text's verdict, its words and its line. A tap reruns this part only."""
    _ = translator()
    verdict.draw(reading, question, key=f"{key}_verdict")
    links.choice(key, ["", *map(str, range(len(reading.pieces)))], "")
    shown = course.coloured(reading)
    chosen = tokens(
        shown,
        key=key,
        label=_("The text token by token, as the network reads it"),
        above=(style.LEFT, style.RIGHT),
    )
    if chosen is not None:
        st.caption(_("After {step}").format(step=literal(shown[chosen]["title"])))
    st.plotly_chart(
        figures.probability_line(reading, _, chosen),
        key=f"{key}_course",
        config=saving.config("probability-after-each-token"),
        alt=figures.probability_line_alt(reading, _),
    )


def difference(first: Reading, second: Reading) -> str:
    """Whether the verdicts differ, which is surer, and by how much P(positive) differs."""
    _ = translator()
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
    said = text.format(one=_described(one), other=_described(other))
    apart = _("P(positive) differs by {points} percentage points.").format(
        points=round(100 * abs(_positive(one) - _positive(other)))
    )
    return f"**{said}** {apart}"


def notes(first: Reading, second: Reading, question: Question, asked: Question) -> list[str]:
    """What else is to be known before reading anything into the difference."""
    _ = translator()
    found = []
    if first.text != second.text and _words(first.text) == _words(second.text):
        found.append(
            _(
                "Both texts have the same words in another order: a model that only counts words "
                "could not tell them apart."
            )
        )
    if question.language != asked.language:
        found.append(
            _(
                "Two different models read them, one per language: compare verdicts, not "
                "percentages."
            )
        )
    return found


def _words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text.casefold()))


def _positive(found: Verdict) -> float:
    return float(found.probabilities[found.labels.index("positive")])


def _described(found: Verdict) -> str:
    """`positive (93%)`, as Markdown; with the word for a close call."""
    _ = translator()
    label, sure = style.label_name(found.label, _), literal(style.percent(found.confidence))
    if found.uncertain:
        return _("{label} ({percent}, uncertain)").format(label=label, percent=sure)
    return f"{label} ({sure})"
