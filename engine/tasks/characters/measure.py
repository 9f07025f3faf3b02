"""Scores of a character model: nats per character, read once with the state carried over."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.models.char_model import CharModel, States
from engine.tasks.characters.data import one_stream

PIECE = 1_000  # characters read at once; the states go from one piece to the next
BESIDE = 16  # streams of a quick look, which side by side are read faster than one


@torch.inference_mode()
def surprise(model: CharModel, ids: Tensor) -> float:
    """Mean −log p of ids[1:] (T, B), each stream read once from start to end, in nats."""
    states: States | None = None
    total, count = 0.0, 0
    for start in range(0, len(ids) - 1, PIECE):
        read = ids[start : start + PIECE]
        said = ids[start + 1 : start + PIECE + 1]
        logits, _, states = model(read[: len(said)], states)
        losses = nn.functional.cross_entropy(logits.flatten(0, 1), said.flatten(), reduction="sum")
        total, count = total + float(losses), count + said.numel()
    return total / max(1, count)


def glance(model: CharModel, ids: Sequence[int], device: torch.device) -> float:
    """The same, quicker and a little pessimistic: the text in pieces side by side."""
    width = len(ids) // BESIDE
    if width < PIECE // 10:
        return surprise(model, one_stream(ids, device))
    table = torch.as_tensor(ids[: width * BESIDE], device=device).view(BESIDE, width)
    return surprise(model, table.t().contiguous())


def scores(nats: float, characters: int) -> dict[str, float]:
    """nats_per_char, bits_per_char, perplexity (e to the nats) and n, as `evaluate` prints them."""
    return {
        "nats_per_char": round(nats, 4),
        "bits_per_char": round(nats / math.log(2), 4),
        "perplexity": round(math.exp(nats), 3),
        "n": characters,
    }
