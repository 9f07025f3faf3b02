"""What a visit to the page Translation is about: what is asked, known and looked at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import streamlit as st

from engine.decoding import Search
from engine.errors import InputError
from engine.figures.translation.words import Group, groups
from engine.language import lexicon
from engine.results import Sentence, Translation
from engine.tasks.translation import TranslationPredictor, tuned_search
from pages.shared import links, models

DIRECTIONS = ("fr-en", "en-fr", "en-vi", "vi-en")


def offered(direction: str, what: str) -> tuple[str, ...]:
    """The "sentences", "changed" ones or "first_words" that the page offers for a direction."""
    source, target = direction.split("-")
    return tuple(lexicon.read(source, "translation")["examples"][target][what])


LINE, SENTENCE, ALTERNATIVE, WORD = (
    "translation_line",
    "translation_sentence",
    "translation_alternative",
    "translation_word",
)
MARKS = (LINE, SENTENCE, ALTERNATIVE, WORD)
"""What belongs to one text's translation: of others it would mean something else."""

CLOSELY = 20
"""Sentences of the chosen line that can be looked at: of the rest only translations are kept."""

FULL, BRIEF = 200, 4_000
"""Sentences that are kept with all that was found, and those of which only the translation is: the
oldest are forgotten."""


def forget_marks() -> None:
    """A callback: what was marked in another text."""
    links.set_values(dict.fromkeys(MARKS, ""))


def model(direction: str) -> str:
    """Who translates in a direction."""
    return f"translate-{direction}"


def best_search(direction: str) -> Search:
    """The search that suits the model of a direction."""
    return tuned_search(models.translation_headers()[model(direction)].recipe)


def search_for(name: str, query: Query) -> Search:
    """The query's search for another model: with the length penalty that suits that one, unless the
    visitor chose another than suits the direction."""
    if query.search.penalty != best_search(query.direction).penalty:
        return query.search
    other = tuned_search(models.translation_headers()[name].recipe)
    return replace(query.search, penalty=other.penalty)


@dataclass(frozen=True)
class Line:
    """One line of the text that is not blank: its place in it, from 1, and its sentences; none
    where there is nothing to translate in it."""

    number: int
    text: str
    sentences: tuple[str, ...]


Key = tuple[Hashable, str]
"""What a translation depends on: direction, search, device; and the sentence."""


@dataclass(frozen=True)
class Query:
    """The direction, the text's lines, the chosen one among them, and how translations are searched
    for."""

    direction: str
    lines: tuple[Line, ...]
    chosen: Line
    search: Search
    device: str

    @property
    def languages(self) -> tuple[str, str]:
        """From which to which: "fr", "en"."""
        source, _, target = self.direction.partition("-")
        return source, target

    @property
    def examined(self) -> tuple[str, ...]:
        """The sentences that can be looked at."""
        return self.chosen.sentences[:CLOSELY]

    def key(self, source: str) -> Key:
        """What the translation of a sentence depends on."""
        return (self.direction, self.search.width, self.search.penalty, self.device), source


@dataclass(frozen=True)
class Selection:
    """What the page speaks of: a sentence, everything found for it, the chosen translation, and the
    marked word of that: which of `groups(translation.words)` it is."""

    query: Query
    sentence: Sentence
    translation: Translation
    at: int

    @property
    def word(self) -> Group:
        """The marked word of the translation."""
        return groups(self.translation.words)[self.at]

    @property
    def predictor(self) -> TranslationPredictor:
        """The translator that the page speaks of."""
        return models.translation(model(self.query.direction), self.query.device)


Found = TypeVar("Found")


@dataclass
class SessionCache:
    """What a visit holds; it ends with the session.

    Sentences in full, and bare translations, by what they depend on. `last` is the text that was
    translated last, in which direction, and its translation; `query` the present one. `file` is the
    name and the text of an uploaded file, or why there is no text.
    """

    full: dict[Key, Sentence] = field(default_factory=dict)
    brief: dict[Key, str] = field(default_factory=dict)
    last: tuple[str, str, str] = ("", "", "")
    query: Query | None = None
    file: tuple[str, str] | None = None
    file_error: InputError | None = None

    def keep(self, key: Key, found: Sentence | str) -> None:
        """Adds what was found for one sentence."""
        if isinstance(found, Sentence):
            _add(self.full, key, found, FULL)
        else:
            _add(self.brief, key, found, BRIEF)

    def text(self, key: Key) -> str | None:
        """A sentence's translation, if it is known by now."""
        known = self.full.get(key)
        return self.brief.get(key) if known is None else known.best.text


def _add(store: dict[Key, Found], key: Key, found: Found, most: int) -> None:
    store[key] = found
    while len(store) > most:
        del store[next(iter(store))]


def cache() -> SessionCache:
    """The session's own."""
    found: SessionCache = st.session_state.setdefault("_translation", SessionCache())
    return found
