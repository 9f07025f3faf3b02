"""What the page is asked: which photo, how the search runs, and on what it is computed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.decoding import Search
from engine.device import AUTO
from engine.tasks.captions import DEFAULT
from pages.parts.captions.shown import forget
from pages.parts.captions.source import Choice
from pages.shared import links
from pages.shared.text import decimal, language, translator

WIDTH, PENALTY = "captions_width", "captions_penalty"
WIDTHS = tuple(str(width) for width in range(1, 11))
PENALTIES = ("0", "0.5", "1", "1.5")


@dataclass(frozen=True)
class Question:
    """The photos, the chosen one among them, and how sentences are searched for."""

    choice: Choice
    search: Search
    device: str


def settings(question: Question) -> None:
    """The popover with the search's settings."""
    _ = translator()
    label = _("Settings: beam width {width}, length penalty {penalty}").format(
        width=question.search.width, penalty=_number(f"{question.search.penalty:g}")
    )
    with st.popover(label, icon=":material/tune:", key="captions_settings"):
        _settings()


def warn() -> None:
    """What the model knows and what it guesses, in plain words."""
    _ = translator()
    said = _(
        "The model has learnt from 6,000 photos (8,000 with those that it is tested on), mostly "
        "of people and dogs outdoors, and knows nothing else: elsewhere it will be wrong, with "
        "the same confidence. It guesses whether it sees a man or a woman, and what they do: do "
        "not rely on either."
    )
    if language() != "en":
        said += " " + _("The sentences are in English, the only language that it has learnt.")
    st.caption(f":material/info: {said}")


def question(choice: Choice) -> Question:
    """What the link and the widgets say."""
    width = links.choice(WIDTH, WIDTHS, str(DEFAULT.width))
    penalty = links.choice(PENALTY, PENALTIES, f"{DEFAULT.penalty:g}")
    search = Search(int(width), float(penalty), DEFAULT.longest)
    return Question(choice, search, str(st.session_state.get("device", AUTO)))


def _settings() -> None:
    _ = translator()
    links.repeat(WIDTH, PENALTY)
    st.select_slider(
        _("Beam width: how many beginnings go on side by side; 1 is greedy choice"),
        WIDTHS,
        key=WIDTH,
        on_change=forget,
    )
    st.segmented_control(
        _("Length penalty: 0 favours short sentences, more favours long ones"),
        PENALTIES,
        key=PENALTY,
        format_func=_number,
        required=True,
        on_change=forget,
    )


def _number(id: str) -> str:
    digits = len(id.partition(".")[2])
    return decimal(float(id), digits)
