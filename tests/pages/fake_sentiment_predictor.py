"""A classifier without weights, with the interface of `engine.tasks.sentiment.SentimentPredictor`.

Its numbers are simple enough to check by hand: a word list moves the score, gradients fall by a
fixed factor per step. It lets the pages be tested where no trained model is installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

import numpy as np

from engine.language.text import no_words
from engine.results import (
    Contributions,
    Floats,
    GradientProfile,
    Influence,
    Piece,
    Reading,
    StatedRating,
    Verdict,
)

WORDS = {"good": 3.0, "ngon": 3.0, "đáng": 3.0, "xem": 1.0, "but": 0.5, "nhưng": 2.0, "worth": 4.0}
WORDS |= {"dull": -2.5, "buồn": -1.5, "tẻ": -2.0, "hỏng": -3.0, "broke": -3.0, "bị": -1.0}
FACTORS = {"rnn": (0.6, None), "lstm": (0.8, 0.99), "gru": (0.93, None)}


class FakeSentimentPredictor:
    """`name` is sentiment-{en,vi}, with -forward or with -{rnn,lstm,gru}-{last,sum,both}."""

    max_tokens = 256
    temperature = 1.0

    def __init__(self, name: str) -> None:
        self.name = name
        _, self.language, *rest = name.split("-")
        flagship = {(): "mean", ("forward",): "last"}.get(tuple(rest))
        self.cell, self.pooling = ("lstm", flagship) if flagship else rest
        two = self.language == "en"
        self.labels = ("negative", "positive") if two else ("negative", "neutral", "positive")
        self.header = SimpleNamespace(
            name=name, parameters={"rnn": 1, "gru": 3, "lstm": 4}[self.cell] * 16_512, metrics={}
        )

    def check(self, text: str) -> str:
        """The text with the one chat word that this model knows; no emoji does it know."""
        if not re.search(r"\w", text):
            raise no_words()
        return text.replace("tuyệt zời", "tuyệt vời")

    def pieces(self, text: str) -> tuple[Piece, ...]:
        found = list(re.finditer(r"\w+|[^\w\s]", text))[: self.max_tokens]
        return tuple(
            Piece(
                m.group(), m.start(), m.end(), m.start() > 0 and not text[m.start() - 1].isspace()
            )
            for m in found
        )

    def _after(self, pieces: Sequence[Piece]) -> Floats:
        scores = np.cumsum([WORDS.get(piece.text.lower(), 0.05) for piece in pieces])
        logits = np.stack([-scores, scores], axis=1)
        if len(self.labels) == 3:
            logits = np.insert(logits, 1, 0.5, axis=1)
        powers = np.exp(logits)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def read(self, text: str, stop: Callable[[], bool] | None = None) -> Reading:
        assert stop is None or not stop()
        typed, text = text, self.check(text)
        pieces = self.pieces(text)
        after = self._after(pieces)
        whole = len(re.findall(r"\w+|[^\w\s]", text)) > len(pieces)
        rating = StatedRating("1/5", "negative") if "1/5" in text else None
        verdict = Verdict(self.labels, after[-1], by_rule=text == "1/5")
        changed = None if typed == text else typed
        return Reading(text, pieces, verdict, after, whole, None, changed, rating)

    def classify(
        self, texts: Sequence[str], stop: Callable[[], bool] | None = None
    ) -> Iterator[Verdict]:
        for text in texts:
            if stop is not None and stop():
                return
            yield self.read(text).verdict

    def gradients(self, text: str, label: str) -> GradientProfile:
        if label not in self.labels:
            raise ValueError(label)
        reading = self.read(text)
        lags = np.arange(len(reading.pieces), dtype=np.float64)[::-1]
        h, c = FACTORS[self.cell]
        return GradientProfile(
            cell=self.cell,
            name=self.name,
            parameters=self.header.parameters,
            pieces=reading.pieces,
            verdict=reading.verdict,
            h=np.asarray(0.3 * h**lags),
            c=None if c is None else np.asarray(0.5 * c**lags),
            pooling=self.pooling,
        )

    def _scores(self, pieces: Sequence[Piece]) -> Floats:
        """(T,) what each piece adds to the margin: logit(positive) − logit(negative)."""
        return np.array([2 * WORDS.get(piece.text.lower(), 0.05) for piece in pieces])

    def contributions(self, text: str) -> Contributions:
        reading = self.read(text)
        scores = self._scores(reading.pieces)
        both = self.pooling == "both"
        return Contributions(
            self.cell,
            self.pooling,
            self.name,
            self.header.parameters,
            reading.pieces,
            reading.verdict,
            scores / 2 if both else scores,
            scores / 2 if both else None,
            0.0,
        )

    def influence(self, text: str, stop: Callable[[], bool] | None = None) -> Influence:
        assert stop is None or not stop()
        reading = self.read(text)
        scores = self._scores(reading.pieces)
        return Influence(reading.pieces, reading.verdict, float(scores.sum()), scores)
