"""What is beaten: the translation of the most similar sentence that was learnt from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from engine.tasks.translation.data import Pair

RAREST, CANDIDATES = 3, 400
"""Words of a sentence by which similar ones are looked for, and how many each may offer."""


class Nearest:
    """Looks a sentence up among known ones, by the share of its words that both have."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._words = [_words(pair.source) for pair in pairs]
        self._counts = Counter(word for words in self._words for word in words)
        self._having: dict[str, list[int]] = defaultdict(list)
        for k, words in enumerate(self._words):
            for word in words:
                if len(self._having[word]) < CANDIDATES:
                    self._having[word].append(k)

    def translation(self, source: str) -> str:
        """What people wrote for the most similar sentence."""
        words = _words(source)
        rarest = sorted((w for w in words if w in self._counts), key=self._counts.__getitem__)
        candidates = sorted({k for word in rarest[:RAREST] for k in self._having[word]})
        best = max(candidates, key=lambda k: self._alike(words, k), default=0)
        return self._pairs[best].target

    def _alike(self, words: frozenset[str], k: int) -> float:
        return len(words & self._words[k]) / len(words | self._words[k])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))
