"""A translator from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import checkpoints
from engine.checkpoints import Header
from engine.decoding import Search
from engine.device import resolve
from engine.errors import N_
from engine.models.translator import Translator
from engine.tasks.translation import pieces
from engine.tasks.translation.copying import POINTS
from engine.tasks.translation.predictor import DEFAULT, TranslationPredictor


def tuned(recipe: Mapping[str, Any]) -> Search:
    """The search that did best on dev for the model whose header has this recipe."""
    penalty = recipe.get("penalty")
    return DEFAULT if penalty is None else replace(DEFAULT, penalty=float(penalty))


def load(path: Path, device: str = "cpu") -> TranslationPredictor:
    """The translator in a checkpoint; InputError for a file that is not one."""
    header, model = checkpoints.load_network(
        path, "translation", Translator, N_("{file} is not a translator."), _fits
    )
    return TranslationPredictor(header, model, resolve(device))


def _fits(header: Header) -> bool:
    """Whether its pieces are as many as the network's, and its languages known."""
    if header.tokenizer is None:
        return False
    size = pieces.restore(header.tokenizer).get_vocab_size()
    known = all(header.recipe.get(side) in [*POINTS] for side in ("source", "target"))
    return known and size == header.arguments.get("vocabulary")
