"""What the shipped captioners' files say, and that they still say it of photos."""

from __future__ import annotations

import pytest

from engine import checkpoints
from engine.commands import MODELS
from engine.images import read_file
from engine.tasks import captions
from engine.tasks.captions import COMPARED, RECIPES
from tests.project import ROOT

NAMES = [name for name in RECIPES if (MODELS / f"{name}.safetensors").is_file()]
BUDGET = 20_000_000


def test_the_best_model_is_shipped() -> None:
    assert "captions-en" in NAMES


def test_files_keep_to_their_budget() -> None:
    assert sum(checkpoints.read_header(MODELS / f"{n}.safetensors").size for n in NAMES) < BUDGET


def test_the_best_model_is_as_good_as_it_must_be() -> None:
    metrics = checkpoints.read_header(MODELS / "captions-en.safetensors").metrics
    scores = metrics["Flickr8k dev, beam 5"]
    assert scores["n"] == 1000
    assert scores["bleu4"] >= 0.195
    assert scores["bleu1"] >= 0.63
    assert scores["most_repeated"] <= 0.08
    assert scores["bleu4"] > 2 * scores["baseline"]["bleu4"]


@pytest.mark.parametrize("name", [name for name in NAMES if name in COMPARED])
def test_small_models_do_not_say_the_same_of_every_photo(name: str) -> None:
    (scores,) = checkpoints.read_header(MODELS / f"{name}.safetensors").metrics.values()
    assert scores["most_repeated"] < 0.5


def test_examples_are_described_in_words_that_fit() -> None:
    predictor = captions.load(MODELS / "captions-en.safetensors")
    text = {}
    for path in (ROOT / "assets" / "examples").glob("*.jpg"):
        found = predictor.caption(captions.encode_photo(read_file(path).squashed))
        text[path.stem] = set(found.captions[0].tokens)
    assert text["photographer"] & {"man", "person", "camera"}
    assert len({frozenset(words) for words in text.values()}) == len(text)
