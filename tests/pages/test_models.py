"""Models are loaded once per process, shared by all threads, and never changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import InputError
from engine.tasks import sentiment as task
from engine.tasks.sentiment import RECIPES, SentimentPredictor, rebuild
from engine.tasks.sentiment.recipe import parts
from pages.shared import models
from tests.engine.corpora import sentiment_corpora

NAME = "sentiment-en-lstm-last"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small model, hardly trained."""
    corpora = sentiment_corpora(tmp_path_factory.mktemp("corpora"))
    out = tmp_path_factory.mktemp("models")
    recipe = replace(
        RECIPES[NAME], embedding=4, hidden=4, vocabulary=90, parts=parts(0.0, 0.2, 3e-3)
    )
    rebuild(NAME, corpora, out, torch.device("cpu"), recipe=recipe)
    return out


@pytest.fixture(autouse=True)
def shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app ships that folder, and has loaded nothing yet."""
    monkeypatch.setattr(models, "FOLDER", folder)
    models.index.clear()
    models.sentiment.clear()
    yield
    models.index.clear()
    models.sentiment.clear()


def test_the_index_names_what_is_shipped() -> None:
    assert list(models.index()) == [NAME]
    assert models.index()[NAME].parameters > 0
    assert models.index() is models.index()


def test_a_model_that_is_not_shipped_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="sentiment-xx"):
        models.sentiment("sentiment-xx")
    with pytest.raises(InputError):
        models.sentiment("../../etc/passwd")


def test_many_threads_load_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, together = [], threading.Barrier(8)

    def load(path: Path, device: str = "cpu") -> SentimentPredictor:
        loaded.append(path)
        return real(path, device)

    def ask(_number: int) -> SentimentPredictor:
        together.wait()
        return models.sentiment(NAME)

    real = task.load
    monkeypatch.setattr(task, "load", load)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(ask, range(8)))
    assert len(loaded) == 1
    assert all(model is got[0] for model in got)


def test_use_changes_nothing_and_nothing_can_be_trained() -> None:
    model = models.sentiment(NAME)
    network = model._model
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    model.read("The food was good")
    model.gradients("The food was good", "positive")
    assert not network.training
    assert not any(weight.requires_grad for weight in network.parameters())
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())
    assert all(weight.grad is None for weight in network.parameters())
