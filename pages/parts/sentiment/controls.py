"""What the visitor enters: a text, and in Settings how it is read; and the reading itself."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.cells import CELLS
from engine.device import AUTO as AUTOMATIC
from engine.figures.style import Translate, cell_style
from engine.language import detect_language
from engine.results import Reading
from engine.tasks.sentiment import SentimentPredictor
from pages.shared import accents, jobs, links, models
from pages.shared.slides import FILM, FOOD, LONG, VACUUM
from pages.shared.text import LANGUAGES, _, in_language, option_names

TEXT, STEP, EXAMPLE = "sentiment_text", "sentiment_step", "sentiment_example"
MARKS = (STEP, "sentiment_word", "sentiment_first_step")
"""Marked positions in the text, by view: in another text they would mark something else."""
LANGUAGE, MODEL, AUTO = "sentiment_language", "sentiment_model", "auto"
FORWARD, BEST = "forward", "best"
"""The flagship of one direction, whose state after each token is its answer so far, and the one of
two directions, which has to read each beginning of a text anew."""

EXAMPLES = (FOOD["en"], FOOD["vi"], VACUUM["vi"], FILM["vi"], LONG["en"], LONG["vi"])
"""The lecture's own sentences, slides 5 to 7, and longer texts."""

CHIP = 31
"""Characters of a sentence that fit the chip that enters it."""


@dataclass(frozen=True)
class Query:
    """A text as typed, the language it is read in, and what reads it: FORWARD, BEST or a cell."""

    text: str
    language: str
    detected: bool
    model: str

    @property
    def name(self) -> str:
        """The shipped model's name."""
        if self.model == FORWARD:
            return f"{best(self.language)}-forward"
        return best(self.language) if self.model == BEST else small(self.language, self.model)


def best(language: str) -> str:
    """The name of the best shipped model of this language, which reads in two directions."""
    return f"sentiment-{language}"


def small(language: str, cell: str, pooling: str = "last") -> str:
    """The name of the small model of this cell and pooling (last, sum or both)."""
    return f"sentiment-{language}-{cell}-{pooling}"


def predictor(name: str) -> SentimentPredictor:
    """A shipped model on the device that the visitor chose."""
    return models.sentiment(name, st.session_state.get("device", AUTOMATIC))


def read(query: Query, text: str, slot: str = "sentiment_reading") -> Reading:
    """The text as the chosen model reads it. A job, since a long text takes over 50 ms.

    What reads two texts in one run needs a `slot` for each, or one would cancel the other.
    """
    device, model = st.session_state.get("device", AUTOMATIC), predictor(query.name)
    return jobs.once(slot, (query.name, device, text), lambda stop: model.read(text, stop))


def draw() -> Query:
    """The text area, the lecture's sentences, Settings: what most views need beside them."""
    text = links.text(TEXT, in_language(FILM), always=True)
    st.text_area(
        _("Your text, in English or Vietnamese"),
        key=TEXT,
        height=100,
        on_change=lambda: links.set_values(dict.fromkeys(MARKS, "")),
    )
    links.note_if_too_long(text)
    accents.offer(text, "sentiment", replace_text)
    query = settings(text)
    st.session_state[EXAMPLE] = next((k for k, e in enumerate(EXAMPLES) if e == text), None)
    st.pills(
        _("Sentences of the lecture (slide 5)"),
        range(len(EXAMPLES)),
        format_func=_chip,
        key=EXAMPLE,
        on_change=_take_example,
        wrap=False,
        label_visibility="collapsed",
    )
    return query


def settings(text: str) -> Query:
    """The button that reads, and Settings, which say how the text is read."""
    chosen = links.choice(LANGUAGE, [AUTO, *LANGUAGES], AUTO)
    spoken = detect_language(text) if chosen == AUTO else chosen
    known = _known(spoken)
    model = links.choice(MODEL, known, known[0])
    query = Query(text, spoken, chosen == AUTO, model)
    how = _("detected") if query.detected else _("chosen")
    summary = f"{LANGUAGES[spoken]} ({how})"
    if model != known[0]:
        summary += f", {_title(model, _)}"
    summary = _("Settings: {language}").format(language=summary)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Read it"), icon=":material/play_arrow:")
        with st.popover(summary, icon=":material/tune:", key="sentiment_settings"):
            _settings(known)
    return query


def _known(language: str) -> list[str]:
    """What can read texts of this language, the best first: a flagship of one direction need not be
    there in each."""
    forward = Query("", language, False, FORWARD).name
    return [*([FORWARD] if forward in models.sentiment_headers() else []), BEST, *CELLS]


def _settings(known: list[str]) -> None:
    """The language that the text is read in, and the model, one of those `known`."""
    links.resend(MODEL)
    choose_language(_("Language of the text"))
    titles = option_names(known, lambda model: _title(model, _))
    st.selectbox(_("Model"), known, key=MODEL, format_func=titles)


def choose_language(label: str) -> str:
    """A control for the language that texts are read in: AUTO or one of them."""
    chosen = links.choice(LANGUAGE, [AUTO, *LANGUAGES], AUTO)
    links.resend(LANGUAGE)
    names = {AUTO: _("detect"), **LANGUAGES}
    st.segmented_control(
        label, list(names), key=LANGUAGE, format_func=lambda lang: names[lang], required=True
    )
    return chosen


def _title(model: str, _: Translate) -> str:
    """What a model is called in Settings."""
    if model == FORWARD:
        return _("the best of one direction")
    if model == BEST:
        return _("the best of two directions")
    return _("small {cell}, last state").format(cell=cell_style(model).title)


def replace_text(text: str) -> None:
    """Puts another text into the box, with nothing marked in it."""
    links.set_values({**dict.fromkeys(MARKS, ""), TEXT: text})


def _take_example() -> None:
    """A callback: the chosen sentence of the lecture is read."""
    chosen = st.session_state[EXAMPLE]
    if chosen in range(len(EXAMPLES)):
        replace_text(EXAMPLES[chosen])


def _chip(example: int) -> str:
    """As many whole words of an example as fit."""
    sentence = EXAMPLES[example]
    if len(sentence) <= CHIP:
        return sentence
    return sentence[:CHIP].rsplit(" ", 1)[0].rstrip(",") + " …"
