"""What the tests of the pages share: the whole app, run by Streamlit's own test runner."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.parts.captions import compute as captions_compute
from pages.parts.characters import compute as characters_compute
from pages.parts.translation import compute as translation_compute
from pages.shared import models, work_queue
from tests.pages import (
    fake_caption_predictor,
    fake_text_generator,
    fake_translation_predictor,
)
from tests.pages.fake_sentiment_predictor import FakeSentimentPredictor
from tests.pages.slow_work import SOON
from tests.project import ROOT

Open = Callable[..., AppTest]
FORWARD = ("sentiment-en-forward", "sentiment-vi-forward")


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """What one test put into the process-wide caches is nothing to the next."""
    st.cache_resource.clear()
    work_queue.POOL.results.clear()


@pytest.fixture
def app() -> Open:
    """Opens the app at a link: `app(lang="vi", home_view="models")` -> AppTest, already run."""

    def open_app(**query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20)
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    return open_app


@pytest.fixture
def fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models whose numbers are known stand in for the shipped ones.

    Pages wait for them as long as it takes on a busy machine: what comes later than a page is
    patient for is drawn in a run that only a browser asks for.
    """
    for compute in (captions_compute, characters_compute, translation_compute):
        monkeypatch.setattr(compute, "PATIENCE", SOON)
    classifiers = cache(FakeSentimentPredictor)
    generators = cache(fake_text_generator.FakeTextGenerator)
    monkeypatch.setattr(models, "sentiment", lambda name, _device="cpu": classifiers(name))
    forward = {name: classifiers(name).header for name in FORWARD}
    monkeypatch.setattr(models, "sentiment_headers", lambda: forward)
    monkeypatch.setattr(models, "characters", lambda name, moment=None: generators(name, moment))
    monkeypatch.setattr(models, "characters_headers", fake_text_generator.headers)
    monkeypatch.setattr(models, "characters_curve", fake_text_generator.curve)
    captioners = cache(fake_caption_predictor.FakeCaptionPredictor)
    monkeypatch.setattr(models, "captions", lambda name, _device="cpu": captioners(name))
    monkeypatch.setattr(models, "captions_headers", fake_caption_predictor.headers)
    monkeypatch.setattr(models, "photo_features", fake_caption_predictor.photo_features)
    monkeypatch.setattr(models, "photo_classes", fake_caption_predictor.classes)
    translators = cache(fake_translation_predictor.FakeTranslationPredictor)
    monkeypatch.setattr(models, "translation", lambda name, _device="cpu": translators(name))
    monkeypatch.setattr(models, "translation_headers", fake_translation_predictor.headers)
    monkeypatch.setattr(models, "translation_failures", lambda _name: None)
    monkeypatch.setattr(models, "translation_lengths", lambda: ())


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A checkout without weights."""
    monkeypatch.setattr(models, "FOLDER", tmp_path)
