"""CIDEr-D (Vedantam et al. 2015): how much a sentence agrees with what several people wrote.

Sequences of one to four words are counted and weighted by how few photos have them (tf-idf):
"a man in a" counts for little and "snowboard" for much; the score is ten times the mean cosine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from engine.tasks.self_critical import ORDERS, ngrams

Words = Sequence[str]
Gram = tuple[str, ...]
SIGMA = 6.0
"""Words of difference in length after which a score has fallen to e^(−1/2)."""


class _Vector(NamedTuple):
    """tf-idf by n-gram, one table and one length for each order, and the sentence's words."""

    weights: tuple[dict[Gram, float], ...]
    norms: tuple[float, ...]
    length: int


class Cider:
    """Scores sentences; how rare n-grams are is counted in `references`, several for each photo."""

    def __init__(self, references: Sequence[Sequence[Words]]) -> None:
        self._photos = Counter(
            gram for each in references for gram in {g for words in each for g in ngrams(words)}
        )
        self._log_photos = math.log(max(1.0, float(len(references))))
        self._known: dict[tuple[str, ...], _Vector] = {}

    def score(self, words: Words, references: Sequence[Words]) -> float:
        """The CIDEr-D of one sentence against those of its photo: 0 to 10."""
        own = self._vector(words)
        similarities = [self._similarity(own, self._reference(r)) for r in references]
        return 10.0 * sum(similarities) / len(references)

    def mean(self, sentences: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
        """The corpus score as papers give it (1.0 is "100")."""
        pairs = zip(sentences, references, strict=True)
        return sum(self.score(words, each) for words, each in pairs) / len(sentences)

    def _reference(self, words: Words) -> _Vector:
        key = tuple(words)
        if key not in self._known:
            self._known[key] = self._vector(words)
        return self._known[key]

    def _vector(self, words: Words) -> _Vector:
        weights: tuple[dict[Gram, float], ...] = tuple({} for _ in range(ORDERS))
        for gram, count in ngrams(words).items():
            idf = self._log_photos - math.log(max(1.0, float(self._photos[gram])))
            weights[len(gram) - 1][gram] = count * idf
        norms = tuple(math.sqrt(sum(w * w for w in table.values())) for table in weights)
        return _Vector(weights, norms, len(words))

    def _similarity(self, own: _Vector, reference: _Vector) -> float:
        """The mean over the orders of the clipped cosine, less for a difference in length."""
        total = 0.0
        tables = zip(own.weights, reference.weights, own.norms, reference.norms, strict=True)
        for mine, theirs, length, other in tables:
            product = sum(
                min(weight, theirs[gram]) * theirs[gram]
                for gram, weight in mine.items()
                if gram in theirs
            )
            total += product / (length * other) if length and other else 0.0
        difference = own.length - reference.length
        return total / ORDERS * math.exp(-(difference**2) / (2 * SIGMA**2))
