"""What the page is asked: a text, and in Settings how to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from engine.errors import N_
from engine.language import detect_language
from pages.shared import links
from pages.shared.slides import FILM, FOOD, VACUUM
from pages.shared.text import LANGUAGES, language, translator

TEXT, STEP, EXAMPLE = "sentiment_text", "sentiment_step", "sentiment_example"
MARKS = (STEP, "sentiment_word", "sentiment_first_step")
"""Marked places in the text, by view: of another text they would mark something else."""
READ_AS, MODEL = "sentiment_language", "sentiment_model"

EXAMPLES = (FOOD["en"], FOOD["vi"], VACUUM["vi"], FILM["vi"])
"""The lecture's own sentences, slide 5."""

MODELS = {
    "best": N_("the best one"),
    "rnn": N_("small RNN, last state"),
    "lstm": N_("small LSTM, last state"),
    "gru": N_("small GRU, last state"),
}


@dataclass(frozen=True)
class Question:
    """A text as typed, the language it is read in, and the model that reads it."""

    text: str
    language: str
    detected: bool
    model: str

    @property
    def name(self) -> str:
        """The shipped model's name."""
        plain = f"sentiment-{self.language}"
        return plain if self.model == "best" else f"{plain}-{self.model}-last"


def draw() -> Question:
    """The text area, the lecture's sentences, Settings."""
    _ = translator()
    text = links.text(TEXT, FILM[language()], always=True)
    st.text_area(
        _("Your text, in English or Vietnamese"),
        key=TEXT,
        height=100,
        on_change=lambda: links.set_values(dict.fromkeys(MARKS, "")),
    )
    links.note_if_too_long(text)
    _examples(text, _)
    question = _question(text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Read it"), icon=":material/play_arrow:")
        with st.popover(_summary(question, _), icon=":material/tune:", key="sentiment_settings"):
            _settings(_)
    return question


def _examples(text: str, _: Callable[[str], str]) -> None:
    st.session_state[EXAMPLE] = next((k for k, e in enumerate(EXAMPLES) if e == text), None)
    st.pills(
        _("Sentences of the lecture (slide 5)"),
        range(len(EXAMPLES)),
        format_func=lambda k: _shortened(EXAMPLES[k]),
        key=EXAMPLE,
        on_change=_take_example,
        wrap=False,
        label_visibility="collapsed",
    )


def replace_text(text: str) -> None:
    """Puts another text into the box, with nothing marked in it."""
    links.set_values({**dict.fromkeys(MARKS, ""), TEXT: text})


def _take_example() -> None:
    chosen = st.session_state[EXAMPLE]
    if chosen in range(len(EXAMPLES)):
        replace_text(EXAMPLES[chosen])


def _shortened(sentence: str, limit: int = 31) -> str:
    """Whole words that fit a chip."""
    if len(sentence) <= limit:
        return sentence
    return sentence[:limit].rsplit(" ", 1)[0].rstrip(",") + " …"


def _question(text: str) -> Question:
    """The text together with what Settings say."""
    read_as = links.choice(READ_AS, ["auto", *LANGUAGES], "auto")
    model = links.choice(MODEL, MODELS, "best")
    spoken = detect_language(text) if read_as == "auto" else read_as
    return Question(text, spoken, read_as == "auto", model)


def _summary(question: Question, _: Callable[[str], str]) -> str:
    """What Settings are at present, for the button that opens them."""
    how = _("detected") if question.detected else _("chosen")
    model = "" if question.model == "best" else f", {_(MODELS[question.model])}"
    return _("Settings: {language}").format(
        language=f"{LANGUAGES[question.language]} ({how}){model}"
    )


def _settings(_: Callable[[str], str]) -> None:
    """Language override and model."""
    links.resend(READ_AS, MODEL)
    names = {"auto": _("detect"), **LANGUAGES}
    st.segmented_control(
        _("Language of the text"),
        list(names),
        key=READ_AS,
        format_func=lambda lang: names[lang],
        required=True,
    )
    st.selectbox(_("Model"), list(MODELS), key=MODEL, format_func=lambda m: _(MODELS[m]))
