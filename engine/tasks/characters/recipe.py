"""How each shipped character model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine import training
from engine.cells import CELLS, DEFAULT_CELL
from engine.training import Part

MOMENTS = (100, 300, 700, 2000)
"""Iterations whose weights are kept beside the last: slide 54's, with some hundreds between."""


@dataclass(frozen=True, kw_only=True)
class Recipe(training.Recipe):
    """One model: what `CharModel` takes, what it reads, and how it is trained, in one part."""

    corpus: str
    cell: str = DEFAULT_CELL
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.3
    recurrent_dropout: float = 0.1
    keep_bias: float = 1.0
    pretrained: str = ""
    """The model whose weights it starts from; characters that one lacks start fresh."""

    renamed: float = 0.0
    """How probable it is that a name in a play is replaced, anew for every passage and epoch."""

    rows: int = 16
    steps: int = 64
    """Characters that the gradient can see: truncated BPTT."""
    mixed_precision: bool = False
    evaluate_every: int = 500
    """Iterations between two evaluations on the text that is held out to stop early by."""
    moments: tuple[int, ...] = ()
    dtype: Literal["float16", "int8"] = "float16"


def once(epochs: float, learning_rate: float = 3e-3) -> tuple[Part, ...]:
    """The only part of a training; it needs no name."""
    return (Part("", epochs, learning_rate),)


_SMALL = Recipe(
    corpus="",
    hidden=128,
    layers=1,
    dropout=0.1,
    recurrent_dropout=0.0,
    rows=32,
    ema_decay=0.99,
    evaluate_every=250,
    moments=MOMENTS,
)

SMALL: dict[str, Recipe] = {
    f"chars-{name}-{cell}": replace(_SMALL, corpus=corpus, cell=cell, parts=once(epochs, 4e-3))
    for name, corpus, cells, epochs in (
        ("shakespeare", "tinyshakespeare", tuple(CELLS), 9.0),
        ("kieu", "truyen_kieu", tuple(CELLS), 60.0),
        ("tolstoy", "war_and_peace", (DEFAULT_CELL,), 1.5),
    )
    for cell in cells
}
"""One layer of at most 128 units, to compare cells and to watch learning."""

RECIPES: dict[str, Recipe] = {
    "chars-shakespeare": Recipe(
        corpus="tinyshakespeare",
        hidden=512,
        dropout=0.35,
        recurrent_dropout=0.25,
        pretrained="chars-tolstoy",
        renamed=0.8,
        steps=200,
        parts=once(34.0, 2e-3),
        ema_decay=0.999,
        mixed_precision=True,
        tried="On dev, nats per character. 384 units, dropout .4, DropConnect .2, 10 epochs, the "
        "plays as they are: 1.691. There a third of the loss came from speakers' names, 8 % of the "
        "characters: 3.65 nats each on dev, .45 in training, so names had been learnt by heart. "
        "The same weights after 1.5 more epochs with renamed people: 1.553. Hence new names for "
        "every passage and epoch, 200 steps of gradient in place of 64, so that the name before "
        "last is within it, and 512 units.",
    ),
    "chars-tolstoy": Recipe(
        corpus="war_and_peace",
        hidden=512,
        dropout=0.1,
        recurrent_dropout=0.05,
        rows=32,
        parts=once(2.5),
        evaluate_every=250,
        mixed_precision=True,
    ),
    "chars-kieu": Recipe(
        corpus="truyen_kieu",
        dropout=0.5,
        recurrent_dropout=0.3,
        steps=128,
        parts=once(60.0, 4e-3),
        evaluate_every=100,
    ),
    "chars-vi-news": Recipe(
        corpus="vi_wikinews",
        hidden=320,
        dropout=0.1,
        recurrent_dropout=0.05,
        parts=once(2.5),
        mixed_precision=True,
    ),
    **SMALL,
}
