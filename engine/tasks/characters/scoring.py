"""A trained character model from its file, and its score on any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine import checkpoints
from engine.checkpoints import Header
from engine.models.char_model import CharModel
from engine.tasks.characters.data import encode, one_stream, read
from engine.tasks.characters.measure import scores, surprise


def load(path: Path, device: str = "cpu", moment: int | None = None) -> tuple[Header, CharModel]:
    """Header and network of the model at `path`, frozen: its last weights, or those it had at
    iteration `moment`. KeyError when that was not kept."""
    header, model = checkpoints.load_network(path, "characters", network, iteration=moment)
    return header, model.to(device).eval().requires_grad_(False)


def network(**arguments: Any) -> CharModel:
    """The network that a header's arguments describe."""
    shape = {name: arguments[name] for name in ("hidden", "layers", "cell")}
    return CharModel(len(arguments["alphabet"]), **shape)


def alphabet(header: Header) -> str:
    return "".join(map(chr, header.arguments["alphabet"]))


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """nats_per_char, bits_per_char, perplexity and n of the model at `path` on a text file."""
    header, model = load(path, device)
    ids = encode(read(data), alphabet(header))
    return scores(surprise(model, one_stream(ids, torch.device(device))), len(ids) - 1)
