"""Beam tree and what-ifs of the page Translation, on translators whose numbers are known."""

from __future__ import annotations

from typing import Any

import pytest

from engine.results import Sentence, Translation
from pages.parts.translation import forcing
from pages.parts.translation.inputs import EXAMPLES
from pages.parts.translation.session import DIRECTIONS
from pages.shared import written_words
from tests.pages.fake_translation_predictor import FakeTranslationPredictor
from tests.pages.opened import said, widget
from tests.pages.translation_view import alts, page, rerun, texts

pytestmark = pytest.mark.usefixtures("fake_models")


def test_the_tree_begins_at_the_source_and_speaks_of_pieces() -> None:
    at = page("tree")
    assert "The beam kept 6 boxes: 5 belong to the chosen sentence, 1 were pruned before" in said(
        at
    )
    assert "a part of one (a sub-word)" in said(at)
    assert "“LA VIE EST BELLE”: −3.50 / 5 = −0.70" in said(at)
    assert alts(at)[0].startswith("Beam tree of width 2. The chosen sentence: LA 50%")
    assert "a tall tree" not in said(at)
    assert "a tall tree" in said(page("tree", source="mot " * 25))


def test_the_first_words_are_given_and_the_network_goes_on() -> None:
    at = page("force", query={"first": "My  life"})
    assert "#### My life EST BELLE" in said(at)
    assert texts(at, 0) == ["My", "life"]
    assert texts(at, 1) == ["EST", "BELLE", "STOP"]
    assert "“My” 50%, its own choice" in said(at)
    assert "left alone it says “LA VIE EST BELLE”, which is just as likely." in said(at)


def test_given_words_that_it_would_have_said() -> None:
    at = page("force", query={"first": "LA VIE"})
    assert "Left alone it says the same: log p = −3.47." in said(at)


def test_a_tapped_word_shows_its_candidates() -> None:
    at = page("force", query={"first": "My life", "first_chosen": "0"})
    assert "“EST”: 50%. Likeliest in its place: EST 50%, other 25%, third 12%." in said(at)


def test_typed_words_are_in_the_link_and_nothing_is_asked_for_none() -> None:
    at = page("force")
    widget(at, "translation_first").set_value("Our life").run()
    assert at.query_params["translation_first"] == "Our life"
    widget(at, "translation_first").set_value(" ").run()
    assert not at.exception
    assert "Give at least one word." in said(at)


def test_a_suggestion_is_taken_and_marks_are_forgotten() -> None:
    at = page("force", query={"first_chosen": "0"})
    widget(at, "translation_first_example").set_value("There is").run()
    assert widget(at, "translation_first").value == "There is"
    assert texts(at, 0) == ["There", "is"]
    assert "Likeliest in its place" not in said(at)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_first_example_has_other_beginnings_and_sources_made_for_it(direction: str) -> None:
    at = page("force", direction=direction, source=EXAMPLES[direction][0])
    assert widget(at, "translation_first").value == forcing.BEGINNINGS[direction][0]
    assert widget(at, "translation_second").value == forcing.SOURCES[direction][0]
    options = widget(at, "translation_second_example").options
    assert tuple(options) == forcing.SOURCES[direction]


def test_of_another_sentence_what_it_says_itself_is_there_to_be_changed() -> None:
    at = page("force")
    assert widget(at, "translation_first").value == "LA"
    assert widget(at, "translation_second").value == "la vie est belle"
    assert "translation_second_example" not in {pill.key for pill in at.get("button_group")}
    assert "“LA” 50%, its own choice" in said(at)


def test_a_default_gives_way_to_the_next_sentences_but_what_was_typed_does_not() -> None:
    at = page("force", source=EXAMPLES["fr-en"][0])
    widget(at, "translation_second").set_value("Il pleut.").run()
    at.args = ("force", "fr-en", "la vie est belle", 1)
    rerun(at)
    assert widget(at, "translation_first").value == "LA"
    assert widget(at, "translation_second").value == "Il pleut."


def test_a_link_with_too_many_characters_is_cut() -> None:
    at = page("force", query={"first": "a " * 100, "second": "b " * 400})
    assert len(widget(at, "translation_first").value) == forcing.LONGEST
    assert len(widget(at, "translation_second").value) == forcing.LONGEST_SOURCE


def test_two_sources_stand_beside_each_other() -> None:
    at = page("force", query={"second": "la vie est courte"})
    told = said(at)
    assert "In the source: “belle” → “courte”. In the translation: “BELLE” → “COURTE”." in told
    assert "la vie est courte  \n**LA VIE EST COURTE**" in told
    assert "LA ← la >99%, VIE ← vie >99%" in alts(at)[0]
    assert "COURTE ← courte" in alts(at)[1]


def test_a_second_source_without_words_is_refused() -> None:
    at = page("force", query={"second": "12 345"})
    assert [e.value for e in at.error] == [
        "There are no words in this text: nothing can be translated."
    ]


def translation(text: str, total: float) -> Translation:
    return Translation(text, (), total, total)


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (-5.0, "7.39 times less likely"),
        (-2.0, "2.72 times likelier"),
        (-3.001, "just as likely"),
        (-2000.0, "times less likely"),
    ],
)
def test_given_words_cost_or_gain(total: float, told: str) -> None:
    assert told in written_words.compared(translation("a cat", total), translation("a dog", -3.0))


def test_the_same_question_is_not_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = FakeTranslationPredictor.translate

    def watched(self: FakeTranslationPredictor, sentence: str, *given: Any) -> Sentence:
        asked.append(sentence)
        return plain(self, sentence, *given)

    at = page("force")
    monkeypatch.setattr(FakeTranslationPredictor, "translate", watched)
    rerun(at)
    asked.clear()  # the sentence that the view is handed
    widget(at, "translation_second").set_value("la vie est courte").run()
    assert asked == ["la vie est belle", "la vie est courte"]
