"""The view that shows where the captioner fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.results import CaptionFailures, CaptionMistake, ErrorShare
from engine.tasks import failures
from pages.shared import models
from tests.pages.conftest import Open
from tests.pages.opened import said

FAILURES = CaptionFailures(
    ErrorShare("all", 1200, 300),
    (ErrorShare("gender", 400, 40), ErrorShare("colour", 200, 60)),
    (CaptionMistake("colour", "=a black dog", "black", (("white", 4),), 5),),
)


@pytest.fixture
def opened(app: Open, fake_models: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(models, "FOLDER", tmp_path)

    def open_page(**query: str) -> AppTest:
        at = app(captions_view="fails", **query)
        return at.switch_page("pages/captions.py").run()

    return open_page


def noted(folder: Path) -> None:
    failures.write(failures.failures_path(folder / "captions-en.safetensors"), FAILURES)


@pytest.mark.parametrize(("lang", "kind"), [("en", "colour"), ("vi", "màu sắc")])
def test_rates_and_mistakes_are_shown(opened: Open, tmp_path: Path, lang: str, kind: str) -> None:
    noted(tmp_path)
    at = opened(lang=lang)
    assert not at.exception
    assert any("25%" in said.value and kind in said.value for said in at.markdown)
    table = at.dataframe[0].value
    assert list(table.iloc[0])[:3] == [kind, "=a black dog", "black"]
    assert str(table.iloc[0, 3]).startswith("4 ")


def test_where_nothing_is_noted_the_page_says_so(opened: Open) -> None:
    at = opened(lang="en")
    assert not at.exception
    assert any("has not been noted" in said.value for said in at.info)


def test_an_example_that_is_described_wrongly_comes_first(opened: Open) -> None:
    at = opened()
    assert [str(heading.value) for heading in at.subheader] == [r"A dog runs\."]
    assert "knows neither “astronaut” nor “shuttle”" in said(at)
