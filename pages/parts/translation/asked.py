"""What the views ask of the translators, through the queue, and how they show written words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from engine.figures.translation_words import Group, groups, probability
from engine.results import Translation
from engine.tasks.translation import Interpreter
from pages.parts.translation.shown import Shown, model
from pages.shared import jobs, links, models

Result = TypeVar("Result")


def interpreter(shown: Shown) -> Interpreter:
    """The translator that the page speaks of."""
    return models.translation(model(shown.direction), shown.device)


def once(shown: Shown, slot: str, key: Hashable, look: Callable[[jobs.Stop], Result]) -> Result:
    """One answer; asked again for another `key`, sentence, direction or device only."""
    whole = (shown.sentence.source, shown.direction, shown.device, key)
    return jobs.once(f"translation_{slot}", whole, look)


@dataclass(frozen=True)
class Said:
    """A whole written word, as a pill shows it; the rivals are those of its first piece."""

    text: str
    probability: float
    rivals: tuple[tuple[str, float], ...]


def words(translation: Translation) -> list[tuple[Group, Said]]:
    """The words of a translation, each with the pieces that it is made of."""
    return [
        (
            group,
            Said(
                group.text,
                probability(group, translation),
                translation.words[group.first].rivals,
            ),
        )
        for group in groups(translation.words)
    ]


def box(
    key: str, label: str, examples: Mapping[str, Sequence[str]], of: str, longest: int, *marks: str
) -> str:
    """A line of text in language `of`, at first an example, and `examples` below to choose from.

    A left-over example of another language gives way to one of this. `marks` are forgotten when
    the text changes.
    """
    own = examples[of]
    text = links.text(key, own[0], always=True)
    foreign = {example for other, texts in examples.items() if other != of for example in texts}
    if text in foreign - {*own} or len(text) > longest:
        text = own[0] if text in foreign else text[:longest]
        links.put({key: text})

    def forget() -> None:
        links.put(dict.fromkeys(marks, ""))

    def take() -> None:
        chosen = st.session_state[suggestion]
        if chosen in own:
            forget()
            links.put({key: chosen})

    st.text_input(label, key=key, max_chars=longest, on_change=forget, width=520)
    suggestion = f"{key}_example"
    st.session_state[suggestion] = text if text in own else None
    st.pills(label, own, key=suggestion, on_change=take, label_visibility="collapsed")
    return text
