"""What a classifier says of a text, piece by piece, and where it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from jaxtyping import Float

from engine.results.arrays import Floats

UNCERTAIN_MARGIN = 0.2
"""A verdict is called uncertain when its two best probabilities are closer than this."""


@dataclass(frozen=True)
class Verdict:
    """What a classifier says of one text: `probabilities` (K,) over the K `labels`, sum 1."""

    labels: tuple[str, ...]
    probabilities: Float[Floats, " K"]
    by_rule: bool = False
    """Whether a rule read it off a rating, the text being nothing else; no network then."""

    @property
    def label(self) -> str:
        """The most probable label."""
        return self.labels[int(self.probabilities.argmax())]

    @property
    def confidence(self) -> float:
        """The probability of that label."""
        return float(self.probabilities.max())

    @property
    def uncertain(self) -> bool:
        """Whether the two best probabilities are closer than `UNCERTAIN_MARGIN`."""
        runner_up, best = np.sort(self.probabilities)[-2:]
        return bool(best - runner_up < UNCERTAIN_MARGIN)


@dataclass(frozen=True)
class Piece:
    """One step of the network's input: characters `start` to `end` of the text it came from."""

    text: str
    start: int
    end: int
    continues: bool
    """True when the piece carries on the word that the piece before it began."""


@dataclass(frozen=True)
class StatedRating:
    """The words of a text that rate something ("2 out of 10"), and the label that a rule gives."""

    text: str
    label: str


@dataclass(frozen=True)
class Reading:
    """A text read from left to right by a classifier.

    `after` (T, K) holds the probabilities after each of the T `pieces`; its last row is the
    verdict. `truncated` says that the text went on beyond what the model reads. `computed` are the
    steps, from 1, after which `after` was computed, between which it is interpolated; None: all.
    `typed` is the text before it was put into the spelling that the model knows, None where nothing
    was changed; `rating` what a rule reads in it.
    """

    text: str
    pieces: tuple[Piece, ...]
    verdict: Verdict
    after: Float[Floats, "T K"]
    truncated: bool
    computed: tuple[int, ...] | None = None
    typed: str | None = None
    rating: StatedRating | None = None

    def course(self) -> Float[Floats, " T"]:
        """(T,) P(positive) − P(negative) after each piece, between −1 and 1."""
        labels = self.verdict.labels
        positive, negative = labels.index("positive"), labels.index("negative")
        return self.after[:, positive] - self.after[:, negative]


@dataclass(frozen=True)
class Influence:
    """What each word does to a verdict, by occlusion: the text is read again without the word.

    `margin` is the logit of "positive" minus that of "negative"; `shifts` (T,) how much of it goes
    when the word goes: above 0 the word speaks for positive, below 0 for negative; NaN for a word
    of a long text that was not left out.
    """

    words: tuple[Piece, ...]
    verdict: Verdict
    margin: float
    shifts: Float[Floats, " T"]

    @property
    def measured(self) -> int:
        """How many words were left out, each in its turn."""
        return int(np.isfinite(self.shifts).sum())


@dataclass(frozen=True)
class Contributions:
    """How a pooled verdict adds up, step by step (slides 51-53).

    The margin, the logit of "positive" minus that of "negative", is w·h + b of the pooled state h.
    `forward` (T,) holds step t's part of w·h: w·h_t where states are summed, w·(h_t − h_{t−1})
    where the last one is taken; `backward` the same of the other direction, None without one.
    Everything summed, with `bias`, is `margin`.
    """

    cell: str
    pooling: str
    name: str
    parameters: int
    pieces: tuple[Piece, ...]
    verdict: Verdict
    forward: Float[Floats, " T"]
    backward: Float[Floats, " T"] | None
    bias: float

    @property
    def margin(self) -> float:
        """Logit of "positive" minus logit of "negative", before the temperature."""
        return float(self.total.sum() + self.bias)

    @property
    def total(self) -> Float[Floats, " T"]:
        """(T,) both directions together."""
        return self.forward if self.backward is None else self.forward + self.backward


@dataclass(frozen=True)
class ErrorShare:
    """Of `n` texts of a kind a model misread `errors`."""

    name: str
    n: int
    errors: int

    @property
    def rate(self) -> float:
        """Errors per text."""
        return self.errors / self.n


@dataclass(frozen=True)
class Misread:
    """A text that was misread, the label people gave it, what makes it hard, where it is from."""

    text: str
    label: str
    kinds: tuple[str, ...]
    corpus: str
    source: str
    terms: str


Example = TypeVar("Example")


@dataclass(frozen=True)
class FailureReport(Generic[Example]):
    """Where a model fails on data it never saw: how many texts, captions or sentences have an
    error at all, how many of each kind (which overlap) among those that can have it, and examples.
    """

    everything: ErrorShare
    kinds: tuple[ErrorShare, ...]
    quotes: tuple[Example, ...]


Failures = FailureReport[Misread]
