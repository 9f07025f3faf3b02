"""The scores of a trained character model, for its card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from engine import checkpoints
from engine.checkpoints import Header
from engine.models.char_model import CharModel
from engine.tasks.characters.data import Corpus, encode, one_stream
from engine.tasks.characters.measure import scores, surprise
from engine.tasks.characters.ngrams import NGrams

PUBLISHED: dict[str, dict[str, float | str]] = {
    "tinyshakespeare": {
        "nats_per_char": 1.4697,
        "source": "nanoGPT's small Transformer, same split, random windows of 256 characters; "
        "reading with the state carried over has more context",
    }
}


def load(path: Path, device: str = "cpu", moment: int | None = None) -> tuple[Header, CharModel]:
    """Header and network of the model at `path`, frozen: its last weights, or those it had at
    iteration `moment`. KeyError when that was not kept."""
    header, tensors = checkpoints.load(path)
    arguments = header.arguments
    shape = {name: arguments[name] for name in ("hidden", "layers", "cell")}
    with torch.device("meta"):
        model = CharModel(len(arguments["alphabet"]), **shape)
    if moment is not None and moment not in arguments["moments"]:
        raise KeyError(moment)
    prefix = "" if moment is None else f"at{moment}."
    own = model.state_dict()
    wanted = {name: tensors[prefix + name] for name in own if prefix + name in tensors}
    checkpoints.fill(model, wanted, path.name)
    return header, model.to(device).eval().requires_grad_(False)


def alphabet(header: Header) -> str:
    return "".join(map(chr, header.arguments["alphabet"]))


def measure(path: Path, text: Corpus, report: Callable[[str], None]) -> None:
    """Reads the dev part once with the file as shipped, and writes the scores into the file."""
    header, model = load(path)
    letters = alphabet(header)
    ids = encode(text.dev, letters)
    found = scores(surprise(model, one_stream(ids, torch.device("cpu"))), len(ids) - 1)
    rival = NGrams(encode(text.train, letters), len(letters))
    metrics: dict[str, Any] = {
        f"{text.name} dev": {
            **found,
            "baseline": {
                "nats_per_char": round(rival.surprise(ids), 4),
                "source": f"counts of up to {rival.order} characters, interpolated (Witten–Bell)",
            },
            **({"published": PUBLISHED[text.name]} if text.name in PUBLISHED else {}),
        }
    }
    report(f"{header.name}: {metrics}")
    checkpoints.describe(path, replace(header, metrics=metrics), with_card=True)


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """nats_per_char, bits_per_char, perplexity and n of the model at `path` on a text file."""
    from engine.tasks.characters.data import read

    header, model = load(path, device)
    ids = encode(read(data), alphabet(header))
    return scores(surprise(model, one_stream(ids, torch.device(device))), len(ids) - 1)
