"""A translator from its file."""

from __future__ import annotations

from pathlib import Path

import torch

from engine import checkpoints
from engine.device import resolve
from engine.errors import N_, InputError
from engine.models.translator import Translator
from engine.tasks.translation import pieces
from engine.tasks.translation.copying import POINTS
from engine.tasks.translation.interpreter import Interpreter


def load(path: Path, device: str = "cpu") -> Interpreter:
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
    return Interpreter(header, model, resolve(device))
