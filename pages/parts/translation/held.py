"""What a visit holds: sentences that are translated. It ends with the session."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from engine.results import Sentence

FULL, BRIEF = 200, 4_000
"""Sentences that are kept with all that was found, and those of which only the translation is: the
oldest are forgotten."""

Asked = tuple[Hashable, str]
"""What a translation depends on: direction, search, device; and the sentence."""

Found = TypeVar("Found")


@dataclass
class Held:
    """Sentences in full, and bare translations, by what was asked. `last` is the text that was
    translated last, in which direction, and its translation."""

    full: dict[Asked, Sentence] = field(default_factory=dict)
    brief: dict[Asked, str] = field(default_factory=dict)
    last: tuple[str, str, str] = ("", "", "")

    def keep(self, asked: Asked, found: Sentence | str) -> None:
        """Adds what was found for one sentence."""
        if isinstance(found, Sentence):
            _add(self.full, asked, found, FULL)
        else:
            _add(self.brief, asked, found, BRIEF)

    def text(self, asked: Asked) -> str | None:
        """A sentence's translation, if it is known by now."""
        known = self.full.get(asked)
        return self.brief.get(asked) if known is None else known.best.text


def _add(store: dict[Asked, Found], asked: Asked, found: Found, most: int) -> None:
    store[asked] = found
    while len(store) > most:
        del store[next(iter(store))]


def held() -> Held:
    """The session's own."""
    store: Held = st.session_state.setdefault("_translation_held", Held())
    return store
