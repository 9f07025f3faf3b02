"""A translator without weights, with the interface of `translation.TranslationPredictor`.

It writes each word of a sentence in capitals, with half of the probability, looking at that word
alone, and its gradients fall by a fixed factor a step. Its numbers can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.decoding import Search
from engine.results import (
    STOP_WORD,
    BeamNode,
    Sentence,
    SourceWord,
    Translation,
    TranslationReach,
    WrittenWord,
)

DIRECTIONS = ("fr-en", "en-fr", "en-vi", "vi-en")
SMALL = (
    *(f"translate-fr-en-{cell}" for cell in ("rnn", "lstm", "gru")),
    *(f"translate-fr-en-{cell}-attention" for cell in ("rnn", "lstm", "gru")),
    "translate-fr-en-lstm-reversed",
)
NAMES = (*(f"translate-{direction}" for direction in DIRECTIONS), *SMALL)
FACTORS = {"rnn": 0.5, "lstm": 0.9, "gru": 0.8}


def headers() -> dict[str, Any]:
    return {name: FakeTranslationPredictor(name).header for name in NAMES}


class FakeTranslationPredictor:
    """`name` is a shipped one."""

    def __init__(self, name: str = "translate-fr-en") -> None:
        parts = name.split("-")
        self.languages = (parts[1], parts[2])
        self.cell = parts[3] if len(parts) > 3 else "lstm"
        self.attention = len(parts) == 3 or "attention" in parts
        self.reverse = "reversed" in parts
        self.header = SimpleNamespace(
            name=name,
            model="translation",
            parameters=9_000_000 if len(parts) == 3 else 900_000,
            arguments={
                "cell": self.cell,
                "attention": self.attention,
                "reverse": self.reverse,
                "layers": 2 if len(parts) == 3 else 1,
                "hidden": 4,
            },
            recipe={"source": parts[1], "target": parts[2]},
            metrics={"Tatoeba dev, beam 5": {"bleu": 50.0, "chrf": 65.0, "n": 10}},
        )

    def _words(self, words: Sequence[str], read: int) -> tuple[WrittenWord, ...]:
        found = []
        for k, word in enumerate((*words, STOP_WORD)):
            shares = np.full(read, 0.0)
            shares[min(k, read - 1)] = 1.0
            candidates = ((word, 0.5), ("other", 0.25), ("third", 0.125))
            attention = shares if self.attention else None
            found.append(WrittenWord(word, False, word.isdigit(), 0.5, candidates, attention))
        return tuple(found)

    def _translation(self, words: Sequence[str], read: int) -> Translation:
        total = float(np.log(0.5) * (len(words) + 1))
        written = self._words(words, read)
        return Translation(" ".join(words), written, total, total / len(written))

    def translate(
        self,
        sentence: str,
        search: Search | None = None,
        first: str = "",
        stop: Callable[[], bool] = lambda: False,
        watch: Callable[[str], None] | None = None,
    ) -> Sentence:
        if stop():
            raise InterruptedError("stopped")
        search = search or Search()
        given, source = first.split(), sentence.split()
        words = [*given, *sentence.upper().split()[len(given) :]]
        found = [
            self._translation(words, len(source)),
            self._translation([*words, "!"], len(source)),
        ]
        nodes = [
            BeamNode(k - 1, word.text, 0.5, -0.7 * (k + 1), k + 1, "best")
            for k, word in enumerate(found[0].words)
        ]
        nodes.append(BeamNode(-1, "OTHER", 0.1, -3.0, 1, "died"))
        return Sentence(
            sentence,
            tuple(SourceWord(word, False, word.isdigit()) for word in source),
            tuple(found[: search.width]),
            tuple(nodes),
            search.width,
            search.penalty,
            len(given),
        )

    def translate_batch(
        self,
        sentences: Sequence[str],
        search: Search | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[int, str]]:
        for k, sentence in enumerate(sentences):
            if stop():
                raise InterruptedError("stopped")
            yield k, sentence.upper()

    def score(self, sentence: str, text: str) -> Translation:
        return self._translation(text.split(), len(sentence.split()))

    def pieces(self, sentence: str, text: str) -> tuple[str, ...]:
        return (*text.split(), STOP_WORD)

    def reach(self, sentence: str, text: str, at: int) -> TranslationReach:
        source, said = sentence.split(), [*text.split(), STOP_WORD]
        written = 0.3 * FACTORS[self.cell] ** np.arange(at + 1, dtype=np.float64)[::-1]
        order = np.arange(len(source), dtype=np.float64)
        steps = order if self.reverse else order[::-1]
        read = 0.3 * FACTORS[self.cell] ** (at + 1 + steps)
        if self.attention:
            read = read + np.where(order == min(at, len(source) - 1), 0.2, 0.0)
        lstm = self.cell == "lstm"
        return TranslationReach(
            self.header.name,
            self.cell,
            self.attention,
            self.reverse,
            self.header.parameters,
            tuple(source),
            ("START", *said[:at]),
            said[at],
            read,
            written,
            2 * read if lstm else None,
            2 * written if lstm else None,
        )
