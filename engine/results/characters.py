"""What a character model writes and reads, and how one learns a text of somebody's own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from engine.results.arrays import Floats, Ints
from engine.results.gradients import NormsByLag

RECENT = 10
"""Iterations over which a loss is averaged before it is told as one number."""


@dataclass(frozen=True)
class Letter:
    """One character, the probability that the model gave it (at temperature 1, nothing filtered),
    and the likeliest characters in its place, best first; it may be among them."""

    text: str
    probability: float
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class StateTrace:
    """A text as it was read: each letter, and the top layer's state after it, `h` (T, H)."""

    letters: tuple[Letter, ...]
    h: Float[Floats, "T H"]

    @property
    def text(self) -> str:
        """The text that was read."""
        return "".join(letter.text for letter in self.letters)


@dataclass(frozen=True)
class PredictionStep:
    """One step of a character model (slide 9): the character number `index` of the `alphabet` goes
    in as a one-hot vector, the top layer's state after it is `h` (H,), and `logits` (V,) become
    `probabilities` (V,) of the next character."""

    cell: str
    layers: int
    alphabet: str
    index: int
    h: Float[Floats, " H"]
    logits: Float[Floats, " V"]
    probabilities: Float[Floats, " V"]


@dataclass(frozen=True)
class UnitMatch:
    """How closely a hidden unit follows something about the text: Pearson's correlation with
    `feature`, "line" (characters since the line began), "quote" (1 inside quotation marks) or
    "capital" (1 at a capital letter)."""

    unit: int
    feature: str
    correlation: float


@dataclass(frozen=True)
class UnitInStretch:
    """A unit that is on in a stretch of the text: h above 0 (`sign` 1) or below (−1); the share of
    characters at which it is on `here`, in the stretch, and `elsewhere`."""

    unit: int
    sign: int
    here: float
    elsewhere: float


@dataclass(frozen=True)
class LearningCurve:
    """Losses in nats per character while a model learnt: in training (the mean of up to 50
    iterations) and on text that it never learns from, (N,) each, at `iterations` (N,)."""

    iterations: Int[Ints, " N"]
    training: Float[Floats, " N"]
    held_out: Float[Floats, " N"]


@dataclass(frozen=True)
class WrittenSample:
    """What the model wrote after so many iterations."""

    iteration: int
    text: str


@dataclass(frozen=True)
class OwnTrainingRecord:
    """One training so far, S iterations of it.

    `rows` streams of the text are read side by side; the gradient sees `steps` characters of each
    and then ends (truncated BPTT). `loss` (S,) is the mean −log p of a character in nats, before
    the iteration's step; `norm` and `clipped` (S,) are the gradient's norm before and after
    clipping at `clip` (0: never). `h` and, for the LSTM, `c` (L,) are norms by lag of ∂e/∂h and
    ∂e/∂c of all layers, e being the loss of one character and nothing cut: mean over places in the
    text, measured after `measured` iterations. `before` counts the iterations of an earlier
    training that this one goes on from. `outcome` is "running", "finished", "time" (seconds
    spent), "stopped" or "blew_up".
    """

    cell: str
    hidden: int
    layers: int
    steps: int
    rows: int
    rate: float
    clip: float
    seed: int
    budget: int
    characters: int
    vocabulary: int
    parameters: int
    outcome: str
    seconds: float
    loss: Float[Floats, " S"]
    norm: Float[Floats, " S"]
    clipped: Float[Floats, " S"]
    samples: tuple[WrittenSample, ...]
    measured: int
    h: Float[Floats, " L"]
    c: Float[Floats, " L"] | None = None
    before: int = 0

    @property
    def taken(self) -> int:
        """S: iterations so far."""
        return len(self.loss)

    @property
    def read(self) -> int:
        """Characters read: an iteration reads a window of every stream."""
        return self.taken * self.rows * self.steps

    @property
    def guess(self) -> float:
        """The loss of whoever finds every character equally likely: log V."""
        return math.log(self.vocabulary)

    @property
    def nats(self) -> float:
        """Loss over the last iterations; that of guessing before the first."""
        return float(self.loss[-RECENT:].mean()) if self.taken else self.guess

    @property
    def speed(self) -> float:
        """Characters read per second of computing; 0 before the first."""
        return self.read / self.seconds if self.seconds > 0 else 0.0

    @property
    def clipped_share(self) -> float:
        """Share of iterations whose gradient was clipped."""
        return float((self.norm > self.clip).mean()) if self.clip > 0 and self.taken else 0.0

    @property
    def by_lag(self) -> NormsByLag:
        """The gradient as it was measured last, nothing cut."""
        return NormsByLag(self.h, self.c)

    def average(self, width: int = RECENT) -> Float[Floats, " S"]:
        """(S,) mean loss of each iteration and the up to `width` − 1 before it."""
        sums = np.concatenate([[0.0], np.cumsum(self.loss)])
        ends = np.arange(1, self.taken + 1)
        starts = np.maximum(0, ends - width)
        return np.asarray((sums[ends] - sums[starts]) / (ends - starts))
