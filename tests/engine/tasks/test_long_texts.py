"""The longest texts that the pages Accents and Translation take, and 1,000 characters on the page
Characters: what is shown first within a second of processor time, the rest within five."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.language.sentences import MAX_CHARACTERS as TRANSLATED
from engine.language.sentences import split_sentences
from engine.language.text import MAX_CHARACTERS
from engine.tasks import accents, characters, translation
from engine.tasks.translation.evaluation import probes
from tests.project import ROOT

MODELS = ROOT / "assets" / "models"
OWN_TEXT = (ROOT / "assets" / "own_text" / "jack.txt").read_text(encoding="utf-8")
FIRST, ALL = 1.0, 5.0
"""Seconds of processor time."""


def timed(answer: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    found = answer()
    return found, time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("line", ["toi khong biet anh ay o dau. ", "cam on ban\n"])
def test_marks_of_five_thousand_characters(line: str) -> None:
    model, text = accents.load(MODELS / "accents-vi.safetensors"), (line * 500)[:MAX_CHARACTERS]
    model.restore(["toi"])
    (restored,), first = timed(lambda: model.restore([text]))
    assert sum(a != b for a, b in zip(restored.text, text, strict=True)) > len(text) / 20
    assert first <= FIRST
    found, rest = timed(lambda: model.gradients(text, int(restored.places[-1])))
    assert len(found.h[0]) > 2
    assert first + rest <= ALL


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chars-shakespeare", "chars-tolstoy"])
def test_a_thousand_characters_are_read(name: str) -> None:
    model, text = characters.load(MODELS / f"{name}.safetensors"), OWN_TEXT[:1_000]
    model.read("To be")
    candidates, first = timed(lambda: model.candidates(text))
    assert len(candidates) == 5
    assert first <= FIRST

    def rest() -> Any:
        model.gradients(text)
        model.influence(text)
        model.eigenvalues(text)
        return model.unit_matches(model.read(text))

    found, took = timed(rest)
    assert found
    assert first + took <= ALL


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["fr-en", "en-vi"])
def test_the_longest_text_is_translated(direction: str) -> None:
    model = translation.load(MODELS / f"translate-{direction}.safetensors")
    text = " ".join(probe.text for probe in probes(*direction.split("-")) * 9)[:TRANSLATED]
    first, *others = split_sentences(text)
    assert len(others) > 20
    search = translation.tuned_search(model.header.recipe)
    model.translate(first, search)
    sentence, took = timed(lambda: model.translate(first, search))
    assert sentence.translations[0].text
    assert took <= FIRST
    found, rest = timed(lambda: dict(model.translate_batch(others, search)))
    assert len(found) == len(others)
    assert took + rest <= ALL
