"""What the page speaks of: a text, the sentence of it that is looked at, and the tapped word."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.decoding import Search
from engine.figures.translation_words import Group, groups
from engine.results import Sentence, Translation
from engine.tasks.translation import tuned_search
from pages.shared import links, models

DIRECTIONS = ("fr-en", "en-fr", "en-vi", "vi-en")
SMALL = "translate-fr-en"
"""What the names of the small models that are compared begin with: they exist for this pair."""

LINE, SENTENCE, ALTERNATIVE, WORD = (
    "translation_line",
    "translation_sentence",
    "translation_alternative",
    "translation_word",
)
MARKS = (LINE, SENTENCE, ALTERNATIVE, WORD)
"""What belongs to one text's translation: of others it would mean something else."""


def forget() -> None:
    """A callback: what was marked in another text."""
    links.set_values(dict.fromkeys(MARKS, ""))


def model(direction: str) -> str:
    """Who translates in a direction."""
    return f"translate-{direction}"


def suits(direction: str) -> Search:
    """The search that suits the model of a direction."""
    return tuned_search(models.translation_headers()[model(direction)].recipe)


def suited(search: Search, direction: str, name: str) -> Search:
    """The search of a direction's model for another one: with the length penalty that suits that,
    unless another than its own was chosen for the first."""
    if search.penalty != suits(direction).penalty:
        return search
    other = tuned_search(models.translation_headers()[name].recipe)
    return replace(search, penalty=other.penalty)


@dataclass(frozen=True)
class Shown:
    """The sentence that is looked at, everything found for it, the chosen translation, and the
    marked word of that: which of `groups(translation.words)` it is.

    `whole` is all that was found for the text, sentence by sentence; `sentence` is one of it.
    """

    direction: str
    whole: tuple[Sentence, ...]
    sentence: Sentence
    translation: Translation
    at: int
    search: Search
    device: str

    @property
    def languages(self) -> tuple[str, str]:
        """From which to which: "fr", "en"."""
        source, _, target = self.direction.partition("-")
        return source, target

    @property
    def word(self) -> Group:
        """The marked word of the translation."""
        return groups(self.translation.words)[self.at]
