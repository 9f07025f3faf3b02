"""Several visitors at once share models and threads; one visitor's haste stacks nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Windows
from tests.browser.instrumented_server import InstrumentedServer, serve
from tests.project import ROOT

SENTENCES = ["The food was good", "It broke", "Thức ăn rất ngon"]
VERDICTS = ["Positive", "Negative", "Positive"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstrumentedServer]:
    with serve(ROOT / "streamlit_app.py", tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture(scope="module")
def slider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstrumentedServer]:
    script = ROOT / "tests" / "browser" / "slider.py"
    with serve(script, tmp_path_factory.mktemp("slider")) as running:
        yield running


def test_three_sessions_share_one_model_and_two_threads(
    watched: InstrumentedServer, chromium: Browser
) -> None:
    windows = Windows(watched, chromium)
    windows.visitor().open("/sentiment")  # the server has imported everything when they come
    visitors = [windows.visitor() for _ in SENTENCES]
    for visitor, sentence in zip(visitors, SENTENCES, strict=True):  # all three at once
        link = watched.link("/sentiment", lang="en", sentiment_text=sentence)
        visitor.page.goto(link, wait_until="commit")
    for visitor, sentence, verdict in zip(visitors, SENTENCES, VERDICTS, strict=True):
        visitor.settled()
        expect(visitor.page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
        expect(visitor.page.get_by_label("Your text")).to_have_value(sentence)
    for visitor in visitors:
        visitor.type(re.compile("Your text"), "The food was good")
    inside = watched.inside()
    assert sorted(inside["loaded"]) == sorted(set(inside["loaded"])), "a model was loaded twice"
    assert {"sentiment-en", "sentiment-vi", "sentiment-en-rnn-last"} <= set(inside["loaded"])
    assert 1 <= len(inside["workers"]) <= 2
    assert sorted(inside["workers"]) == sorted(inside["pool"])
    windows.close()


def test_one_session_never_sees_anothers_text(
    watched: InstrumentedServer, chromium: Browser
) -> None:
    windows = Windows(watched, chromium)
    one, two = windows.visitor(), windows.visitor()
    for visitor in (one, two):
        visitor.open("/sentiment", lang="en")
    one.type(re.compile("Your text"), "a secret sentence")
    two.type(re.compile("Your text"), "another one")
    expect(one.page.get_by_label("Your text")).to_have_value("a secret sentence")
    assert "secret" not in two.page.content()
    windows.close()


def test_a_slider_dragged_fast_ends_at_its_last_position(
    slider: InstrumentedServer, chromium: Browser
) -> None:
    """Each position takes .4 s to compute, and the next one comes after .25 s."""
    windows = Windows(slider, chromium)
    visitor = windows.visitor()
    page = visitor.open()
    page.get_by_role("slider").focus()
    for _step in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(250)
    expect(page.get_by_text("Computed: 12 in 20 parts")).to_be_visible(timeout=4000)
    visitor.settled()
    begun, ended = map(int, re.findall(r"\d+", page.get_by_text("Begun:").inner_text()))
    assert begun - ended >= 3, "older positions were not given up"
    assert len(slider.inside()["workers"]) <= 2
    windows.close()
