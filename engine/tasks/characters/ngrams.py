"""What counting gets: an interpolated n-gram model of characters, the baseline of every card."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

ORDER = 6


class NGrams:
    """P(c | the last n − 1 characters), each order mixed with the next shorter one by Witten and
    Bell's rule (1991): a context seen N times with D different followers keeps N / (N + D).

    Args:
        ids: the training text.
        vocabulary: V; the shortest context of all is 1 / V.
    """

    def __init__(self, ids: Sequence[int], vocabulary: int, order: int = ORDER) -> None:
        self.order, self.vocabulary = order, vocabulary
        self._followers: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for n in range(order):
            for k in range(n, len(ids)):
                self._followers[tuple(ids[k - n : k])][ids[k]] += 1

    def probability(self, context: Sequence[int], character: int) -> float:
        """P(character) after `context`, of which the last `order` − 1 count."""
        p = 1 / self.vocabulary
        for n in range(min(self.order - 1, len(context)) + 1):
            followers = self._followers.get(tuple(context[len(context) - n :]))
            if followers is None:
                break
            seen, kinds = followers.total(), len(followers)
            p = (followers[character] + kinds * p) / (seen + kinds)
        return p

    def surprise(self, ids: Sequence[int]) -> float:
        """Mean −log P of ids[1:] in nats."""
        logs = (
            math.log(self.probability(ids[max(0, k - self.order + 1) : k], ids[k]))
            for k in range(1, len(ids))
        )
        return -sum(logs) / max(1, len(ids) - 1)
