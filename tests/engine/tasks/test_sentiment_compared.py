"""The table of the comparison models, and that size decides nothing between them."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from engine import checkpoints
from engine.models.sentiment import SentimentModel
from engine.tasks.sentiment.data import LABELS
from engine.tasks.sentiment.evaluation import COLUMNS, write_table
from engine.tasks.sentiment.recipe import COMPARED
from tests.engine.model_files import HEADER, weights


def behind_the_embedding(name: str) -> int:
    recipe = COMPARED[name]
    network = SentimentModel(
        recipe.vocabulary,
        len(LABELS[recipe.language]),
        recipe.embedding,
        recipe.hidden,
        recipe.layers,
        recipe.cell,
        recipe.bidirectional,
    )
    return sum(p.numel() for n, p in network.named_parameters() if not n.startswith("embedding"))


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_cell_and_no_pooling_wins_by_size(language: str) -> None:
    sizes = [behind_the_embedding(name) for name in COMPARED if f"-{language}-" in name]
    assert len(sizes) == 9
    assert max(sizes) <= 1.02 * min(sizes)


def test_they_differ_in_cell_and_pooling_only() -> None:
    for name, recipe in COMPARED.items():
        first = COMPARED[f"sentiment-{recipe.language}-rnn-last"]
        same = replace(
            recipe,
            cell=first.cell,
            hidden=first.hidden,
            pooling=first.pooling,
            bidirectional=first.bidirectional,
        )
        assert same == first, name


def test_a_row_per_model_and_seed(tmp_path: Path) -> None:
    scored = {
        "accuracy": 0.8,
        "ece": 0.03,
        "n": 9,
        "up_to_16": 0.9,
        "17_to_48": 0.8,
        "over_48": 0.7,
    }
    for seed in (1, 0):
        for name in ("sentiment-vi-gru-both", "sentiment-en"):
            made = replace(HEADER, name=name, seed=seed, metrics={"all dev texts": scored})
            folder = tmp_path / str(seed)
            folder.mkdir(exist_ok=True)
            checkpoints.save(folder / f"{name}.safetensors", made, weights())
    write_table([tmp_path / "1", tmp_path / "0"], tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["seed"] for row in rows] == ["0", "1"]
    assert {k: rows[0][k] for k in ("language", "cell", "pooling", "over_48", "seconds")} == {
        "language": "vi",
        "cell": "gru",
        "pooling": "both",
        "over_48": "0.7",
        "seconds": "90",
    }
