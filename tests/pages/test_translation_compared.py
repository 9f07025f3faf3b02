"""Small translators compared: with attention and without, and how far their gradients reach."""

from __future__ import annotations

import json

import pytest

from engine.results import LengthScores
from pages.shared import models
from tests.pages import fake_translation_predictor
from tests.pages.opened import said, widget
from tests.pages.translation_view import alts, page

pytestmark = pytest.mark.usefixtures("fake_models")

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
    assert "LSTM: 900,000 parameters" in said(at)
    assert "the encoder's last state" in said(at)
    assert "the large model: **LA VIE EST BELLE**" in said(at)
    assert "GRU with attention: **LA VIE EST BELLE**" in said(at)
    without, with_attention = alts(at)[0].split("LSTM with attention: ")
    assert without.startswith("LSTM: “la vie est belle” → “LA VIE EST BELLE”")
    assert "This model has no attention." in without
    assert "BELLE ← belle" in with_attention


def test_both_are_drawn_with_what_goes_from_one_network_to_the_other() -> None:
    spec = json.loads(page("small").get("plotly_chart")[0].proto.spec)
    written = [each["text"] for each in spec["layout"]["annotations"]]
    assert written.count("<b>BELLE</b>") + written.count("<i>BELLE</i>") == 2
    assert written.count("only the last state") == 1
    lines = [trace for trace in spec["data"] if trace.get("mode") == "lines" and trace["x"]]
    assert lines, "nothing was looked at"


def test_the_reversed_one_is_an_lstm_without_attention() -> None:
    at = page("small")
    widget(at, "translation_small_reversed").set_value(True).run()
    assert alts(at)[0].startswith("LSTM, source reversed: ")
    assert "from its last word to its first" in said(at)
    widget(at, "translation_small_cell").set_value("rnn").run()
    assert not at.exception
    assert widget(at, "translation_small_reversed").disabled
    assert alts(at)[0].startswith("RNN: ")


@pytest.mark.parametrize("view", ["small", "gradient"])
def test_other_directions_see_the_lectures_sentence(view: str) -> None:
    query = {"models": "without"}
    at = page(view, query=query, direction="en-vi", source="Life is beautiful")
    assert "translate from French to English" in said(at)
    assert "La nature est un temple." in said(at)
    assert "Life is beautiful" not in said(at)


def test_quality_by_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "translation_lengths", lambda: LENGTHS)
    at = page("small")
    assert "goes from BLEU" not in said(at)
    widget(at, "translation_bet_without").click().run()
    assert "You bet “the one without attention”: right." in said(at)
    assert "goes from BLEU 38 to 9, the one with attention from 41 to 24." in said(at)
    assert "Sentences by words of the source: 1–4: 900, 5–8: 300." in said(at)
    assert alts(at)[1].startswith("BLEU by words of the source. the large model: 1–4: 60.0")


@pytest.mark.parametrize("view", ["small", "gradient"])
def test_without_small_models_it_is_said(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    large = {
        k: v for k, v in fake_translation_predictor.headers().items() if len(k.split("-")) == 3
    }
    monkeypatch.setattr(models, "translation_headers", lambda: large)
    assert "The small models for comparison are not installed here." in said(page(view))


def test_the_gradient_travels_back_step_by_step() -> None:
    at = page("gradient", at=3)
    told = said(at)
    assert "e = −log P(BELLE)" in told
    assert "At “la”, 7 steps back, the gradient is 130 times smaller" in told  # 0.5 ** -7
    assert "the piece read last, “belle”, receives the largest gradient: 6% of that" in told
    assert "This is along c; along h alone: 2.1 times smaller." in told  # 0.9 ** -7
    assert "has to travel back through every step" in told
    assert alts(at)[0].startswith("RNN: At “la”, 7 steps back")


def test_attention_is_a_bridge() -> None:
    at = page("gradient", query={"models": "with"}, at=1)
    told = said(at)
    assert "Within the source, “vie” receives the largest gradient" in told
    assert "pieces read after it: 2" in told
    assert "Its attention there: vie >99%" in told
    assert "the gradient goes straight from the loss to what was looked at" in told


def test_the_reversed_reader_is_nearest_to_the_first_word() -> None:
    at = page("gradient", query={"models": "pairs", "gradient_axis": "lag"})
    told = said(at)
    assert "LSTM, source reversed" in told
    assert "the piece read last, “la”, receives the largest gradient" in told
    assert "The reversed reader begins at the end" in told


def test_the_end_of_the_sentence_can_be_followed() -> None:
    assert "e = −log P(STOP)" in said(page("gradient", at=4))


def test_the_model_that_translated_is_followed_in_every_direction() -> None:
    at = page("gradient", direction="en-vi", source="Life is beautiful", at=1)
    told = said(at)
    assert "e = −log P(IS)" in told
    assert "an encoder of two directions: not like for like" in told
    assert "steps back" not in told
