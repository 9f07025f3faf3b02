"""Self-critical training (Rennie et al. 2017): what is written by the model itself is judged, and
what is better than its siblings becomes likelier. The siblings' mean is what is expected of one
(Luo 2020)."""

from __future__ import annotations

from collections import deque
from hashlib import blake2b

import torch
from torch import Tensor

from engine.results.arrays import Floats


class Rewards:
    """What drawn texts were worth, for whoever watches the training."""

    def __init__(self) -> None:
        self.recent: deque[float] = deque(maxlen=100)

    def better(self, rewards: Floats) -> Floats:
        """By how much each of (rows, siblings) is worth more than the mean of its siblings."""
        self.recent.append(float(rewards.mean()))
        others = rewards.shape[1] - 1
        expected: Floats = (rewards.sum(1, keepdims=True) - rewards) / others
        return rewards - expected

    def told(self) -> str:
        """The end of a line of the training's report."""
        mean = sum(self.recent) / max(1, len(self.recent))
        return f"  reward {mean:.4f}"


def chance(seed: int, step: int, device: torch.device) -> torch.Generator:
    """What texts are drawn with in one step."""
    digest = blake2b(f"{seed} {step} drawn".encode(), digest_size=7).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest, "big"))


def weights(better: Floats, device: torch.device) -> Tensor:
    """One weight for each text, those of one row side by side."""
    return torch.from_numpy(better.ravel()).float().to(device)
