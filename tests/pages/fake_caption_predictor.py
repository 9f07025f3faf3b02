"""A captioner without weights, with the interface of `engine.tasks.captions.CaptionPredictor`.

It says "a dog runs" of every photo, each word with half of the probability, and its gradients fall
by a fixed factor a step. Its numbers can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.decoding import Search
from engine.errors import InputError
from engine.results import (
    STOP_WORD,
    BeamNode,
    Caption,
    CaptionReach,
    CaptionWord,
    Description,
    Drift,
    Floats,
)

NAMES = (
    "captions-en",
    *(f"captions-en-{cell}" for cell in ("rnn", "lstm", "gru")),
    *(f"captions-en-{cell}-attention" for cell in ("rnn", "gru")),
)
SAID = ("a", "dog", "runs")
KNOWN = ("a", "dog", "cat", "man", "runs", "sits", "in", "the", "snow")
CANDIDATES = (("a", 0.5), ("dog", 0.2), ("runs", 0.1), ("the", 0.05), (STOP_WORD, 0.01))
FACTORS = {"rnn": 0.5, "lstm": 0.9, "gru": 0.8}
CLASSES = (
    ("golden retriever", 0.5),
    ("tennis ball", 0.25),
    ("sandbar", 0.05),
    ("wig", 0.02),
    ("ski", 0.01),
)


def headers() -> dict[str, Any]:
    return {name: FakeCaptionPredictor(name).header for name in NAMES}


def photo_features(squashed: Any) -> Any:
    assert squashed.shape == (224, 224, 3)
    return SimpleNamespace(feature_map=None)


def classes(seen: Any, count: int = 5) -> tuple[tuple[str, float], ...]:
    return CLASSES[:count]


class FakeCaptionPredictor:
    """`name` is a shipped one."""

    def __init__(self, name: str = "captions-en") -> None:
        parts = name.split("-")[2:]
        self.cell = parts[0] if parts else "lstm"
        self.attention = not parts or "attention" in parts
        self.header = SimpleNamespace(
            name=name,
            model="captions",
            parameters=8_000_000 if not parts else 900_000,
            arguments={"cell": self.cell, "attention": self.attention, "hidden": 4},
            metrics={
                "Flickr8k dev, beam 5": {"bleu1": 0.65, "bleu4": 0.21, "cider": 0.55, "n": 10}
            },
        )

    def _caption(self, words: Sequence[str], ended: bool = True) -> Caption:
        place = np.zeros((7, 7))
        place[3, 3] = 0.5
        place[0, 6] = 0.5
        said = tuple(
            CaptionWord(word, 0.5, CANDIDATES, place if self.attention else None)
            for word in (*words, *([STOP_WORD] if ended else []))
        )
        total = float(np.log(0.5) * len(said))
        return Caption(said, total, total / len(said))

    def tokenize(self, text: str) -> tuple[str, ...]:
        words = tuple(text.lower().split())
        strange = [word for word in words if word not in KNOWN]
        if strange:
            raise InputError(
                "The model does not know these words: {words}.", words=", ".join(strange)
            )
        return words

    def caption(
        self,
        seen: Any,
        search: Search | None = None,
        first: Sequence[str] = (),
        stop: Callable[[], bool] = lambda: False,
    ) -> Description:
        if stop():
            raise InterruptedError("stopped")
        search = search or Search()
        rest = SAID[len(first) :]
        captions = [
            self._caption((*first, *rest)),
            self._caption((*first, *rest, "in", "the", "snow")),
        ]
        nodes = [
            BeamNode(k - 1, word.text, 0.5, -0.7 * (k + 1), k + 1, "best")
            for k, word in enumerate(captions[0].words)
        ]
        nodes.append(BeamNode(0, "cat", 0.1, -3.0, 2, "died"))
        return Description(
            tuple(captions[: search.width]), tuple(nodes), search.width, search.penalty, len(first)
        )

    def score(self, seen: Any, words: Sequence[str]) -> Caption:
        return self._caption(words)

    def drift(self, seen: Any, words: Sequence[str], at: int, wrong: str) -> Drift:
        n = len(words) + 1
        slipped = np.full(n, 0.5)
        slipped[at + 1 :] = 0.1
        free = self._caption(("sits", "in", "the", "snow")).words
        return Drift((*words, STOP_WORD), at, wrong, np.full(n, 0.5), slipped, free)

    def reach(self, seen: Any, words: Sequence[str], at: int) -> CaptionReach:
        steps = np.arange(at + 2, dtype=np.float64)[::-1]
        h = 0.3 * FACTORS[self.cell] ** steps
        return CaptionReach(
            self.header.name,
            self.cell,
            self.attention,
            self.header.parameters,
            ("START", *words[:at]),
            (*words, STOP_WORD)[at],
            h,
            0.5 * 0.95**steps if self.cell == "lstm" else None,
        )

    def states(self, seen: Any, words: Sequence[str]) -> Floats:
        return np.full((len(words) + 2, 4), 0.5)

    def occlusion(self, squashed: Any, caption: Caption) -> Iterator[tuple[Floats, Floats]]:
        """Covering the upper right cell takes all probability of "dog", as its attention says;
        covering the lower left takes that of "snow", where it does not look."""
        words = caption.tokens
        for row in range(7):
            p = np.full((7, len(words) + 1), 0.5)
            if row == 0 and "dog" in words:
                p[6, words.index("dog")] = 0.0
            if row == 6 and "snow" in words:
                p[0, words.index("snow")] = 0.0
            yield p[0] * 0 + 0.5, p

    def saliency(self, squashed: Any, words: Sequence[str], at: int) -> Floats:
        found = np.full((7, 7), 0.1)
        found[3, 3] = 1.0
        return found
