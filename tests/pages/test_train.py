"""The train page run by Streamlit itself: never empty, bounded, every button, file in and out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.tasks.characters.own_files import Plan, check
from pages.parts.train import controls
from pages.parts.train.inputs import example_text
from tests.pages.opened import live_buttons, opened, press, said, widget
from tests.pages.slow_work import SOON, until

QUICK = {"train_units": "32", "train_steps": "10"}
TEXT = "The owl looked up, the owl looked down. " * 8


def page(lang: str = "en", **query: str) -> AppTest:
    """The train page, opened by a link with this `query`."""
    return opened("train", {"lang": lang, **query}, 30)


def training(at: AppTest) -> Any:
    return at.session_state["_live_train"].training


def taken(at: AppTest) -> int:
    return int(training(at).record.taken)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_finished_training_is_there_before_anybody_starts_one(lang: str) -> None:
    at = page(lang)
    assert len(at.title) == 1
    assert len(at.get("plotly_chart")) == 2
    assert len(at.metric) == 4
    if lang == "en":
        assert "Finished after 300 iterations" in said(at)
        assert "on “The house that Jack built”" in said(at)
        assert "shaven and shorn" in at.code[0].value
    else:
        assert "Đồng dao" in said(at)
    assert live_buttons(at, "train") == {"start": True, "step": True, "stop": False, "reset": False}


def test_start_pause_step_resume_stop_reset() -> None:
    # More iterations than a slow machine takes while pages are drawn.
    at = press(page(**QUICK, train_iterations="3000"), "train_start")
    assert live_buttons(at, "train") == {"pause": True, "step": True, "stop": True, "reset": True}
    assert until(lambda: at.run() and taken(at) > 1)
    at = press(at, "train_pause")
    assert "resume" in live_buttons(at, "train")
    assert at.session_state["_job_train"].ended(SOON)  # the step that was under way
    before = taken(at.run())
    assert taken(press(at, "train_step")) == before + 1
    at = press(at, "train_resume")
    assert until(lambda: at.run() and taken(at) > before + 1)
    at = press(at, "train_stop")
    assert f"Stopped after {taken(at)} of 3" in said(at)
    assert training(at).record.samples[-1].iteration == taken(at)
    assert live_buttons(at, "train") == {"start": True, "step": False, "stop": False, "reset": True}
    at = press(at, "train_reset")
    assert "Shown is a training that ran before" in said(at)


def test_two_sessions_train_apart() -> None:
    one, other = (
        press(page(**QUICK), "train_step"),
        press(page(**QUICK, train_seed="7"), "train_step"),
    )
    press(one, "train_step")
    assert (taken(one), taken(other)) == (2, 1)
    press(other, "train_step")
    alone = press(press(page(**QUICK), "train_step"), "train_step")
    np.testing.assert_array_equal(training(one).record.loss, training(alone).record.loss)
    assert training(one).record.loss[0] != training(other).record.loss[0]


def test_a_place_in_the_queue_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    at = press(page(**QUICK), "train_start")
    monkeypatch.setattr(at.session_state["_live_train"].seats, "ask", lambda _who: 2)
    at.run()
    at.run()  # a tick comes after the drawing
    assert "you are number 2 in the queue" in said(at)
    press(at, "train_stop")


def test_the_link_holds_every_setting() -> None:
    wanted = {
        "train_cell": "gru",
        "train_units": "64",
        "train_layers": "2",
        "train_steps": "20",
        "train_rate": "0.003",
        "train_clip": "0",
        "train_iterations": "100",
        "train_seed": "42",
    }
    assert set(wanted) - {"train_cell"} == set(controls.IN_SETTINGS)
    at = press(page(**wanted), "train_step")
    assert training(at).plan == Plan("gru", 64, 2, 20, 0.003, 0.0, 100, 42)
    for key, value in wanted.items():
        assert at.query_params[key] in (value, [value])


def test_the_widgets_offer_the_engines_defaults() -> None:
    at = press(page(), "train_step")
    assert training(at).plan == Plan()


@pytest.mark.parametrize(
    "query",
    [
        {"train_units": "100000", "train_layers": "-1", "train_seed": "1e9", "train_steps": "inf"},
        {"train_cell": "<b>", "train_rate": "nan", "train_source": "../etc", "train_view": "?"},
    ],
)
def test_hostile_links_fall_back_to_the_defaults(query: dict[str, str]) -> None:
    at = page(**query)
    assert "Shown is a training that ran before" in said(at)
    assert widget(at, "train_source").value == "jack"
    assert at.text_input(key="train_seed").value == "0"


@pytest.mark.parametrize(
    ("text", "says"),
    [("short", "at least 200 are needed"), ("a" * 400, "one character only")],
)
def test_a_text_that_is_none_is_explained_and_not_trained_on(text: str, says: str) -> None:
    at = page(train_source="own", train_text=text, **QUICK)
    assert says in said(at)
    press(at, "train_start")
    assert "_live_train" not in at.session_state


def test_an_empty_box_asks_for_a_text() -> None:
    at = press(page(train_source="own", train_view="window"), "train_start")
    assert "There is no text yet" in said(at)
    assert "Once there is a text" in said(at)
    assert "_live_train" not in at.session_state


def test_ones_own_text_is_learnt_and_an_example_can_be_changed() -> None:
    at = press(page(train_source="own", train_text=TEXT, **QUICK), "train_step")
    assert training(at).alphabet == check(TEXT).alphabet
    at = page(**QUICK)
    at.button(key="train_change").click().run()
    assert widget(at, "train_source").value == "own"
    assert at.text_area(key="train_text").value == example_text("jack")


def test_a_file_takes_the_place_of_the_box() -> None:
    at = page(train_source="own", **QUICK)
    at.file_uploader(key="_train_uploader").upload("owl.txt", TEXT.encode(), "text/plain").run()
    assert not at.exception
    assert "owl.txt" in said(at)
    assert training(press(at, "train_step")).alphabet == check(TEXT).alphabet
    at.button(key="train_drop").click().run()
    at.file_uploader(key="_train_uploader").upload("bad.txt", b"caf\xe9\x8e", "text/plain").run()
    assert "bad.txt is not UTF-8 text" in said(at)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_is_learnt_from_and_that_is_said(coding: str) -> None:
    at = page(train_source="own", **QUICK)
    uploader = at.file_uploader(key="_train_uploader")
    uploader.upload("owl.txt", TEXT.encode(coding), "text/plain").run()
    assert "This file was read as UTF-16." in said(at)
    assert training(press(at, "train_step")).alphabet == check(TEXT).alphabet


def test_the_run_before_becomes_the_other_one() -> None:
    at = page(**{**QUICK, "train_view": "compare"})
    assert "Both ran before" in said(at)
    at = press(press(at, "train_step"), "train_stop")
    assert "The other run is the example" in said(at)
    widget(at, "train_cell").set_value("rnn").run()
    press(press(at, "train_start"), "train_stop")
    assert "trained before this one" in said(at)
    (table,) = at.table
    cells = table.value.set_index("Setting or result").loc["Cell"]
    assert list(cells) == ["**RNN**", "**LSTM**"]
    assert list(table.value.set_index("Setting or result").loc["Seed"]) == ["0", "0"]


def test_a_model_goes_out_comes_back_writes_and_learns_on() -> None:
    at = press(page(**{**QUICK, "train_view": "keep"}), "train_step")
    data = training(at).file()
    first = at.code[-1].value
    at = page(**{**QUICK, "train_view": "keep"})
    assert "no model to write with yet" in said(at)
    upload = at.file_uploader(key="_train_model_uploader")
    upload.upload("mine.safetensors", data, "application/octet-stream").run()
    assert not at.exception
    assert "LSTM, 32 units × 1, 28 characters, 1 iterations" in said(at)
    written = at.code[-1].value
    assert 480 < len(written) <= 500  # white space at its ends is not drawn
    assert written[:20] == first[:20]  # the same but for the rounding to 16 bits
    at.text_input(key="train_prompt").set_value("This").run()
    assert at.code[-1].value.startswith("This")
    widget(at, "train_cell").set_value("rnn").run()
    press(at, "train_continue")
    press(at, "train_stop")
    assert (training(at).plan.cell, training(at).before) == ("lstm", 1)
    assert "Goes on from a model with 1 iterations" in said(at)


@pytest.mark.parametrize("data", [b"", b"pickle", b"\x08" + bytes(7) + b"{}      "])
def test_a_file_that_is_no_model_is_refused(data: bytes) -> None:
    at = page(**{**QUICK, "train_view": "keep"})
    upload = at.file_uploader(key="_train_model_uploader")
    upload.upload("x.safetensors", data, "application/octet-stream").run()
    assert not at.exception
    assert len(at.error) == 1
    assert "x.safetensors" in said(at)
    at.button(key="train_another").click().run()
    assert not at.error
