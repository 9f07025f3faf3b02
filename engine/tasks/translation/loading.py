"""A translator from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from engine import checkpoints
from engine.decoding import Search
from engine.device import resolve
from engine.errors import N_, InputError
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
    header, tensors = checkpoints.load(path)
    if header.model != "translation" or header.tokenizer is None:
        raise InputError(N_("{file} is not a translator."), file=path.name)
    size = pieces.restore(header.tokenizer).get_vocab_size()
    known = all(header.recipe.get(side) in [*POINTS] for side in ("source", "target"))
    if size != header.arguments.get("vocabulary") or not known:
        raise InputError(N_("{file} describes a network that cannot be built."), file=path.name)
    try:
        # On no device: whatever size the header claims, only the weights themselves take memory.
        with torch.device("meta"):
            model = Translator(**header.arguments)
    except (TypeError, ValueError, KeyError):
        raise InputError(
            N_("{file} describes a network that cannot be built."), file=path.name
        ) from None
    checkpoints.fill(model, tensors, path.name)
    return TranslationPredictor(header, model, resolve(device))
