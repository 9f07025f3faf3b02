"""What the views ask of the translators, through the queue, and how they show written words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from engine.figures.translation_words import Group, groups, probability
from engine.results import Translation
from engine.tasks.translation import TranslationPredictor
from pages.parts.translation.shown import Shown, model
from pages.shared import jobs, links, models

Result = TypeVar("Result")


def interpreter(shown: Shown) -> TranslationPredictor:
    """The translator that the page speaks of."""
    return models.translation(model(shown.direction), shown.device)


def once(shown: Shown, slot: str, key: Hashable, look: Callable[[jobs.Stop], Result]) -> Result:
    """One answer; asked again for another `key`, sentence, direction or device only."""
    whole = (shown.sentence.source, shown.direction, shown.device, key)
    return jobs.once(f"translation_{slot}", whole, look)


@dataclass(frozen=True)
class Said:
    """A whole written word, as a pill shows it; the candidates are those of its first piece."""

    text: str
    probability: float
    candidates: tuple[tuple[str, float], ...]


def words(translation: Translation) -> list[tuple[Group, Said]]:
    """The words of a translation, each with the pieces that it is made of."""
    return [
        (
            group,
            Said(
                group.text,
                probability(group, translation),
                translation.words[group.at].candidates,
            ),
        )
        for group in groups(translation.words)
    ]


def box(
    key: str, label: str, suggestions: Sequence[str], default: str, longest: int, *marks: str
) -> str:
    """A line of text, `default` until another one is typed, and `suggestions` below to choose from.

    What was the default of another sentence gives way to this one's. `marks` are forgotten when
    the text changes.
    """
    before = st.session_state.get(f"_{key}_default", default)
    text = links.text(key, default, always=True)
    if text == before != default or len(text) > longest:
        text = default if text == before else text[:longest]
        links.set_values({key: text})
    st.session_state[f"_{key}_default"] = default

    def forget() -> None:
        links.set_values(dict.fromkeys(marks, ""))

    def take() -> None:
        chosen = st.session_state[suggestion]
        if chosen in suggestions:
            forget()
            links.set_values({key: chosen})

    st.text_input(label, key=key, max_chars=longest, on_change=forget, width=520)
    suggestion = f"{key}_example"
    if suggestions:
        st.session_state[suggestion] = text if text in suggestions else None
        st.pills(label, suggestions, key=suggestion, on_change=take, label_visibility="collapsed")
    return text
