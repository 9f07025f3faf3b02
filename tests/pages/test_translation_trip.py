"""There and back again, and where translators fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.decoding import Search
from engine.results import ErrorShare, Mistranslation, Sentence, TranslationFailures
from pages.shared import models
from tests.pages import fake_translation_predictor
from tests.pages.fake_translation_predictor import FakeTranslationPredictor
from tests.pages.opened import said
from tests.pages.translation_selection import selection
from tests.pages.translation_view import page

CHOSEN = selection().query.search.penalty
pytestmark = pytest.mark.usefixtures("fake_models")


def test_there_and_back_again() -> None:
    at = page("trip", source="la vie est belle")
    told = said(at)
    assert "Every word came back (4 of 4); chrF is 0.0." in told  # capitals are other characters
    assert "LA VIE EST BELLE" in told


def test_what_does_not_come_back_is_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    def back(self: FakeTranslationPredictor, *_given: Any) -> Sentence:
        return selection(source="la vie etait belle").sentence

    monkeypatch.setattr(FakeTranslationPredictor, "translate", back)
    monkeypatch.setattr("tests.pages.translation_selection.FakeTranslationPredictor", _Untouched)
    at = page("trip")
    assert "1 of 4 words did not come back" in said(at)
    assert "la vie **est** belle" in said(at)
    assert "**ETAIT**" in said(at)


def test_a_word_too_many_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def back(self: FakeTranslationPredictor, *_given: Any) -> Sentence:
        return selection(source="oui la vie est belle").sentence

    monkeypatch.setattr("tests.pages.translation_selection.FakeTranslationPredictor", _Untouched)
    monkeypatch.setattr(FakeTranslationPredictor, "translate", back)
    assert "Every word came back (4 of 4), and 1 more" in said(page("trip"))


class _Untouched:
    """The translator that the view is handed its sentence from."""

    def __init__(self, name: str) -> None:
        self.name = name

    def translate(self, source: str, search: Search) -> Sentence:
        words = FakeTranslationPredictor(self.name)._translation(source.upper().split(), 4)
        return Sentence(source, (), (words,), (), search.width, search.penalty)


@pytest.mark.parametrize(("own", "taken"), [(CHOSEN, 0.7), (0.3, CHOSEN)])
def test_the_way_back_has_the_length_penalty_that_suits_it_unless_one_was_chosen(
    monkeypatch: pytest.MonkeyPatch, own: float, taken: float
) -> None:
    headers = fake_translation_predictor.headers()
    headers["translate-fr-en"].recipe["penalty"] = own
    headers["translate-en-fr"].recipe["penalty"] = 0.7
    monkeypatch.setattr(models, "translation_headers", lambda: headers)
    asked = []

    def back(self: FakeTranslationPredictor, text: str, search: Search, *_given: Any) -> Sentence:
        asked.append((self.languages, search))
        return selection(source=text).sentence

    monkeypatch.setattr("tests.pages.translation_selection.FakeTranslationPredictor", _Untouched)
    monkeypatch.setattr(FakeTranslationPredictor, "translate", back)
    page("trip")
    assert asked == [(("en", "fr"), replace(selection().query.search, penalty=taken))]


def test_without_a_model_for_the_way_back_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_headers", dict)
    assert "The model for the way back, translate-en-fr, is not installed here." in said(
        page("trip")
    )


FAILURES = TranslationFailures(
    ErrorShare("all", 1200, 300),
    (ErrorShare("number", 400, 40), ErrorShare("negation", 200, 60)),
    (Mistranslation("negation", "Il *n'est* pas là.", "He is there.", "He isn't there.", "t"),),
)


@pytest.mark.parametrize(("lang", "kind"), [("en", "negation lost or added"), ("vi", "")])
def test_rates_and_quotes_are_shown(lang: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_failures", lambda _name: FAILURES)
    at = page("fails", lang)
    assert "25%" in said(at)
    assert kind in said(at)
    assert "Il *n'est* pas là." in said(at)
    assert "CC BY 2.0 FR" in said(at)


def test_where_nothing_is_noted_the_view_says_so() -> None:
    assert "has not been noted" in said(page("fails"))
