"""The sentiment page run by Streamlit itself, on a classifier whose numbers are known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import InputError
from engine.language import MAX_CHARACTERS
from pages.shared import links, models
from pages.shared.slides import FILM, FOOD
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.opened import opened, widget

TEXT = "sentiment_text"


pytestmark = pytest.mark.usefixtures("fake_models")


def page(lang: str = "en", **query: str) -> AppTest:
    """The sentiment page, opened by a link with this `query`."""
    return opened("sentiment", {"lang": lang, **query})


def said(at: AppTest) -> str:
    """Everything on the page that is Markdown, in one string."""
    elements = [*at.markdown, *at.caption, *at.subheader, *at.title, *at.error]
    return "\n".join(str(element.value) for element in elements)


def settings(at: AppTest) -> str:
    """What the Settings button says of them."""
    label: str = widget(at, "sentiment_settings").proto.popover.label
    return label


def pieces(at: AppTest) -> list[dict[str, Any]]:
    """What the token component was given."""
    component = at.get("bidi_component")[0]
    data: dict[str, Any] = json.loads(component.proto.json)
    found: list[dict[str, Any]] = data["pieces"]
    return found


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_worked_example_is_there(lang: str) -> None:
    at = page(lang)
    assert len(at.title) == 1
    assert at.text_area(key=TEXT).value == FILM[lang]
    assert [p["text"] for p in pieces(at)][:2] == FILM[lang].split()[:2]
    headline = {"en": ":green[Positive]", "vi": ":green[Tích cực]"}[lang]
    assert headline in said(at)


def test_the_verdict_turns_within_the_sentence() -> None:
    values = [p["value"] for p in pieces(page("vi"))]
    words = [p["text"] for p in pieces(page("vi"))]
    assert values[words.index("tẻ")] < -0.5
    assert values[-1] > 0.5


def test_typing_gives_a_new_verdict() -> None:
    at = page()
    at.text_area(key=TEXT).set_value("It broke").run()
    assert ":orange[Negative]" in said(at)
    assert [p["text"] for p in pieces(at)] == ["It", "broke"]


def test_a_close_call_is_called_uncertain() -> None:
    at = page()
    at.text_area(key=TEXT).set_value("This is it").run()
    assert "Uncertain, leaning to positive" in said(at)


def test_the_lectures_sentences_are_chips_and_follow_the_text() -> None:
    at = page("vi")
    chips = widget(at, "sentiment_example")
    assert chips.value == 3  # the worked example is one of them
    chips.set_value(0).run()
    assert at.text_area(key=TEXT).value == FOOD["en"]
    assert "English" in settings(at)
    at.text_area(key=TEXT).set_value("something else").run()
    assert widget(at, "sentiment_example").value is None


def test_language_is_detected_and_can_be_overridden() -> None:
    at = page("en", sentiment_text=FILM["vi"])
    assert "Tiếng Việt" in settings(at)
    widget(at, "sentiment_language").set_value("en").run()
    label = settings(at)
    assert "English" in label
    assert "chosen" in label
    assert "neutral" not in " ".join(p["title"] for p in pieces(at))  # English has two classes


def test_another_model_can_read_it() -> None:
    at = page()
    widget(at, "sentiment_model").set_value("gru").run()
    assert not at.exception
    assert "small GRU" in settings(at)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_forward_network_answers_and_the_other_is_the_second_opinion(lang: str) -> None:
    at = page(lang)
    name = f"sentiment-{lang}"
    assert f"`{name}-forward`" in said(at)
    second = {"en": "Second opinion", "vi": "Ý kiến thứ hai"}[lang]
    assert f"{second}: `{name}`" in said(at)
    widget(at, "sentiment_model").set_value("best").run()
    assert second not in said(at)
    assert f"`{name}-forward`" not in said(at)


def test_without_a_forward_network_the_best_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "sentiment_headers", lambda: {"sentiment-vi-forward": None})
    at = page("en", sentiment_model="forward")
    assert widget(at, "sentiment_model").value == "best"
    assert "the best of one direction" not in widget(at, "sentiment_model").options
    assert "reads in both directions" in said(at)
    assert "Second opinion" not in said(at)
    at.text_area(key=TEXT).set_value(FILM["vi"]).run()
    assert "the best of one direction" in widget(at, "sentiment_model").options


def test_the_link_reproduces_sentence_and_settings() -> None:
    at = page("en")
    at.text_area(key=TEXT).set_value("The food was dull").run()
    widget(at, "sentiment_language").set_value("vi").run()
    widget(at, "sentiment_view").set_value("gradient").run()
    widget(at, "sentiment_gradient_axis").set_value("lag").run()
    address = {name: str(at.query_params[name]) for name in at.query_params}
    address.pop("lang")
    again = page("vi", **address)
    assert again.text_area(key=TEXT).value == "The food was dull"
    assert widget(again, "sentiment_language").value == "vi"
    assert widget(again, "sentiment_gradient_axis").value == "lag"


def test_the_default_is_in_the_link_since_it_depends_on_the_language() -> None:
    assert page("vi").query_params[TEXT] == FILM["vi"]


def test_long_texts_stay_out_of_the_link_and_the_page_says_so() -> None:
    at = page()
    long = "The food was good. " * (links.LIMIT // 19 + 1)
    at.text_area(key=TEXT).set_value(long).run()
    assert TEXT not in at.query_params
    assert "1,500 characters is not part of the link" in said(at)
    assert "Only the first 256 tokens were read" in said(at)


BAD = {
    "empty": "",
    "spaces": " \n\t ",
    "long": "a" * 100_000,
    "emoji": "😀🎉👩‍👩‍👧",
    "control": "\x00\x07\x1b\u202e\u200b",
    "arabic": "الطعام كان جيدًا حقًا",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_bad_input_gets_one_kind_message_and_loses_nothing(lang: str, text: str) -> None:
    at = page(lang)
    at.text_area(key=TEXT).set_value(text).run()
    assert not at.exception
    (message,) = at.error
    assert message.value
    assert at.text_area(key=TEXT).value == text
    english = page("en").text_area(key=TEXT).set_value(text).run().error[0].value
    assert (message.value == english) == (lang == "en")


def test_html_is_read_as_text() -> None:
    at = page()
    at.text_area(key=TEXT).set_value(
        "<img src=x onerror=alert(1)> good **bold** [x](javascript:0)"
    ).run()
    assert not at.error
    assert [p["text"] for p in pieces(at)][:3] == ["<", "img", "src"]
    assert "onerror" not in said(at)
    assert "javascript" not in said(at)


def test_unknown_ids_in_a_link_fall_back() -> None:
    at = page(
        "en",
        sentiment_language="xx",
        sentiment_model="<b>",
        sentiment_view="?",
        sentiment_step="99",
    )
    assert widget(at, "sentiment_language").value == "auto"
    assert widget(at, "sentiment_model").value == "forward"


def test_the_chosen_token_is_in_the_link_until_the_text_changes() -> None:
    at = page("en", sentiment_step="4")
    component = at.get("bidi_component")[0]
    assert json.loads(component.proto.json)["selected"] == 4
    at.text_area(key=TEXT).set_value("The food was good").run()
    component = at.get("bidi_component")[0]
    assert json.loads(component.proto.json)["selected"] is None


def test_only_the_chosen_view_is_computed() -> None:
    at = page("en", sentiment_view="steps")  # as old links call it
    assert widget(at, "sentiment_view").value == "gradient"
    assert len(at.dataframe) == 1
    assert not at.get("bidi_component")
    assert "One vector stands" not in said(at)
    widget(at, "sentiment_view").set_value("lesson").run()
    assert not at.dataframe
    assert "One vector stands" in said(at)


def test_each_step_has_its_row() -> None:
    table = page("en", sentiment_view="steps").dataframe[0].value
    assert list(table["token"])[:3] == ["The", "film", "has"]
    assert len(table) == len(pieces(page()))
    assert {"negative", "positive", "RNN ∂e/∂h", "LSTM ∂e/∂h", "LSTM ∂e/∂c", "GRU ∂e/∂h"} <= set(
        table
    )
    assert table["RNN ∂e/∂h"].iloc[-1] == pytest.approx(0.3)


def test_a_missing_model_is_said_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, device: str = "cpu") -> FakeSentimentPredictor:
        raise InputError("The model {name} is not installed here.", name=name)

    monkeypatch.setattr(models, "sentiment", missing)
    at = page("vi")
    assert "sentiment" in at.error[0].value


def test_the_limit_is_the_engines() -> None:
    at = page()
    at.text_area(key=TEXT).set_value("a" * MAX_CHARACTERS).run()
    assert not at.error
