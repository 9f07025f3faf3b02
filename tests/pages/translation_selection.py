"""What a view of the page Translation is handed, from a translator whose numbers are known."""

from __future__ import annotations

from engine.decoding import Search
from pages.parts.translation.session import Line, Query, Selection
from tests.pages.fake_translation_predictor import FakeTranslationPredictor

SOURCE = "la vie est belle"


def selection(
    direction: str = "fr-en", source: str = SOURCE, at: int = 1, width: int = 2
) -> Selection:
    """The sentence, translated by writing it in capitals, with a word of it marked."""
    line = Line(1, source, (source,))
    query = Query(direction, (line,), line, Search(width), "cpu")
    found = FakeTranslationPredictor(f"translate-{direction}").translate(source, query.search)
    return Selection(query, found, found.best, at)
