"""A translator is rebuilt from a small corpus, resumed, and used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine import checkpoints
from engine.tasks import translation
from engine.tasks.translation import COMPARED, RECIPES, Part, TranslationPredictor, training
from engine.tasks.translation import tokenizer as pieces
from engine.tasks.translation.data import mix
from tests.engine.tasks.translation_small import RECIPE, corpus, pairs

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    return translation.rebuild("translate-fr-en", data, out, CPU, recipe=RECIPE)


@pytest.fixture(scope="module")
def predictor(trained: Path) -> TranslationPredictor:
    return translation.load(trained)


def test_it_learns_to_translate(predictor: TranslationPredictor) -> None:
    """Adjectives change their places, and years are copied."""
    english, french = zip(*pairs(), strict=True)
    found = dict(predictor.translate_batch(french))
    right = sum(found[k] == text for k, text in enumerate(english))
    assert right >= 0.9 * len(english)


def test_a_year_it_has_never_seen_comes_through(predictor: TranslationPredictor) -> None:
    found = predictor.translate("En 2047 le chat dort.")
    assert "2047" in found.best.text
    assert any(word.copied and word.text == "2047" for word in found.best.words)


def test_the_file_says_what_it_is(trained: Path) -> None:
    header = checkpoints.read_header(trained)
    assert (header.model, header.name) == ("translation", "translate-fr-en")
    assert header.recipe["parts"] == ["pairs: 60 epochs at 0.01, cosine"]
    assert (header.recipe["source"], header.recipe["target"]) == ("fr", "en")
    assert header.arguments["vocabulary"] <= RECIPE.pieces
    assert [path.name for path in trained.parent.glob("*.training.*")] == []


def test_matrices_are_shipped_in_one_byte_a_weight(trained: Path) -> None:
    _, tensors = checkpoints.load(trained)
    header = checkpoints.read_header(trained)
    assert header.size < 2 * header.parameters + 40_000  # its tokeniser is in it, too
    for name, tensor in tensors.items():
        if tensor.dim() == 2:
            row = tensor[0] / tensor[0].abs().max() * 127
            torch.testing.assert_close(row, row.round(), atol=1e-3, rtol=0, msg=name)


def test_an_interrupted_training_goes_on_as_if_nothing_had_been(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (
        Part("everything", 1.0, 1e-2, "constant"),
        Part("clean", 2.0, 1e-2, clean=True),
        Part("rewarded", 0.3, 1e-3, once=True, samples=2),
    )
    recipe = replace(RECIPE, parts=parts, hidden=8, embedding=4, dropout=0.2, dtype="float16")
    monkeypatch.setattr("engine.training.job.SAVE_EVERY", 2)
    monkeypatch.setattr("engine.training.job.REPORT_EVERY", 3)
    whole = translation.rebuild("whole", data, tmp_path, CPU, recipe=recipe)
    lines: list[str] = []

    def interrupt(line: str) -> None:
        lines.append(line)
        if sum("clean" in collected for collected in lines) == 3:
            raise KeyboardInterrupt

    out = tmp_path / "parts"
    with pytest.raises(KeyboardInterrupt):
        translation.rebuild("whole", data, out, CPU, recipe=recipe, report=interrupt)
    assert not (out / "whole.safetensors").exists()
    assert len(list(out.glob("*.training.*"))) == 2
    again = translation.rebuild("whole", data, out, CPU, recipe=recipe, resume=True)
    (_, first), (_, second) = (checkpoints.load(path) for path in (whole, again))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert list(out.glob("*.training.*")) == []
    other = translation.rebuild("whole", data, tmp_path / "other", CPU, recipe=recipe, seed=1)
    _, third = checkpoints.load(other)
    assert not all(torch.equal(first[name], third[name]) for name in first)


def test_both_directions_have_the_same_pieces(data: Path) -> None:
    turned = replace(RECIPE, source="en", target="fr")
    there, back = (
        training.learn_tokenizer(mix(recipe.languages, data), recipe).to_str()
        for recipe in (RECIPE, turned)
    )
    assert there == back
    assert pieces.restore(there).get_vocab_size() <= RECIPE.pieces


def test_the_networks_that_are_compared_differ_in_what_their_names_say() -> None:
    assert COMPARED.items() <= RECIPES.items()
    for name, recipe in COMPARED.items():
        assert recipe.cell == name.split("-")[3]
        assert recipe.attention == name.endswith("attention")
        assert recipe.reverse == name.endswith("reversed")
        same = replace(recipe, cell="lstm", attention=False, reverse=False)
        assert same == COMPARED["translate-fr-en-lstm"]
    for recipe in RECIPES.values():
        assert 0 < sum(part.epochs for part in recipe.parts) < 15
        assert recipe.hidden % 2 == 0
    for name in ("fr-en", "en-fr", "en-vi", "vi-en"):
        assert RECIPES[f"translate-{name}"].languages == tuple(name.split("-"))
