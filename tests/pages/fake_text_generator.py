"""A character model without weights, with the interface of `engine.tasks.characters.TextGenerator`.

It draws its letters from a seeded generator and gives each half of the probability; greedy choice
writes "ab" for ever. Its numbers can be checked by hand.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.decoding import Choice
from engine.errors import InputError
from engine.results import (
    Floats,
    GradientProfile,
    LearningCurve,
    Letter,
    Piece,
    PredictionStep,
    StateTrace,
    UnitMatch,
    Verdict,
)

ALPHABET = "\n !,.:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzăõờ"
CANDIDATES = (("a", 0.5), ("b", 0.2), (" ", 0.1), ("\n", 0.05), ("c", 0.04))
FACTORS = {"rnn": 0.5, "lstm": 0.9, "gru": 0.8}
NAMES = (
    *("chars-shakespeare", "chars-kieu", "chars-tolstoy"),
    *(f"chars-{name}-{cell}" for name in ("shakespeare", "kieu") for cell in FACTORS),
    "chars-tolstoy-lstm",
)

CORPORA = {
    "shakespeare": "tinyshakespeare",
    "tolstoy": "war_and_peace",
    "kieu": "truyen_kieu",
    "vi": "vi_wikinews",
}


def headers() -> dict[str, Any]:
    return {name: FakeTextGenerator(name).header for name in NAMES}


def curve(name: str) -> LearningCurve:
    return LearningCurve(
        np.array([100, 300, 700, 2000, 4000]),
        np.array([3.0, 2.5, 2.0, 1.8, 1.7]),
        np.array([3.1, 2.6, 2.2, 2.0, 1.9]),
    )


class FakeTextGenerator:
    """`name` is a shipped one; small ones have kept their moments."""

    alphabet = ALPHABET
    characters_per_iteration = 2048

    def __init__(self, name: str, moment: int | None = None) -> None:
        self.name, self.moment = name, moment
        self.cell = name.split("-")[2] if name.count("-") > 1 else "lstm"
        self.moments = (100, 300, 700, 2000) if name.count("-") > 1 else ()
        self.header = SimpleNamespace(
            name=name,
            model="characters",
            parameters=1000,
            recipe={"corpus": CORPORA[name.split("-")[1]]},
            arguments={"layers": 2, "hidden": 4, "moments": list(self.moments), "cell": self.cell},
            metrics={"some dev": {"nats_per_char": 1.4, "perplexity": 4.06, "n": 10}},
        )

    def _known(self, text: str) -> str:
        known = "".join(c for c in text if c in self.alphabet)
        if text and not known:
            raise InputError("This model has seen none of these characters.")
        return known

    def write(
        self,
        prompt: str,
        length: int,
        choice: Choice,
        seed: int,
        stop: Callable[[], bool] | None = None,
    ) -> Iterator[Letter]:
        self._known(prompt)
        drawn = random.Random(f"{self.name} {self.moment} {seed} {choice.temperature}")
        for k in range(length):
            if stop is not None and stop():
                return
            text = "ab"[k % 2] if choice.greedy else drawn.choice("abcde \nX")
            yield Letter(text, 0.02 if k == 7 else 0.5, CANDIDATES)

    def candidates(self, text: str) -> tuple[tuple[str, float], ...]:
        self._known(text)
        return CANDIDATES

    def read(self, text: str) -> StateTrace:
        letters = tuple(Letter(c, 0.5, CANDIDATES) for c in self._known(text))
        return StateTrace(letters, np.tile([0.0, 0.1, 0.2, 0.3], (len(letters), 1)))

    def step(self, text: str) -> PredictionStep:
        p = np.full(len(self.alphabet), 0.5 / (len(self.alphabet) - 1))
        p[self.alphabet.index("a")] = 0.5
        index = self.alphabet.index(self._known(text)[-1])
        h = np.array([0.0, 0.1, 0.2, 0.3])
        return PredictionStep(self.cell, 2, self.alphabet, index, h, np.log(p), p)

    def unit_matches(self, memory: StateTrace, unit_count: int = 12) -> tuple[UnitMatch, ...]:
        assert memory.h.shape[1] <= unit_count
        return (UnitMatch(2, "line", -0.75), UnitMatch(1, "capital", 0.5))

    def gradients(self, text: str) -> GradientProfile:
        pieces = tuple(Piece(c, k, k + 1, False) for k, c in enumerate(text[:-1]))
        lags = np.arange(len(pieces), dtype=np.float64)[::-1]
        h = 0.3 * FACTORS[self.cell] ** lags
        c = 0.5 * 0.99**lags if self.cell == "lstm" else None
        verdict = Verdict((text[-1], "other"), np.array([0.25, 0.75]))
        return GradientProfile(self.cell, self.name, 1000, pieces, verdict, h, c)

    def influence(self, text: str) -> Floats:
        shifts = np.zeros(len(text) - 1)
        shifts[-2:] = (1.5, -0.25)
        return shifts

    def eigenvalues(self, text: str) -> NDArray[np.complex128]:
        assert len(text) > 1
        return np.array([0.5, 0.95j, -0.2 + 0.1j, 1.1])
