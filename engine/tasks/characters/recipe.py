"""How each shipped character model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine.training import Settings

MOMENTS = (100, 300, 700, 2000)
"""Iterations whose weights are kept beside the last: slide 54's, with some hundreds between."""


@dataclass(frozen=True)
class Recipe:
    """One model: what `CharModel` takes, what it reads, and how it is taught."""

    corpus: str
    cell: str = "lstm"
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.3
    recurrent_dropout: float = 0.1
    keep_bias: float = 1.0
    begins_with: str = ""
    """The model whose weights it starts from; characters that one lacks start fresh."""

    renamed: float = 0.0
    """How probable it is that a name in a play is replaced, anew for every passage and epoch."""

    rows: int = 16
    steps: int = 64
    """Characters that the gradient can see: truncated BPTT."""
    epochs: float = 10.0
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    average: float = 0.998
    mixed: bool = False
    """Matrix products in bfloat16: twice as fast where the processor knows it."""

    judge_every: int = 500
    """Iterations between two looks at the text that is kept to stop early by."""
    moments: tuple[int, ...] = ()
    dtype: Literal["float16", "int8"] = "float16"
    """What weights are shipped as."""
    tried: str = ""
    """What else was tried and what it gave, for the model's card."""

    def settings(self, iterations: int, seed: int) -> Settings:
        return Settings(
            iterations,
            self.learning_rate,
            clip=1.0,
            weight_decay=self.weight_decay,
            warmup=min(100, iterations // 10),
            schedule="cosine",
            average=self.average,
            mixed=self.mixed,
            seed=seed,
        )


_SMALL = Recipe(
    "",
    hidden=128,
    layers=1,
    dropout=0.1,
    recurrent_dropout=0.0,
    rows=32,
    learning_rate=4e-3,
    average=0.99,
    judge_every=250,
    moments=MOMENTS,
)
SMALL_HIDDEN = {"rnn": 128, "lstm": 128, "gru": 128}

SMALL: dict[str, Recipe] = {
    f"chars-{name}-{cell}": replace(
        _SMALL, corpus=corpus, cell=cell, hidden=SMALL_HIDDEN[cell], epochs=epochs
    )
    for name, corpus, cells, epochs in (
        ("shakespeare", "tinyshakespeare", ("rnn", "lstm", "gru"), 9.0),
        ("kieu", "truyen_kieu", ("rnn", "lstm", "gru"), 60.0),
        ("tolstoy", "war_and_peace", ("lstm",), 1.5),
    )
    for cell in cells
}
"""One layer of at most 128 units, to compare cells and to watch learning."""

RECIPES: dict[str, Recipe] = {
    "chars-shakespeare": Recipe(
        "tinyshakespeare",
        hidden=512,
        dropout=0.35,
        recurrent_dropout=0.25,
        begins_with="chars-tolstoy",
        renamed=0.8,
        steps=200,
        epochs=34.0,
        learning_rate=2e-3,
        average=0.999,
        mixed=True,
        tried="On dev, nats per character. 384 units, dropout .4, DropConnect .2, 10 epochs, the "
        "plays as they are: 1.691. There a third of the loss came from speakers' names, 8 % of the "
        "characters: 3.65 nats each on dev, .45 in training, so names had been learnt by heart. "
        "The same weights after 1.5 more epochs with renamed people: 1.553. Hence new names for "
        "every passage and epoch, 200 steps of gradient in place of 64, so that the name before "
        "last is within it, and 512 units.",
    ),
    "chars-tolstoy": Recipe(
        "war_and_peace",
        hidden=512,
        dropout=0.1,
        recurrent_dropout=0.05,
        rows=32,
        epochs=2.5,
        judge_every=250,
        mixed=True,
    ),
    "chars-kieu": Recipe(
        "truyen_kieu",
        dropout=0.5,
        recurrent_dropout=0.3,
        steps=128,
        epochs=60.0,
        learning_rate=4e-3,
        judge_every=100,
    ),
    "chars-vi-news": Recipe(
        "vi_wikinews", hidden=320, dropout=0.1, recurrent_dropout=0.05, epochs=2.5, mixed=True
    ),
    **SMALL,
}
