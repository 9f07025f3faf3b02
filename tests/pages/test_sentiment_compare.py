"""Compare two: the sentence on the difference, the second text's own state, hostile input."""

from __future__ import annotations

import json

import pytest

from engine.results import Reading
from pages.parts.sentiment import compare
from pages.shared.slides import FILM
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.test_sentiment import BAD, page, said

pytestmark = pytest.mark.usefixtures("fake_models")

FIRST, OTHER = "sentiment_text", "sentiment_other"


def two(first: str, second: str) -> str:
    """What the page says of two texts."""
    at = page("en", sentiment_view="compare", sentiment_text=first, sentiment_other=second)
    return said(at).replace("\\", "")


# The stand-in's P(positive) is 1 / (1 + exp(−2s)), s being 0.05 per word and −2.5 for "dull".


def test_two_verdicts_that_differ() -> None:
    # s = .15 and −2.4: 57 % and 1 − 0.8 %
    words = two("This is it", "It is dull")
    assert (
        "**The verdicts differ: the first text is positive (57%, uncertain), the second "
        "negative (99%).** P(positive) differs by 57 percentage points."
    ) in words


def test_the_same_verdict_and_which_is_surer() -> None:
    words = two("The food", "This is it there")  # s = .1 and .2: 55 % and 60 %
    assert "surer of the second text: it is positive (60%, uncertain), the first positive (55%" in (
        words
    )
    assert "differs by 5 percentage points" in words
    assert "surer of the first text: it is positive (60%" in two("This is it there", "The food")
    assert "about as sure" in two("The food", "The food")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_default_pair_has_the_same_words_in_another_order(lang: str) -> None:
    at = page(lang, sentiment_view="compare")
    assert at.text_area(key=OTHER).value == compare.REORDERED[lang]
    assert at.text_area(key=FIRST).value == FILM[lang]
    assert compare._words(FILM[lang]) == compare._words(compare.REORDERED[lang])
    assert at.query_params[OTHER] == [compare.REORDERED[lang]] or (
        at.query_params[OTHER] == compare.REORDERED[lang]
    )


def test_the_note_on_order_is_computed() -> None:
    order = "same words in another order"
    assert order in two("The food is good", "good is the food")
    assert order not in two("The food is good", "The food is very good")
    assert order not in two("The food is good", "The food is good")


def test_each_text_is_read_in_its_own_language() -> None:
    words = two("The food was really good", "Thức ăn rất ngon")
    assert "`sentiment-en-forward`" in words
    assert "`sentiment-vi-forward`" in words
    assert "Two different models read them" in words
    assert "Two different models" not in two("The food was good", "The food was dull")


def test_both_are_drawn_side_by_side() -> None:
    at = page("en", sentiment_view="compare", sentiment_other="It is dull")
    components = [json.loads(c.proto.json) for c in at.get("bidi_component")]
    texts = [[p["text"] for p in data["pieces"]] for data in components]
    assert texts[0] == FILM["en"].replace(",", " ,").split()
    assert texts[1] == ["It", "is", "dull"]
    assert ":orange[Negative]" in said(at)
    assert ":green[Positive]" in said(at)


def test_a_step_of_the_second_text_is_in_the_link_until_that_text_changes() -> None:
    at = page(
        "en",
        sentiment_view="compare",
        sentiment_other="It is dull",
        sentiment_other_step="2",
    )
    selected = [json.loads(c.proto.json)["selected"] for c in at.get("bidi_component")]
    assert selected == [None, 2]
    assert "After dull: negative 99%" in said(at).replace("\\", "")
    at.text_area(key=OTHER).set_value("It is all dull").run()
    assert json.loads(at.get("bidi_component")[1].proto.json)["selected"] is None


def test_the_first_text_is_the_pages_own() -> None:
    at = page("en", sentiment_view="compare")
    at.text_area(key=FIRST).set_value("It broke").run()
    assert not at.exception
    at.segmented_control(key="sentiment_view").set_value("read").run()
    at.text_area(key=FIRST).set_value("The food was good").run()
    at.segmented_control(key="sentiment_view").set_value("compare").run()
    assert at.text_area(key=FIRST).value == "The food was good"


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_bad_second_text_gets_one_kind_message_and_loses_nothing(lang: str, text: str) -> None:
    at = page(lang, sentiment_view="compare")
    at.text_area(key=OTHER).set_value(text).run()
    assert not at.exception
    (message,) = at.error
    assert message.value
    assert at.text_area(key=OTHER).value == text
    assert at.text_area(key=FIRST).value == FILM[lang]


def test_long_texts_stay_out_of_the_link_and_are_read_up_to_the_limit() -> None:
    at = page("en", sentiment_view="compare")
    at.text_area(key=OTHER).set_value("The food was dull. " * 100).run()
    assert OTHER not in at.query_params
    assert "Only the first 256 tokens were read" in said(at)
    assert not at.exception


def test_the_pages_own_reading_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = FakeSentimentPredictor.read

    def watched(self: FakeSentimentPredictor, text: str, stop: object = None) -> Reading:
        if stop is not None:  # asked for by the page
            read.append(text)
        return plain(self, text)

    monkeypatch.setattr(FakeSentimentPredictor, "read", watched)
    at = page("en", sentiment_view="compare")
    read.clear()
    at.text_area(key=OTHER).set_value("It is dull").run()
    assert read == ["It is dull"]
