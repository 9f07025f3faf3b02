"""The view "Many sentences" run by Streamlit itself, on classifiers whose numbers are known."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from engine.errors import InputError
from engine.results import Verdict
from pages.parts.sentiment.batch import EXAMPLES, TEXT
from pages.shared import links, models
from pages.shared.jobs import Stop
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.opened import widget
from tests.pages.sentiment_many_page import (
    START,
    STOP,
    finished,
    has,
    quiet,
    said,
    started,
    upload,
    view,
)
from tests.pages.slow_work import SOON

pytestmark = pytest.mark.usefixtures("fake_models")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_worked_example_is_read_at_once(lang: str) -> None:
    at = finished(view(lang))
    assert at.text_area(key=TEXT).value == EXAMPLES[lang]
    table = at.dataframe[0].value
    assert list(table["text"] if lang == "en" else table.iloc[:, 1]) == EXAMPLES[lang].split("\n")
    assert not has(at, START)


def test_other_texts_wait_for_the_button() -> None:
    at = view()
    at.text_area(key=TEXT).set_value("The food was good\n\nIt broke\nThis is it\n😀").run()
    assert not at.dataframe
    started(at)
    table = at.dataframe[0].value
    assert list(table["row"]) == [1, 3, 4, 5]
    assert list(table["verdict"][:2]) == ["positive", "negative"]
    assert list(table["uncertain"][:3]) == [False, False, True]
    assert "no words" in table["note"][3]
    assert "3 texts in" in said(at)
    assert "1 positive, 1 negative, and 1 uncertain" in said(at)
    assert "1 row could not be read" in said(at)


def test_the_result_outlives_language_widgets_and_views() -> None:
    at = view()
    started(at.text_area(key=TEXT).set_value("The food was good").run())
    widget(at, "save").set_value("png").run()
    assert len(at.dataframe[0].value) == 1
    widget(at, "sentiment_view").set_value("lesson").run()
    assert not at.dataframe
    widget(at, "sentiment_view").set_value("many").run()
    assert list(at.dataframe[0].value["text"]) == ["The food was good"]
    widget(at, "lang").set_value("vi").run()
    assert at.dataframe[0].value.iloc[0, 3] == "tích cực"
    assert at.text_area(key=TEXT).value == "The food was good"
    at.text_area(key=TEXT).set_value("It broke").run()
    assert not at.dataframe
    assert has(quiet(at), START)


def test_the_link_holds_short_texts_and_says_when_it_does_not() -> None:
    at = view()
    at.text_area(key=TEXT).set_value("It broke\nIt is good").run()
    assert at.query_params[TEXT] == "It broke\nIt is good"
    at.text_area(key=TEXT).set_value("It is good\n" * (links.LIMIT // 10)).run()
    assert TEXT not in at.query_params
    assert "is not part of the link" in said(at)


class Gated(FakeSentimentPredictor):
    """Reads its first batch of 64 at once, the others only when the gate is open."""

    gate: threading.Event
    batches: list[int]

    def classify(self, texts: Sequence[str], stop: Stop | None = None) -> Iterator[Verdict]:
        self.batches.append(len(texts))
        if self.batches.count(64) > 1:
            self.gate.wait(SOON)
        return super().classify(texts, stop)


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Gated]]:
    """English texts beyond the first 64 wait for `Gated.gate`; few at once do not."""
    Gated.gate, Gated.batches = threading.Event(), []
    known = models.sentiment

    def pick(name: str, device: str = "cpu") -> Any:
        # The gradients and the verdict of the page go through other methods.
        return Gated(name) if name == "sentiment-en" else known(name, device)

    monkeypatch.setattr(models, "sentiment", pick)
    yield Gated
    Gated.gate.set()


def test_stopping_keeps_what_is_done_and_going_on_does_only_the_rest(gated: type[Gated]) -> None:
    at = view()
    text = "\n".join(f"good {k}" for k in range(200))
    at.text_area(key=TEXT).set_value(text).run()
    gated.batches.clear()  # of the worked example
    quiet(at.button(key=START).click().run())
    assert has(at, STOP)
    assert "64 of 200 rows" in at.get("progress")[0].text
    threading.Timer(0.2, gated.gate.set).start()  # the chunk in hand is finished, no other begun
    quiet(at.button(key=STOP).click().run())
    assert not has(at, STOP)
    done = len(at.dataframe[0].value)
    assert done in (64, 128)
    assert at.button(key=START).label == "Go on"
    started(at)
    assert len(at.dataframe[0].value) == 200
    assert sum(gated.batches) == 200 + (64 if done == 64 else 0)
    assert not has(at, START)


def test_a_missing_model_is_said_in_the_rows_it_concerns(monkeypatch: pytest.MonkeyPatch) -> None:
    known = models.sentiment

    def pick(name: str, device: str = "cpu") -> Any:
        if name == "sentiment-vi":
            raise InputError("The model {name} is not installed here.", name=name)
        return known(name, device)

    monkeypatch.setattr(models, "sentiment", pick)
    at = started(upload("text\nThe food was good\nMón ăn rất ngon\n"))
    table = at.dataframe[0].value
    assert table["verdict"][0] == "positive"
    assert "sentiment-vi is not installed" in table["note"][1]
