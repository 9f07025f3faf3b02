"""The view "Where it fails": shares, misread texts with what the network saw, the probes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.results import ErrorShare, Failures, Misread
from engine.tasks.sentiment import PROBES
from pages.shared import models

FOUND = Failures(
    ErrorShare("all", 1000, 100),
    (ErrorShare("negation", 200, 40), ErrorShare("plain", 700, 35)),
    (
        Misread(
            "It was <b>dull</b> but good", "positive", ("contrast",), "set", "UCI", "CC BY 4.0"
        ),
        Misread("Good value, then it broke", "negative", ("plain",), "set", "UCI", "CC BY 4.0"),
    ),
)


@pytest.fixture
def view(
    app: Callable[..., AppTest], fake_models: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    monkeypatch.setattr(models, "sentiment_failures", lambda _name: FOUND)

    def opened(**query: str) -> AppTest:
        at = app(**query)
        at.query_params["sentiment_view"] = "fails"
        return at.switch_page("pages/sentiment.py").run()

    return opened


def said(at: AppTest) -> str:
    return "\n".join(str(e.value) for e in [*at.markdown, *at.caption]).replace("\\", "")


def test_shares_and_sentence_come_from_the_numbers(view: Callable[..., AppTest]) -> None:
    at = view(lang="en")
    assert not at.exception
    assert "misreads 10%" in said(at)
    assert "Most often: negation, 20% of 200." in said(at)


def test_a_misread_text_is_shown_with_truth_verdict_and_source(
    view: Callable[..., AppTest],
) -> None:
    at = view(lang="en")
    picker: Any = at.get_by_key("sentiment_quote")
    picker.set_value("1").run()
    assert "People say: negative." in said(at)
    assert "From set: UCI, CC BY 4.0" in said(at)
    assert "<b>" not in said(at)


def test_a_misread_text_can_be_read_above(view: Callable[..., AppTest]) -> None:
    at = view(lang="en")
    next(b for b in at.button if "view “Read”" in b.label).click().run()
    assert at.text_area(key="sentiment_text").value == FOUND.quotes[0].text


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_all_probes_are_listed_the_failed_ones_first(
    view: Callable[..., AppTest], lang: str
) -> None:
    table = view(lang=lang).dataframe[0].value
    marks = list(table.iloc[:, 0])
    assert len(table) == len(PROBES[lang]) == 40
    assert marks == sorted(marks, reverse=True)
    assert 0 < marks.count("✓") < 40


def test_without_the_file_the_view_says_so(
    view: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "sentiment_failures", lambda _name: None)
    at = view(lang="en")
    assert not at.exception
    assert "has not been noted" in at.info[0].value
