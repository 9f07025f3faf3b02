"""The shipped character models: all there, small enough, better than counting, and in form."""

from __future__ import annotations

import pytest

from engine import checkpoints
from engine.commands import MODELS
from engine.decoding import Choice
from engine.results import Letter
from engine.tasks.characters import RECIPES, SMALL, curve, load, verse

SHIPPED = [name for name in RECIPES if (MODELS / f"{name}.safetensors").is_file()]


def text(letters: list[Letter]) -> str:
    return "".join(letter.text for letter in letters)


def test_the_comparison_models_and_the_large_ones_are_there() -> None:
    assert set(SHIPPED) == set(RECIPES)


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_small_and_better_than_counting(name: str) -> None:
    header = checkpoints.read_header(MODELS / f"{name}.safetensors")
    scores = header.metrics[f"{RECIPES[name].corpus} dev"]
    assert name in SMALL or scores["nats_per_char"] < scores["baseline"]["nats_per_char"]
    assert header.size < (2e6 if name in SMALL else 8e6)
    (quick,) = (part for test, part in header.metrics.items() if "characters" in test)
    assert quick["nats_per_char_int8"] - quick["nats_per_char"] <= 0.01
    assert curve(header.path) is not None


@pytest.mark.parametrize("name", [name for name in SHIPPED if name in SMALL])
def test_small_models_remember_how_they_began(name: str) -> None:
    path = MODELS / f"{name}.safetensors"
    first, *_, last = (load(path, moment=moment) for moment in (*load(path).moments, None))
    choice = Choice(0.7)
    early, late = (text(list(w.write("\n", 200, choice, 0))) for w in (first, last))
    assert early != late
    known = load(path).read(late).letters
    strange = load(path).read(early).letters
    assert sum(k.probability for k in known) > 1.5 * sum(s.probability for s in strange)


def test_the_shakespeare_model_writes_plays() -> None:
    written = text(
        list(load(MODELS / "chars-shakespeare.safetensors").write("\n", 800, Choice(), 1))
    )
    speakers = [line for line in written.split("\n") if line.endswith(":") and len(line) < 30]
    assert len(speakers) >= 3


def test_the_kieu_model_keeps_to_six_and_eight() -> None:
    """20 couplets here; the card has 100."""
    writer = load(MODELS / "chars-kieu.safetensors")
    start = "Trăm năm trong cõi người ta,\nChữ tài chữ mệnh khéo là ghét nhau.\n"
    found = verse.form(verse.sample_couplets(writer, start, count=20))
    assert found.regular >= 0.7
    card = writer.header.metrics["couplets written"]
    assert card["six_and_eight"] >= 0.8
