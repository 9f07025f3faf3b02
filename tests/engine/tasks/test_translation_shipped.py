"""What the shipped translators' files say, and that they still translate everyday sentences."""

from __future__ import annotations

from functools import cache

import pytest

from engine import checkpoints
from engine.checkpoints import Header
from engine.commands import MODELS
from engine.tasks import translation
from engine.tasks.translation import (
    COMPARED,
    LENGTHS,
    RECIPES,
    TranslationPredictor,
    tuned_search,
)
from engine.tasks.translation.evaluation import probes

SHIPPED = [name for name in RECIPES if (MODELS / f"{name}.safetensors").is_file()]
LARGE = [name for name in SHIPPED if name not in COMPARED]
LIMIT, SMALL_LIMIT = 10_000_000, 1_500_000

REACHED = {
    "translate-fr-en": {"tatoeba-fr-en": 50.0, "multi30k-en-de-fr": 42.0},
    "translate-en-fr": {"tatoeba-fr-en": 45.0, "multi30k-en-de-fr": 50.0},
    "translate-en-vi": {"evbnews-en-vi": 18.0, "tatoeba-vi-en": 24.0},
    "translate-vi-en": {"evbnews-en-vi": 13.0, "tatoeba-vi-en": 24.0},
}
"""BLEU on dev that each has to reach."""


def header(name: str) -> Header:
    return checkpoints.read_header(MODELS / f"{name}.safetensors")


@cache
def predictor(name: str) -> TranslationPredictor:
    return translation.load(MODELS / f"{name}.safetensors")


def test_every_direction_is_shipped_and_all_that_are_compared() -> None:
    assert set(SHIPPED) == set(RECIPES)


@pytest.mark.parametrize("name", SHIPPED)
def test_files_keep_to_their_size(name: str) -> None:
    assert header(name).size <= (SMALL_LIMIT if name in COMPARED else LIMIT)


@pytest.mark.parametrize("name", LARGE)
def test_scores_are_what_they_must_be(name: str) -> None:
    metrics = header(name).metrics
    for corpus, least in REACHED[name].items():
        scores = metrics[f"{corpus} dev, beam 5"]
        assert scores["bleu"] >= least
        assert scores["bleu"] > 1.5 * scores["baseline"]["bleu"]
        assert scores["bleu"] > metrics[f"{corpus} dev, greedy"]["bleu"]


@pytest.mark.parametrize("name", LARGE)
def test_everyday_sentences_come_out_as_the_file_says(name: str) -> None:
    everyday = probes(*predictor(name).languages)
    search = tuned_search(header(name).recipe)  # as the file's scores were measured
    found = dict(predictor(name).translate_batch([probe.text for probe in everyday], search))
    right = [probe.passes(found[k]) for k, probe in enumerate(everyday)]
    message = header(name).metrics["everyday sentences, beam 5"]
    assert len(right) == message["n"] == 20
    # Sums in another order on another processor may turn a word.
    assert abs(sum(right) - message["passed"]) <= 1
    assert sum(right) >= 13


@pytest.mark.parametrize("name", LARGE)
def test_what_nobody_taught_comes_through(name: str) -> None:
    text = "Nguyễn Grzegorz 12345 👩‍🚀 東京 a@b.org https://example.org/x?y=1"
    written = predictor(name).translate(text).best.text
    for part in ("Grzegorz", "12345", "👩‍🚀", "東京", "a@b.org", "https://example.org/x?y=1"):
        assert part in written
    assert "unk" not in written.lower()


@pytest.mark.parametrize("name", LARGE)
def test_side_by_side_sentences_come_out_as_alone(name: str) -> None:
    texts = [probe.text for probe in probes(*predictor(name).languages)[:6]]
    alone = [predictor(name).translate(text).best.text for text in texts]
    assert [text for _, text in sorted(predictor(name).translate_batch(texts))] == alone


def test_lengths_are_those_of_every_model_from_french() -> None:
    rows = translation.read_lengths(MODELS / LENGTHS)
    assert {row.model for row in rows} == {"translate-fr-en", *COMPARED}
    assert len({row.counts for row in rows}) == 1
    by_name = {row.model: row for row in rows}
    # Attention is what keeps long sentences together (Bahdanau et al. 2015, figure 2).
    for cell in ("rnn", "lstm", "gru"):
        without, with_ = (by_name[f"translate-fr-en-{cell}{s}"] for s in ("", "-attention"))
        assert with_.whole > without.whole


@pytest.mark.parametrize("name", LARGE)
def test_failures_are_noted_and_quoted_from_what_may_be(name: str) -> None:
    found = translation.read_failures(translation.failures_path(MODELS / f"{name}.safetensors"))
    assert {kind.name for kind in found.kinds} >= {"number", "name", "negation", "poor"}
    assert found.quotes
    assert {quote.corpus for quote in found.quotes} <= {"tatoeba-fr-en", "tatoeba-vi-en"}
