"""The page Captions run by Streamlit itself, on a model whose numbers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.errors import InputError
from engine.results import Caption, Description
from pages.shared import models
from pages.shared.slides import SLIDES
from tests.pages.captions_page import choose, chosen, drawn, page, photos, shown
from tests.pages.conftest import Open
from tests.pages.fake_caption_predictor import FakeCaptionPredictor
from tests.pages.opened import press, said, widget
from tests.pages.slow_work import until

pytestmark = pytest.mark.usefixtures("fake_models")


def test_an_example_is_described_before_anything_is_done() -> None:
    at = page()
    assert len(at.title) == 1
    assert [str(h.value) for h in at.header] == [r"A dog runs\."]
    assert [piece["text"] for piece in shown(at)["pieces"]] == ["a", "dog", "runs", "STOP"]
    assert photos(at) == ["photographer", "cat", "rocket", "astronaut"]
    assert chosen(at) == "photographer"
    assert "captions_photo" not in at.query_params


def test_before_a_tap_a_word_that_names_something_is_marked() -> None:
    at = page()
    assert shown(at)["marked"] == 1
    assert "In place of “dog”, after “a”:" in said(at)
    assert "For “dog” it looked most at: upper right, 50%" in said(at)
    assert "is not an explanation" in said(at)


def test_occlusion_stands_beside_attention_and_their_agreement_is_named() -> None:
    at = page()
    assert "For “dog” attention and occlusion agree (r = 0.70)." in said(at)
    assert "Covering one cell (upper right) takes P(dog) from 50% to <1%." in said(at)
    lost = [alt for alt in drawn(at) if "Occlusion: what P(dog) loses" in alt]
    assert len(lost) == 1
    assert "upper right >99%" in lost[0]
    other = said(page(alternative="1", word="5"))
    assert "For “snow” attention and occlusion do not agree (r = −0.03)" in other
    assert "Covering one cell (lower left) takes P(snow) from 50% to <1%." in other
    assert "does not make the word less probable" in said(page(word="2"))


def test_what_the_classifier_said_and_what_is_unsure_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = FakeCaptionPredictor._caption

    def changed(self: FakeCaptionPredictor, *given: Any) -> Caption:
        found = plain(self, *given)
        words = list(found.words)
        words[0] = replace(words[0], unsure_gender=True)
        words[1] = replace(words[1], recognised=0.9, read="cat")
        return replace(found, words=tuple(words))

    monkeypatch.setattr(FakeCaptionPredictor, "_caption", changed)
    at = page()
    assert "Recognised: “dog”. It is the image classifier's word, which is 90% sure;" in said(at)
    assert "has not learnt it and reads “cat” in its place." in said(at)
    assert "“a”: the network is not sure whether it sees a man or a woman; when it" in said(at)


def test_of_a_photo_like_nothing_known_it_is_said_that_it_guesses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = FakeCaptionPredictor.caption

    def unfamiliar(self: FakeCaptionPredictor, *given: Any, **more: Any) -> Description:
        return replace(plain(self, *given, **more), unfamiliar=True)

    assert not page().warning
    monkeypatch.setattr(FakeCaptionPredictor, "caption", unfamiliar)
    (warning,) = page(width="4").warning
    assert "Unsure: this photo is unlike those that the network has learnt from" in warning.value
    assert "Unsure, a guess:" in said(page(show="all", width="4"))


def test_a_tapped_word_is_what_all_panels_speak_of() -> None:
    at = page(word="3")
    assert shown(at)["selected"] == 3
    assert "Where it ends, after “a dog runs”:" in said(at)
    assert any("Attention for “STOP”" in alt for alt in drawn(at))
    assert "e = −log P(STOP)" in said(page(word="3", view="gradient"))
    choose(at, "cat")
    assert shown(at)["selected"] is None  # it was a place in another sentence
    assert at.query_params["captions_photo"] == "cat"


def test_alternatives_have_scores_and_can_be_chosen() -> None:
    at = page()
    radio = widget(at, "captions_alternative")
    assert [str(option).replace("\\", "") for option in radio.options] == [
        "A dog runs.",
        "A dog runs in the snow.",
    ]
    radio.set_value("1").run()
    assert not at.exception
    assert len(shown(at)["pieces"]) == 7
    assert at.query_params["captions_alternative"] == "1"


def test_settings_reach_the_search_and_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, float]] = []
    plain = FakeCaptionPredictor.caption

    def watched(self: FakeCaptionPredictor, seen: Any, search: Any, **more: Any) -> Description:
        asked.append((search.width, search.penalty))
        return plain(self, seen, search, **more)

    monkeypatch.setattr(FakeCaptionPredictor, "caption", watched)
    at = page(width="1", penalty="0.5")
    assert asked[-1] == (1, 0.5)  # the board of Home, opened first, has asked too
    assert len(widget(at, "captions_alternative").options) == 1
    label = widget(at, "captions_settings").proto.popover.label
    assert label == "Settings: beam width 1, length penalty 0.5"
    assert at.query_params["captions_width"] == "1"
    widget(at, "captions_width").set_value("7").run()
    assert asked[-1] == (7, 0.5)


def test_what_a_link_asks_for_wrongly_falls_back() -> None:
    at = page(photo="<b>", width="99", penalty="x", word="77", alternative="9", view="?")
    assert chosen(at) == "photographer"
    assert widget(at, "captions_width").value == "5"
    assert shown(at)["selected"] is None
    assert shown(at)["marked"] == 1


def test_the_first_view_says_what_the_gradient_does_and_leads_to_it() -> None:
    at = page()
    told = "RNN without attention, loss of “dog”: At the photo's h₀ the gradient is 4 times smaller"
    assert told in said(at)  # 0.5²
    at = press(at, "captions_headline")
    assert at.query_params["captions_view"] == "gradient"
    assert "e = −log P(dog)" in said(at)


def test_all_photos_with_their_sentences() -> None:
    at = page(show="all")
    assert until(lambda: len(at.run().image) == len(photos(at)))
    assert said(at).count("**A dog runs.**") == 4
    assert "captions_show" in at.query_params


def test_the_panel_compares_cells_and_says_what_it_leaves_out() -> None:
    words = said(page(view="gradient"))
    assert "**RNN** · 900,000 parameters" in words
    assert (
        "At the photo's h₀ the gradient is 4 times smaller than at the last step." in words
    )  # 0.5²
    assert "along h alone" in words
    assert "all that is known of the photo has to come through h₀" in words
    attentive = said(page(view="gradient", models="with"))
    assert "so not like for like" in attentive
    assert "does not answer whether the photo still matters" in attentive
    assert said(page(view="gradient", models="pairs")).count(" with attention** · ") == 2


def test_only_models_that_are_installed_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = models.captions_headers()
    monkeypatch.setattr(models, "captions_headers", lambda: {"captions-en": plain["captions-en"]})
    at = page(view="gradient", models="without")
    assert widget(at, "captions_models").options == ["With attention"]
    assert "so not like for like" in said(at)


def test_saliency_stands_beside_the_attention() -> None:
    (alt,) = [alt for alt in drawn(page(view="gradient")) if "Gradient of the loss of “dog”" in alt]
    assert "middle" in alt


def test_a_model_without_attention_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "captions", lambda *_: FakeCaptionPredictor("captions-en-lstm"))
    at = page()
    assert "This model has no attention" in said(at)
    assert "The photo." in drawn(at)


def test_in_vietnamese_it_says_that_sentences_are_english() -> None:
    at = page("vi")
    assert "tiếng Anh" in said(at)
    assert "6.000 ảnh" in said(at)
    assert photos(at)[1] == "con mèo"


def test_missing_models_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, _device: str = "cpu") -> FakeCaptionPredictor:
        raise InputError("The model {name} is not installed here.", name=name)

    monkeypatch.setattr(models, "captions", missing)
    monkeypatch.setattr(models, "captions_headers", dict)
    at = page()
    assert len(at.error) == 1
    assert "captions\\-en" in at.error[0].value


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("slide", [11, 12, 55, 56])
def test_slides_open_the_page(app: Open, slide: int, lang: str) -> None:
    assert SLIDES[slide].page == "captions"
    at = app(lang=lang, slide=str(slide)).switch_page("pages/captions.py").run()
    assert not at.exception
    assert chosen(at) == "photographer"
    assert widget(at, "captions_view").value == SLIDES[slide].state(lang)["captions_view"]


def test_in_vietnamese_the_sentence_is_translated_and_the_page_says_that_it_is() -> None:
    at = page("vi")
    assert [str(h.value) for h in at.header] == [r"A dog runs\."]
    assert "A DOG RUNS." in said(at)
    assert any("dịch" in str(caption.value) for caption in at.caption)
    assert "A DOG RUNS" not in said(page("en"))


def test_without_a_translator_the_sentence_stays_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_headers", dict)
    at = page("vi")
    assert [str(h.value) for h in at.header] == [r"A dog runs\."]
    assert "A DOG RUNS" not in said(at)
