"""A small corpus, and models of it that train in a second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import torch

from engine.tasks.characters import RECIPES, Recipe, TextGenerator, evaluation, load, rebuild
from engine.tasks.characters.recipe import once

VERSE = "Mot con vit xoe ra hai cai canh,\nno keu rang quac quac quac, quac quac quac.\n"
TINY = replace(
    RECIPES["chars-shakespeare-lstm"],
    corpus="verse",
    hidden=24,
    rows=4,
    steps=16,
    parts=once(1.0, 4e-3),
    evaluate_every=10,
    moments=(5, 10),
)


def corpus(folder: Path) -> Path:
    """`folder` with verse.txt in it."""
    (folder / "verse.txt").write_text(VERSE * 60, encoding="utf-8")
    return folder


def built(folder: Path, recipe: Recipe = TINY, name: str = "chars-verse") -> Path:
    """A model of the small corpus, trained into `folder`."""
    cpu = torch.device("cpu")
    with patch.object(evaluation, "STEPPED", 200):
        return rebuild(name, corpus(folder), folder, cpu, recipe=recipe, report=lambda _: None)


def writer(folder: Path, recipe: Recipe = TINY) -> TextGenerator:
    return load(built(folder, recipe))
