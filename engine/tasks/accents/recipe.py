"""How each shipped accent model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine import training
from engine.cells import CELLS, DEFAULT_CELL


@dataclass(frozen=True)
class Part(training.Part):
    """One part; with `pairs` pairs of words are read, not only words. It begins with batch `first`:
    the ones before it were read by an earlier part."""

    pairs: bool = True
    first: int = 0

    def summary(self) -> str:
        """The part in words, for model cards."""
        words = super().summary() + ("" if self.pairs else ", without pairs of words")
        return words + (f", from batch {self.first:,}" if self.first else "")


@dataclass(frozen=True, kw_only=True)
class Recipe(training.Recipe):
    """One model: what `LetterTagger` takes, what it reads, and how it is taught."""

    cell: str = DEFAULT_CELL
    bidirectional: bool = True
    hidden: int = 192
    layers: int = 2
    embedding: int = 192
    head: int = 192
    words: int = 6_000
    """Words that have a vector of their own, by frequency."""
    pairs: int = 8_000
    """Pairs of such words that have one, too."""
    pair_embedding: int = 96
    dropout: float = 0.0
    keep_bias: float = 1.0

    parts: tuple[Part, ...] = (
        Part("words", epochs=2.0, learning_rate=3e-3, pairs=False),
        Part("pairs", epochs=0.435, learning_rate=2e-3),
        Part("again", epochs=0.6, learning_rate=1.5e-3, first=800),
        Part("last", epochs=1.0, learning_rate=1.2e-3, first=1_903),
    )
    rows: int = 48
    steps: int = 64
    """Words of a window: what the gradient can see."""
    partly: float = 0.3
    """Share of the windows that keep some of their marks."""
    hidden_words: float = 0.05
    """Share of the words that are read by their letters alone."""
    fused: bool = True
    """Torch's kernel for a sequence where the layer has it, while training."""


FLAGSHIP = Recipe()

_SMALL = replace(
    FLAGSHIP,
    embedding=128,
    head=128,
    words=4_000,
    pairs=2_000,
    pair_embedding=48,
    parts=(Part("", epochs=0.4, learning_rate=4e-3),),
)

RECIPES: dict[str, Recipe] = {
    "accents-vi": FLAGSHIP,
    "accents-vi-forward": replace(_SMALL, bidirectional=False),
    **{
        f"accents-vi-{cell}": replace(_SMALL, cell=cell, hidden=128)
        for cell in CELLS
        if cell != DEFAULT_CELL
    },
}
"""The flagship reads both ways; of the others, to compare, one reads forward only and each other
cell both ways."""
