"""The page Translation run by Streamlit itself, on models whose numbers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.results import Sentence
from pages.parts.translation import inputs
from pages.parts.translation.session import DIRECTIONS
from pages.shared import models
from pages.shared.slides import SLIDES
from tests.pages.conftest import Open
from tests.pages.fake_translation_predictor import FakeTranslationPredictor
from tests.pages.opened import press, said, widget
from tests.pages.translation_page import drawn, page, rows, seen, strip, translation, typed

pytestmark = pytest.mark.usefixtures("fake_models")


def texts(data: dict[str, Any]) -> list[str]:
    return [piece["text"] for piece in data["pieces"]]


def test_the_lectures_sentence_is_translated_before_anything_is_done() -> None:
    at = page()
    assert len(at.title) == 1
    assert at.text_area(key=inputs.TEXT).value == "La nature est un temple."
    assert translation(at) == "LA NATURE EST UN TEMPLE."
    assert texts(strip(at)) == ["LA", "NATURE", "EST", "UN", "TEMPLE.", "STOP"]
    assert texts(strip(at, 1)) == ["La", "nature", "est", "un", "temple."]
    assert rows(at) == [(1, "La nature est un temple.", "LA NATURE EST UN TEMPLE.")]
    assert "translation_text" not in at.query_params


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_direction_has_examples_of_its_own(direction: str) -> None:
    at = page(direction=direction)
    first, *others = inputs.EXAMPLES[direction]
    assert translation(at) == first.upper()
    widget(at, inputs.EXAMPLE).set_value(others[1]).run()
    assert not at.exception
    assert translation(at) == others[1].upper()
    assert at.query_params["translation_text"] == others[1]
    assert not at.warning


def test_another_direction_takes_its_own_example_but_keeps_what_was_typed() -> None:
    at = page()
    widget(at, "translation_direction").set_value("en-vi").run()
    assert translation(at) == inputs.EXAMPLES["en-vi"][0].upper()
    typed(at, "Hello there, Tom.")
    widget(at, "translation_direction").set_value("en-fr").run()
    assert at.text_area(key=inputs.TEXT).value == "Hello there, Tom."


def test_a_swap_turns_the_direction_and_takes_the_translation() -> None:
    at = press(page(direction="en-vi", text="My cat sleeps."), "translation_swap")
    assert widget(at, "translation_direction").value == "vi-en"
    assert at.text_area(key=inputs.TEXT).value == "MY CAT SLEEPS."
    assert at.query_params["translation_direction"] == "vi-en"
    at = press(at, "translation_swap")
    assert widget(at, "translation_direction").value == "en-vi"


def test_before_a_tap_a_longer_word_is_marked() -> None:
    at = page()
    assert strip(at)["marked"] == 1
    assert "For “NATURE” it looked most at: “nature” >99%" in said(at)
    assert "In place of “NATURE”, after “LA”:" in said(at)
    assert "is not an explanation" in said(at)


def test_a_tapped_word_lights_its_sources_and_is_forgotten_with_the_text() -> None:
    at = page(word="2")
    assert strip(at)["selected"] == 2
    assert [piece["value"] for piece in strip(at, 1)["pieces"]] == [0, 0, 1, 0, 0]
    assert "In place of “EST”, after “LA NATURE”:" in said(at)
    assert any("EST ← est >99%" in alt for alt in drawn(at))
    typed(at, "Il fait froid.")
    assert strip(at)["selected"] is None


def test_stop_counts_as_a_word() -> None:
    at = page(word="5")
    assert "Where it ends, after “NATURE EST UN TEMPLE.”:" in said(at)


def test_alternatives_have_scores_and_can_be_chosen() -> None:
    at = page(word="1")
    radio = widget(at, "translation_alternative")
    assert [str(option).replace("\\", "") for option in radio.options] == [
        "LA NATURE EST UN TEMPLE.",
        "LA NATURE EST UN TEMPLE. !",
    ]
    radio.set_value("1").run()
    assert not at.exception
    assert texts(strip(at))[-2:] == ["!", "STOP"]
    assert strip(at)["selected"] is None
    assert at.query_params["translation_alternative"] == "1"
    assert translation(at) == "LA NATURE EST UN TEMPLE. !"
    at = press(at, "translation_swap")
    assert at.text_area(key=inputs.TEXT).value == "LA NATURE EST UN TEMPLE. !"


def test_settings_reach_the_search_and_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, float]] = []
    plain = FakeTranslationPredictor.translate

    def watched(
        self: FakeTranslationPredictor, sentence: str, search: Any, **more: Any
    ) -> Sentence:
        asked.append((search.width, search.penalty))
        return plain(self, sentence, search, **more)

    monkeypatch.setattr(FakeTranslationPredictor, "translate", watched)
    at = page(width="1", penalty="0.5")
    assert asked == [(1, 0.5)]
    assert len(widget(at, "translation_alternative").options) == 1
    widget(at, "translation_width").set_value("7").run()
    assert asked[-1] == (7, 0.5)
    at.run()
    assert len(asked) == 2  # what is found is not translated again


def test_one_line_with_sentences_has_one_of_them_looked_at() -> None:
    at = page(text="Il pleut. Marie dort.")
    assert translation(at) == "IL PLEUT. MARIE DORT."
    assert texts(strip(at)) == ["IL", "PLEUT.", "STOP"]
    widget(at, "translation_sentence").set_value("1").run()
    assert texts(strip(at)) == ["MARIE", "DORT.", "STOP"]


def test_of_many_lines_each_has_a_row_and_one_is_looked_at() -> None:
    at = page(text="Un chat dort.\n\n12 — 13\nIl pleut. Il neige.")
    assert translation(at) == "UN CHAT DORT.\n12 — 13\nIL PLEUT. IL NEIGE."
    assert [number for number, _source, _found in rows(at)] == [1, 3, 4]
    assert rows(at)[1] == (3, "12 — 13", "12 — 13")  # nothing to translate
    widget(at, "translation_line").set_value("4").run()
    assert not at.exception
    assert texts(strip(at)) == ["IL", "PLEUT.", "STOP"]
    assert at.query_params["translation_line"] == "4"


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("empty", "is empty"),
        ("repeats", "over and over"),
        ("cut", "did not find an end"),
        ("unsure", "is not sure"),
    ],
)
def test_trouble_is_said(monkeypatch: pytest.MonkeyPatch, trouble: str, told: str) -> None:
    plain = FakeTranslationPredictor.translate

    def troubled(self: FakeTranslationPredictor, *args: Any, **more: Any) -> Sentence:
        return replace(plain(self, *args, **more), trouble=trouble)

    monkeypatch.setattr(FakeTranslationPredictor, "translate", troubled)
    (warning,) = page().warning
    assert told in warning.value


def test_what_a_link_asks_for_wrongly_falls_back() -> None:
    at = page(direction="<b>", width="99", penalty="x", word="77", alternative="9", line="7")
    assert widget(at, "translation_direction").value == "fr-en"
    assert widget(at, "translation_width").value == "5"
    assert strip(at)["selected"] is None


def test_a_link_shows_the_same_in_vietnamese() -> None:
    query = {"direction": "en-fr", "text": "My cat sleeps.", "word": "1"}
    first, second = page(**query), page("vi", **query)
    assert translation(first) == translation(second) == "MY CAT SLEEPS."
    assert strip(second)["selected"] == 1
    assert "bộ giải mã" in said(seen(second, "lesson")).lower()


def test_the_first_view_says_what_the_gradient_does_and_leads_to_it() -> None:
    at = page(word="1")
    assert "**RNN without attention, loss of “NATURE”: At “La”, " in said(at)
    at = press(at, "translation_headline")
    assert at.query_params["translation_view"] == "gradient"
    assert "e = −log P(NATURE)" in said(at)
    at = page(direction="en-vi", text="My cat sleeps.", word="1")
    assert "**In the model that translated it, loss of “CAT”: Within the source" in said(at)


def test_only_directions_that_are_installed_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = models.translation_headers()
    kept = {name: plain[name] for name in ("translate-fr-en", "translate-vi-en")}
    monkeypatch.setattr(models, "translation_headers", lambda: kept)
    at = page(direction="en-vi")
    assert len(widget(at, "translation_direction").options) == 2
    assert widget(at, "translation_direction").value == "fr-en"
    assert at.button(key="translation_swap").disabled
    typed(at, "I have to go to the doctor with my sister.")
    assert len(at.warning) == 1
    assert "translation_fit" not in {str(button.key) for button in at.button}


def test_missing_models_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_headers", dict)
    at = page()
    assert len(at.error) == 1
    assert "translate-fr-en" in said(at)


def test_a_model_without_attention_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    small = FakeTranslationPredictor("translate-fr-en-lstm")
    monkeypatch.setattr(models, "translation", lambda *_: small)
    at = page()
    assert "This model has no attention" in said(at)
    assert not any("Attention, for each written word" in alt for alt in drawn(at))


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("slide", [13, 14, 57])
def test_slides_open_the_page(app: Open, slide: int, lang: str) -> None:
    assert SLIDES[slide].page == "translation"
    at = app(lang=lang, slide=str(slide)).switch_page("pages/translation.py").run()
    assert not at.exception
    state = SLIDES[slide].state(lang)
    assert widget(at, "translation_view").value == state["translation_view"]
    assert translation(seen(at, "translate")) == state["translation_text"].upper()
