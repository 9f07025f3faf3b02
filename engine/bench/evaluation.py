"""How fast many texts are read: in batches of like length, beside torch.nn's packed sequences.

The limit is what the products alone take: the same rows and steps, back to back, without padding.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from torch import nn

from engine.models.sentiment import SentimentModel
from engine.padding import batches_by_length, pad_rows

VOCABULARY, HIDDEN, BATCH, TEXTS = 8_000, 128, 64, 512
SHORTEST, LONGEST = 3, 60
"""Tokens of a text; all lengths are as frequent."""

Texts = list[list[int]]


def ours(model: SentimentModel, texts: Texts, *, fused: bool) -> Callable[[], None]:
    """Reads all texts, those of like length side by side."""

    def read() -> None:
        model.recurrent.fused = fused
        for rows in batches_by_length([len(text) for text in texts], BATCH):
            model(*pad_rows([texts[k] for k in rows]))

    return read


def theirs(model: SentimentModel, texts: Texts) -> Callable[[], None]:
    """The usual way: batches as the texts come, padded and packed, nn.LSTM, mean, linear."""
    layer = nn.LSTM(HIDDEN, HIDDEN, bidirectional=True)
    layer.load_state_dict(model.recurrent.state_dict())
    layer.requires_grad_(False)

    def read() -> None:
        for start in range(0, len(texts), BATCH):
            table, lengths = pad_rows(texts[start : start + BATCH])
            packed = nn.utils.rnn.pack_padded_sequence(
                model.embedding(table), lengths, enforce_sorted=False
            )
            h, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0])
            model.classifier(h.sum(0) / lengths.unsqueeze(1))

    return read


def products(model: SentimentModel, texts: Texts) -> Callable[[], None]:
    """Nothing but the matrix products of the layer: W_x of each batch, W_h of each step."""
    layer, lengths = model.recurrent, [len(text) for text in texts]
    weights = [layer.weights(0, reverse) for reverse in (False, True)]
    states = torch.randn(BATCH, HIDDEN)
    batches = [sorted(lengths[k] for k in rows) for rows in batches_by_length(lengths, BATCH)]
    inputs = [torch.randn(sum(batch), HIDDEN) for batch in batches]
    alive = [[sum(t < n for n in batch) for t in range(batch[-1])] for batch in batches]

    def multiply() -> None:
        for x, rows in zip(inputs, alive, strict=True):
            for W_x, W_h, _, _ in weights:
                torch.mm(x, W_x.t())
                for count in rows:
                    torch.mm(states[:count], W_h.t())

    return multiply


def milliseconds(rounds: int) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of all texts in each round, "hand-written", "fused", "torch.nn" and the "limit";
    and how many tokens they have."""
    generator = torch.Generator().manual_seed(0)
    model = SentimentModel(
        VOCABULARY, 2, HIDDEN, HIDDEN, bidirectional=True, pooling="mean", generator=generator
    )
    model.eval().requires_grad_(False)
    lengths = torch.randint(SHORTEST, LONGEST + 1, (TEXTS,), generator=generator).tolist()
    texts = [torch.randint(1, VOCABULARY, (n,), generator=generator).tolist() for n in lengths]
    readers = {
        "hand-written": ours(model, texts, fused=False),
        "fused": ours(model, texts, fused=True),
        "torch.nn": theirs(model, texts),
        "limit": products(model, texts),
    }
    times: dict[str, list[float]] = {name: [] for name in readers}
    with torch.inference_mode():
        for read in readers.values():
            read()  # whatever is set up once is not measured
        for _ in range(rounds):
            for name, read in readers.items():
                start = perf_counter()
                read()
                times[name].append((perf_counter() - start) * 1000)
    return times, sum(lengths)
