"""How each shipped sentiment model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine import training
from engine.cells import CELLS, DEFAULT_CELL


@dataclass(frozen=True)
class Part(training.Part):
    """One part; with `language_modelling` it learns to continue the texts, not yet their labels.

    With `composition` it learns composed texts, and the corpora's once more by label and by what a
    trained network says of them: `Recipe.flagship`, else this one as it was before the part.
    """

    language_modelling: bool = False
    composition: bool = False
    kept: float = 0.0
    """How much of the weights before the part is in the mean of those and the weights after it
    (WiSE-FT, Wortsman et al. 2022): what the part costs elsewhere is won back."""

    def summary(self) -> str:
        """The part in words, for model cards."""
        kinds = (
            ", language modelling" * self.language_modelling + ", composition" * self.composition
        )
        kept = f", then {self.kept:g} of the weights before it" if self.kept else ""
        return super().summary() + kinds + kept


@dataclass(frozen=True, kw_only=True)
class Recipe(training.Recipe):
    """One model: what `SentimentModel` takes, how it reads, what and how it learns."""

    language: str
    cell: str = DEFAULT_CELL
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
    """Training texts are cut at so many tokens."""
    leave_out_longer: bool = False
    """Longer training texts are left out instead."""

    plain_copies: float = 0.0
    """Share of the training texts that are added once more without accents."""
    typing_errors: float = 0.1
    """Share that is added once more with typing errors."""
    emoji: int = 6_000
    """Texts with an emoji that fits, or with nothing but an emoji to go by."""
    contrasts: int = 6_000
    """Pairs of short texts joined by "but"."""
    distilled: bool = False
    """Whether the probabilities of a larger network, the teacher, are learnt from as well."""

    composed: int = 0
    """Pairs of texts whose sentiment is composed, made from templates."""
    neutral: int = 0
    """Texts of which no sentiment is said, and as many beginnings of labelled ones."""
    rehearsed: tuple[int, int, int] = (60_000, 3_000, 60_000)
    """Short and long texts of the corpora that are learnt once more beside composed ones, and
    sentences of long reviews."""
    flagship: str = ""
    """The trained model that this one starts from and learns from; of two directions."""
    prefixes: float = 0.0
    """Share of the loss that answers after every step have, not only after the last."""

    parts: tuple[Part, ...] = ()
    batch: int = 64
    ema_decay: float = 0.999
    warmup: int = 200
    mixed_precision: bool = False
    dtype: Literal["float16", "int8"] = "float16"


COMPOSITION = Part("composition", 2.0, 1e-3, composition=True, kept=0.3)


def parts(warm_up: float, epochs: float, learning_rate: float = 2e-3) -> tuple[Part, ...]:
    """So many epochs of language modelling, unless 0, and then of the labels.

    Progress lines and state files carry these names.
    """
    labels = Part("lessons", epochs, learning_rate)
    if not warm_up:
        return (labels,)
    return Part("warm-up", warm_up, learning_rate, language_modelling=True), labels


_COMPOSED = Recipe(language="", composed=8_000, neutral=2_500, dtype="int8")
_FLAGSHIP = {
    "en": replace(
        _COMPOSED,
        language="en",
        distilled=True,
        parts=(*parts(0.5, 3.0), COMPOSITION),
        tried="Before the last part dev accuracy was .9245, with 29 behavioural and 22 composition "
        "probes. Nothing kept of those weights: .9194, 34 and 33; half kept: .9219, 30 and 26. The "
        "embedding trained too, and 15,500 texts rehearsed, half by label: .9098, 34 and 35.",
    ),
    "vi": replace(
        _COMPOSED,
        language="vi",
        vocabulary=6_000,
        plain_copies=0.2,
        rehearsed=(45_000, 3_000, 40_000),
        parts=(*parts(1.0, 5.0), replace(COMPOSITION, epochs=1.25, kept=0.35)),
        tried="Before the last part dev accuracy was .8809, with 31 behavioural and 21 composition "
        "probes. Nothing kept of those weights: 35 and 30, but .009 less on AIVIVN's dev texts.",
    ),
}
_FORWARD = {
    language: replace(
        recipe,
        flagship=f"sentiment-{language}",
        bidirectional=False,
        pooling="last",
        prefixes=0.4,
        distilled=False,
        rehearsed=(50_000, 5_000, 40_000),
        mixed_precision=True,
        batch=128,
        parts=(replace(COMPOSITION, epochs=1.5, learning_rate=2e-3, kept=0.0),),
        tried="",
    )
    for language, recipe in _FLAGSHIP.items()
}
"""One direction, whose state after each token is the answer so far (slide 7)."""

POOLINGS = {"last": ("last", False), "sum": ("sum", False), "both": ("sum", True)}
"""Slides 51, 52 and 53: how states are pooled, and whether there are two directions."""

EMBEDDING, CLASSES = 48, 2
BEHIND_THE_EMBEDDING = 35_300
"""Parameters that a network to compare has about: no cell and no pooling shall win by size."""


def hidden_size(cell: str, bidirectional: bool) -> int:
    """Units a direction with which a network comes closest to `BEHIND_THE_EMBEDDING`."""
    directions = 2 if bidirectional else 1

    def difference(hidden: int) -> int:
        layer = CELLS[cell].parameters(EMBEDDING, hidden)
        return abs(directions * (layer + hidden * CLASSES) + CLASSES - BEHIND_THE_EMBEDDING)

    return min(range(1, 512), key=difference)


def _compared(language: str, cell: str, pooling: str) -> Recipe:
    """The comparison models differ in cell and pooling only. Short texts, since with the last state
    they have to learn through every step back to the first."""
    pooled, bidirectional = POOLINGS[pooling]
    return replace(
        _FLAGSHIP[language],
        cell=cell,
        embedding=EMBEDDING,
        hidden=hidden_size(cell, bidirectional),
        bidirectional=bidirectional,
        pooling=pooled,
        dropout=0.2,
        vocabulary=3_000,
        max_tokens=128,
        longest=48,
        leave_out_longer=True,
        emoji=3_000,
        contrasts=3_000,
        distilled=False,
        composed=0,
        neutral=0,
        parts=parts(0.0, 4.0, 3e-3),
        batch=128,
        dtype="int8",
        tried="",
    )


COMPARED = {
    f"sentiment-{language}-{cell}-{pooling}": _compared(language, cell, pooling)
    for language in _FLAGSHIP
    for cell in CELLS
    for pooling in POOLINGS
}
"""The models of slides 51-53: three cells, three poolings, two languages."""

RECIPES: dict[str, Recipe] = {
    **{f"sentiment-{language}": recipe for language, recipe in _FLAGSHIP.items()},
    **{f"sentiment-{language}-forward": recipe for language, recipe in _FORWARD.items()},
    **COMPARED,
}
