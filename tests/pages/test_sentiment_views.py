"""The influence view and the gradient panel's pooling, on a classifier of known numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import jobs
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.opened import opened, widget

pytestmark = pytest.mark.usefixtures("fake_models")


def page(view: str, lang: str = "en", **query: str) -> AppTest:
    return opened("sentiment", {"lang": lang, "sentiment_view": view, **query})


def said(at: AppTest) -> str:
    """All Markdown of the page, without the backslashes that keep numbers from being markup."""
    elements = [*at.markdown, *at.caption, *at.error]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def charts(at: AppTest, alt: str) -> list[dict[str, Any]]:
    """The figures whose words for the blind begin with `alt`."""
    found = [chart.proto for chart in at.get("plotly_chart")]
    return [json.loads(chart.spec) for chart in found if chart.alt.startswith(alt)]


def pieces(at: AppTest, which: int = -1) -> list[dict[str, Any]]:
    """What a token component was given: the page's is the first."""
    found: list[dict[str, Any]] = json.loads(at.get("bidi_component")[which].proto.json)["pieces"]
    return found


# Influence. In the film sentence "worth" is 8, "dull" −5, "but" 1, thirteen others 0.1: 5.3.


def test_influence_names_the_strongest_word_and_that_it_turns_the_verdict() -> None:
    words = said(page("influence"))
    assert "**Without “worth” the margin would fall by 8.00: removing it" in words
    assert "Leaving out one word would turn the verdict to negative: “worth”." in words
    assert "that of the whole text is +5.30" in words
    assert "does not explain how the network computes" in words
    assert "“not good”" in words


def test_influence_where_a_word_speaks_for_negative() -> None:
    words = said(page("influence", sentiment_text="The dull food"))
    assert "**Without “dull” the margin would rise by 5.00" in words
    assert "turn the verdict to positive: “dull”" in words


def test_influence_where_no_word_or_each_turns_the_verdict() -> None:
    assert "No single word turns the verdict: it stays positive" in said(
        page("influence", sentiment_text="good good")
    )
    many = "dull dull good good"  # 2 × −5 + 2 × 6 = 2: without either "good" it is −4
    assert "any one of 2 words would turn the verdict to negative: “good” and “good”" in said(
        page("influence", sentiment_text=many)
    )


def test_influence_with_three_classes_speaks_of_the_two_in_the_margin() -> None:
    words = said(page("influence", lang="en", sentiment_text="Thức ăn rất ngon"))
    assert "would put negative ahead of positive" not in words
    assert (
        "No single word puts negative ahead of positive. (The margin ignores “neutral”.)" in words
    )
    assert "would put positive ahead of negative: “hỏng”" in said(
        page("influence", lang="en", sentiment_text="Máy rất hỏng")
    )


def test_influence_colours_and_bars() -> None:
    at = page("influence")
    values = {p["text"]: p["value"] for p in pieces(at)}
    assert values["worth"] == 1
    assert values["dull"] == pytest.approx(-5 / 8)
    assert {p["text"]: p["title"] for p in pieces(at)}["dull"] == "dull: −5.00"
    (figure,) = charts(at, "Margin with the word")
    assert figure["data"][0]["text"][:3] == ["+8.00", "−5.00", "+1.00"]
    assert len(figure["data"][0]["text"]) == 12
    assert "The 12 strongest of 16 words." in said(at)


def test_a_tapped_word_shows_its_number_and_is_in_the_link() -> None:
    at = page("influence", sentiment_word="4")
    assert "“dull” speaks for negative (−5.00): without it the margin would be +10.30" in said(at)
    assert "would be +10.30" not in said(page("influence", sentiment_word="99"))


def test_influence_speaks_vietnamese() -> None:
    at = page("influence", lang="vi", sentiment_text="Thức ăn rất ngon")
    assert "6,00" in said(at)
    assert "6.00" not in said(at)
    assert {p["text"]: p["title"] for p in pieces(at)}["ngon"] == "ngon: +6,00"


def test_influence_reads_with_the_chosen_model_and_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, bool]] = []
    plain = FakeSentimentPredictor.influence

    def watched(self: FakeSentimentPredictor, text: str, stop: jobs.Stop) -> Any:
        asked.append((self.name, stop()))
        return plain(self, text, stop)

    monkeypatch.setattr(FakeSentimentPredictor, "influence", watched)
    page("influence")
    page("influence", sentiment_model="gru")
    assert asked == [("sentiment-en-forward", False), ("sentiment-en-gru-last", False)]


@pytest.mark.parametrize("view", ["influence", "compare"])
def test_markup_in_the_text_stays_text(view: str) -> None:
    text = "**good** [x](javascript:0) <img src=x>"
    at = page(view, sentiment_text=text, sentiment_other=text, sentiment_word="2")
    raw = "\n".join(str(e.value) for e in [*at.markdown, *at.caption])
    assert "](javascript" not in raw
    assert "<img" not in raw


# The gradient panel's choice


def test_the_gradient_panel_profiles_the_chosen_pooling(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = FakeSentimentPredictor.gradients

    def watched(self: FakeSentimentPredictor, text: str, label: str) -> Any:
        asked.append(self.name)
        return plain(self, text, label)

    monkeypatch.setattr(FakeSentimentPredictor, "gradients", watched)
    at = page("gradient")
    cells = ("rnn", "lstm", "gru")
    assert asked == [f"sentiment-en-{cell}-last" for cell in cells]
    assert "judge by their last state" in said(at)
    widget(at, "sentiment_pooling").set_value("sum").run()
    assert asked[3:] == [f"sentiment-en-{cell}-sum" for cell in cells]
    assert "judge by the sum of all their states" in said(at)
    assert "judge by their last state" not in said(at)
    assert "the loss as if “positive” were the right answer" in said(at)
    assert widget(page("gradient", sentiment_pooling="sum"), "sentiment_pooling").value == "sum"
    assert widget(page("gradient", sentiment_pooling="both"), "sentiment_pooling").value == "last"
