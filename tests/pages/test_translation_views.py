"""The views of the page Translation, each on its own, on translators whose numbers are known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.decoding import Search
from engine.results import (
    ErrorShare,
    LengthScores,
    Mistranslation,
    Sentence,
    Translation,
    TranslationFailures,
)
from pages.parts.translation import force
from pages.shared import models
from tests.pages import fake_interpreter
from tests.pages.fake_interpreter import FakeInterpreter
from tests.pages.opened import said, widget
from tests.pages.translation_shown import shown

pytestmark = pytest.mark.usefixtures("fake_models")


def _script(view: str, numbers: dict[str, int], texts: dict[str, str]) -> None:
    """What the page does around a view; it runs apart from this file."""
    from importlib import import_module

    from pages.shared import links
    from tests.pages.translation_shown import shown

    with links.followed():
        import_module(f"pages.parts.translation.{view}").draw(shown(**texts, **numbers))


def page(view: str, lang: str = "en", query: dict[str, str] | None = None, **given: Any) -> AppTest:
    """The view, opened by a link with this `query` (its keys without their `translation_`)."""
    numbers = {name: value for name, value in given.items() if isinstance(value, int)}
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    at = AppTest.from_function(_script, args=(view, numbers, texts), default_timeout=20)
    at.session_state["lang"] = lang
    for name, value in (query or {}).items():
        at.query_params[f"translation_{name}"] = value
    return rerun(at)


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def texts(at: AppTest, which: int) -> list[str]:
    """The words of a row of pills."""
    data = json.loads(at.get("bidi_component")[which].proto.json)
    return [piece["text"] for piece in data["pieces"]]


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]


def test_the_tree_begins_at_the_source_and_speaks_of_pieces() -> None:
    at = page("tree")
    assert "Of 6 words that were kept, 5 are on the sentence that won and 1 on none" in said(at)
    assert "a part of one (a sub-word)" in said(at)
    assert "“LA VIE EST BELLE”: −3.50 / 5^1.00 = −0.70" in said(at)
    assert alts(at)[0].startswith("Beam tree of width 2. The sentence that won: LA 50%")
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


def test_a_tapped_word_shows_its_rivals() -> None:
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


@pytest.mark.parametrize(
    ("direction", "first"), [("fr-en", "en"), ("en-vi", "vi"), ("en-fr", "fr")]
)
def test_examples_are_in_the_right_language(direction: str, first: str) -> None:
    at = page("force", direction=direction, query={"first": force.BEGINNINGS["en"][1]})
    expected = force.BEGINNINGS["en"][1] if first == "en" else force.BEGINNINGS[first][0]
    assert widget(at, "translation_first").value == expected
    assert widget(at, "translation_second").value in force.SOURCES[direction[:2]]


def test_a_link_with_too_many_characters_is_cut() -> None:
    at = page("force", query={"first": "a " * 100, "second": "b " * 400})
    assert len(widget(at, "translation_first").value) == force.LONGEST
    assert len(widget(at, "translation_second").value) == force.LONGEST_SOURCE


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
    assert told in force.compared(translation("a cat", total), translation("a dog", -3.0))


def test_the_same_question_is_not_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = FakeInterpreter.translate

    def watched(self: FakeInterpreter, sentence: str, *given: Any) -> Sentence:
        asked.append(sentence)
        return plain(self, sentence, *given)

    at = page("force")
    monkeypatch.setattr(FakeInterpreter, "translate", watched)
    rerun(at)
    asked.clear()  # the sentence that the view is handed
    widget(at, "translation_second").set_value("la vie est courte").run()
    assert asked == ["la vie est belle", "la vie est courte"]


LENGTHS = tuple(
    LengthScores(f"translate-fr-en{name}", (4, 8, None), (900, 300, 5), bleu, whole)
    for name, bleu, whole in (
        ("", (60.0, 55.0, 1.0), 57.0),
        ("-lstm", (38.0, 9.0, 1.0), 20.0),
        ("-lstm-attention", (41.0, 24.0, 1.0), 30.0),
        ("-lstm-reversed", (39.0, 12.0, 1.0), 23.0),
    )
)


def test_small_models_translate_the_same_sentence() -> None:
    at = page("small")
    assert "**LSTM** · 900\u202f000 parameters" in said(at)
    assert "the encoder's last state" in said(at)
    assert "the large model: **LA VIE EST BELLE**" in said(at)
    assert "GRU with attention: **LA VIE EST BELLE**" in said(at)
    assert not alts(at)
    widget(at, "translation_small_attention").set_value(True).run()
    assert "**LSTM with attention**" in said(at)
    assert "BELLE ← belle" in alts(at)[0]
    assert widget(at, "translation_small_reversed").disabled


def test_the_reversed_one_is_an_lstm_without_attention() -> None:
    at = page("small")
    widget(at, "translation_small_reversed").set_value(True).run()
    assert "**LSTM, source reversed**" in said(at)
    widget(at, "translation_small_cell").set_value("rnn").run()
    assert not at.exception
    assert widget(at, "translation_small_reversed").disabled
    assert "**RNN** · " in said(at)


@pytest.mark.parametrize("view", ["small", "gradient"])
def test_other_directions_see_the_lectures_sentence(view: str) -> None:
    at = page(view, direction="en-vi", source="Life is beautiful")
    assert "translate from French to English" in said(at)
    assert "La nature est un temple." in said(at)
    assert "Life is beautiful" not in said(at)


def test_quality_by_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_lengths", lambda: LENGTHS)
    at = page("small")
    assert "goes from BLEU 38 to 9, the one with attention from 41 to 24." in said(at)
    assert "Sentences by words of the source: 1–4: 900, 5–8: 300." in said(at)
    assert alts(at)[0].startswith("BLEU by words of the source. the large model: 1–4: 60.0")


@pytest.mark.parametrize("view", ["small", "gradient"])
def test_without_small_models_it_is_said(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    large = {k: v for k, v in fake_interpreter.headers().items() if len(k.split("-")) == 3}
    monkeypatch.setattr(models, "translation_headers", lambda: large)
    assert "The small models for comparison are not installed here." in said(page(view))


def test_the_gradient_travels_back_step_by_step() -> None:
    at = page("gradient", at=3)
    told = said(at)
    assert "e = −log P(BELLE)" in told
    assert "Back to “la”, 7 steps: 130 times smaller." in told  # 0.5 ** -7
    assert "the piece read last, “belle”, gets most (6%)" in told
    assert "This is along c; along h alone: 2.1 times" not in told
    assert "has to travel back through every step" in told
    assert alts(at)[0].startswith("RNN: Back to “la”")


def test_attention_is_a_bridge() -> None:
    at = page("gradient", query={"models": "with"}, at=1)
    told = said(at)
    assert "Of the source “vie” gets most" in told
    assert "although 2 more were read after it" in told
    assert "Its attention there: vie >99%" in told
    assert "Attention is a bridge" in told


def test_the_reversed_reader_is_nearest_to_the_first_word() -> None:
    at = page("gradient", query={"models": "pairs", "gradient_axis": "lag"})
    told = said(at)
    assert "LSTM, source reversed" in told
    assert "the piece read last, “la”, gets most" in told
    assert "The reversed reader begins at the end" in told


def test_the_end_of_the_sentence_can_be_followed() -> None:
    assert "e = −log P(STOP)" in said(page("gradient", at=4))


def test_there_and_back_again() -> None:
    at = page("trip", source="la vie est belle")
    told = said(at)
    assert "Every word came back (4 of 4); chrF is 0.0." in told  # capitals are other characters
    assert "LA VIE EST BELLE" in told


def test_what_does_not_come_back_is_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    def back(self: FakeInterpreter, *_given: Any) -> Sentence:
        return shown(source="la vie etait belle").sentence

    at = page("trip")
    monkeypatch.setattr(FakeInterpreter, "translate", back)
    monkeypatch.setattr("tests.pages.translation_shown.FakeInterpreter", _Untouched)
    at = page("trip")
    assert "1 of 4 words did not come back" in said(at)
    assert "la vie **est** belle" in said(at)
    assert "**ETAIT**" in said(at)


class _Untouched:
    """The translator that the view is handed its sentence from."""

    def __init__(self, name: str) -> None:
        self.name = name

    def translate(self, source: str, search: Search) -> Sentence:
        words = FakeInterpreter(self.name)._translation(source.upper().split(), 4)
        return Sentence(source, (), (words,), (), search.width, search.penalty)


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
