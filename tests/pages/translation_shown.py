"""What a view of the page Translation is handed, from a translator whose numbers are known."""

from __future__ import annotations

from engine.decoding import Search
from pages.parts.translation.shown import Shown
from tests.pages.fake_translation_predictor import FakeInterpreter

SOURCE = "la vie est belle"


def shown(direction: str = "fr-en", source: str = SOURCE, at: int = 1, width: int = 2) -> Shown:
    """The sentence, translated by writing it in capitals, with a word of it marked."""
    search = Search(width)
    found = FakeInterpreter(f"translate-{direction}").translate(source, search)
    return Shown(direction, (found,), found, found.best, at, search, "cpu")
