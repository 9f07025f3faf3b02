"""How each shipped sentiment model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine.training import Settings


@dataclass(frozen=True)
class Recipe:
    """One model: what `SentimentModel` takes, how it reads, what and how it is taught."""

    language: str
    cell: str = "lstm"
    embedding: int = 192
    hidden: int = 192
    layers: int = 1
    bidirectional: bool = True
    pooling: str = "mean"
    dropout: float = 0.4
    word_dropout: float = 0.1
    keep_bias: float = 1.0
    vocabulary: int = 8_000
    max_tokens: int = 1_024
    longest: int = 256
    """Training texts are cut at so many pieces."""
    leave_out_longer: bool = False
    """Longer training texts are left out instead."""

    plain_copies: float = 0.0
    """Share of the training texts that are added once more without accents."""
    slips: float = 0.1
    """Share that is added once more with typing errors."""
    emoji: int = 6_000
    """Texts with an emoji that fits, or with nothing but an emoji to go by."""
    contrasts: int = 6_000
    """Pairs of short texts joined by "but"."""
    taught: bool = False
    """Whether a larger network's opinions are learnt from as well."""
    warm_up: float = 1.0
    """Epochs of language modelling before the first label."""

    batch: int = 64
    epochs: float = 4.0
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    average: float = 0.999
    dtype: Literal["float16", "int8"] = "float16"
    """What weights are shipped as."""

    def settings(self, steps: int, seed: int) -> Settings:
        return Settings(
            steps,
            self.learning_rate,
            clip=1.0,
            weight_decay=self.weight_decay,
            warmup=min(200, steps // 10),
            schedule="cosine",
            average=self.average,
            seed=seed,
        )


_FLAGSHIP = {
    "en": Recipe("en", taught=True, warm_up=0.5, epochs=3.0),
    "vi": Recipe("vi", vocabulary=6_000, plain_copies=0.2, epochs=5.0),
}

POOLINGS = {"last": ("last", False), "sum": ("sum", False), "both": ("sum", True)}
"""Slides 51, 52 and 53: what of the states is judged, and whether there are two directions."""

HIDDEN = {
    ("rnn", False): 164,
    ("rnn", True): 109,
    ("lstm", False): 72,
    ("lstm", True): 46,
    ("gru", False): 86,
    ("gru", True): 55,
}
"""Units a direction, by cell and "two directions": about 35,000 parameters behind the embedding, so
that no cell and no pooling wins by size."""


def _compared(language: str, cell: str, pooling: str) -> Recipe:
    """The comparison models differ in cell and pooling only. Short texts, since with the last state
    they have to learn through every step back to the first."""
    taken, bidirectional = POOLINGS[pooling]
    return replace(
        _FLAGSHIP[language],
        cell=cell,
        embedding=48,
        hidden=HIDDEN[cell, bidirectional],
        bidirectional=bidirectional,
        pooling=taken,
        dropout=0.2,
        vocabulary=3_000,
        max_tokens=128,
        longest=48,
        leave_out_longer=True,
        emoji=3_000,
        contrasts=3_000,
        taught=False,
        warm_up=0.0,
        batch=128,
        epochs=4.0,
        learning_rate=3e-3,
        dtype="int8",
    )


COMPARED = {
    f"sentiment-{language}-{cell}-{pooling}": _compared(language, cell, pooling)
    for language in _FLAGSHIP
    for cell in ("rnn", "lstm", "gru")
    for pooling in POOLINGS
}
"""The models of slides 51-53: three cells, three poolings, two languages."""

RECIPES: dict[str, Recipe] = {
    **{f"sentiment-{language}": recipe for language, recipe in _FLAGSHIP.items()},
    **COMPARED,
}
