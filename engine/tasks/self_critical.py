"""Self-critical training (Rennie et al. 2017): the model's own samples are scored, and those that
score higher than the others of the same input become likelier.

What is expected of a sample is the mean score of the others (Luo 2020). The scores, CIDEr-D and
GLEU, compare n-grams of words.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Sequence
from hashlib import blake2b
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from engine.results.arrays import Floats

Word = TypeVar("Word", bound=Hashable)

ORDERS = 4
"""Sequences of one to so many words."""


def ngrams(words: Sequence[Word]) -> Counter[tuple[Word, ...]]:
    """How often each sequence of one to `ORDERS` words occurs."""
    return Counter(
        tuple(words[k : k + n]) for n in range(1, ORDERS + 1) for k in range(len(words) - n + 1)
    )


class Rewards:
    """The mean rewards of the last hundred steps, for whoever watches the training."""

    def __init__(self) -> None:
        self.recent: deque[float] = deque(maxlen=100)

    def advantages(self, rewards: Float[Floats, "N S"]) -> Float[Floats, "N S"]:
        """By how much each of S rewards of N inputs exceeds the mean of the input's others."""
        self.recent.append(float(rewards.mean()))
        others = rewards.shape[1] - 1
        expected: Floats = (rewards.sum(1, keepdims=True) - rewards) / others
        return rewards - expected

    def summary(self) -> str:
        """The end of a progress line of the training."""
        mean = sum(self.recent) / max(1, len(self.recent))
        return f"  reward {mean:.4f}"


def sampling_generator(seed: int, step: int, device: torch.device) -> torch.Generator:
    """The randomness of the samples of one step."""
    digest = blake2b(f"{seed} {step} drawn".encode(), digest_size=7).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest, "big"))


def sample_weights(advantages: Float[Floats, "N S"], device: torch.device) -> Float[Tensor, " N*S"]:
    """One weight for each sample, those of one input side by side."""
    return torch.from_numpy(advantages.ravel()).float().to(device)
