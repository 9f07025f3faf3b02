"""The gradient panel: what it says of known profiles, in both languages."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.results import GradientProfile
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.opened import widget

TEXT = "one two three four five six seven eight nine ten good"


def script() -> None:
    import streamlit as st

    from pages.shared import gradient_panel

    gradient_panel.draw(st.session_state.profiles, "panel", "The loss.")


def panel(profiles: list[GradientProfile], lang: str = "en") -> AppTest:
    at = AppTest.from_function(script)
    at.session_state["lang"] = lang
    at.session_state["profiles"] = profiles
    at.run()
    assert not at.exception
    return at


@pytest.fixture
def profiles() -> list[GradientProfile]:
    cells = ("rnn", "lstm", "gru")
    return [
        FakeSentimentPredictor(f"sentiment-en-{cell}-last").gradients(TEXT, "positive")
        for cell in cells
    ]


def test_one_bold_sentence_per_cell_computed_from_its_numbers(
    profiles: list[GradientProfile],
) -> None:
    bold = [m.value for m in panel(profiles).markdown if m.value.startswith("**")]
    assert bold[0] == "**RNN** · 16,512 parameters (weight matrices ×1 per unit)"
    # 0.6 ** 10 = 1 / 165; along c 0.99 ** 10 = 90 %; 0.93 ** 10 = 48 %, more than twice as small
    assert "170 times smaller" in bold[1]
    assert "barely changes" in bold[3]
    assert "90" in bold[3]
    assert r"2\.1 times smaller" in bold[5]


def test_the_lstm_says_what_h_alone_would_say(profiles: list[GradientProfile]) -> None:
    captions = " ".join(c.value for c in panel(profiles).caption)
    assert "along h alone: 9\\.3 times smaller" in captions  # 0.8 ** 10 = 1 / 9.3
    assert "direct path through c" in captions


def test_each_cell_gives_its_own_verdict(profiles: list[GradientProfile]) -> None:
    said = [c.value for c in panel(profiles).caption if c.value.startswith("Prediction: ")]
    assert len(said) == 3
    assert all("positive" in line for line in said)


def test_the_knob_turns_the_axis(profiles: list[GradientProfile]) -> None:
    at = panel(profiles)
    first = json.loads(at.get("plotly_chart")[0].proto.spec)
    widget(at, "panel_axis").set_value("lag").run()
    second = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert first["layout"]["xaxis"]["title"]["text"].startswith("token")
    assert second["layout"]["xaxis"]["title"]["text"].startswith("lag")


def test_without_an_lstm_nothing_is_said_of_c(profiles: list[GradientProfile]) -> None:
    captions = " ".join(c.value for c in panel([profiles[0], profiles[2]]).caption)
    assert "through c" not in captions


def test_it_speaks_vietnamese(profiles: list[GradientProfile]) -> None:
    at = panel(profiles, "vi")
    assert at.subheader[0].value == "Gradient đi ngược được bao xa?"
    assert "nhỏ hơn 170 lần" in " ".join(m.value for m in at.markdown)


def test_a_flat_loss_and_a_single_token_are_no_problem(profiles: list[GradientProfile]) -> None:
    rnn = profiles[0]
    flat = GradientProfile("rnn", "n", 1, rnn.pieces, rnn.verdict, np.zeros(len(rnn.pieces)))
    one = GradientProfile("gru", "n", 1, rnn.pieces[:1], rnn.verdict, np.ones(1))
    text = " ".join(m.value for m in panel([flat, one]).markdown)
    assert "loss is flat" in text
    assert "One token only" in text


def test_the_picture_has_words(profiles: list[GradientProfile]) -> None:
    (chart,) = panel(profiles).get("plotly_chart")
    assert "170 times smaller" in chart.proto.alt
