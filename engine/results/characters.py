"""What a character model writes and reads, letter by letter."""

from __future__ import annotations

from dataclasses import dataclass

from engine.results.arrays import Floats, Ints


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
    h: Floats

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)


@dataclass(frozen=True)
class UnitMatch:
    """How closely a hidden unit follows something about the text: Pearson's correlation with
    `feature`, "line" (characters since the line began), "quote" (1 inside quotation marks) or
    "capital" (1 at a capital letter)."""

    unit: int
    feature: str
    correlation: float


@dataclass(frozen=True)
class LearningCurve:
    """Losses in nats per character while a model learnt: in training (the mean of up to 50
    iterations) and on text that it never learns from, (N,) each, at `iterations` (N,)."""

    iterations: Ints
    training: Floats
    held_out: Floats
