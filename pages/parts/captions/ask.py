"""What the page is asked: which photo, how the search runs, and on what it is computed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.decoding import Search
from engine.device import AUTO
from engine.tasks.captions import DEFAULT
from pages.parts.captions.shown import forget
from pages.parts.captions.source import Choice
from pages.shared import beam
from pages.shared.text import language, translator


@dataclass(frozen=True)
class Question:
    """The photos, the chosen one among them, and how sentences are searched for."""

    choice: Choice
    search: Search
    device: str


def settings(question: Question) -> None:
    """The popover with the search's settings."""
    beam.settings("captions", question.search, forget)


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
    search = beam.search("captions", DEFAULT)
    return Question(choice, search, str(st.session_state.get("device", AUTO)))
