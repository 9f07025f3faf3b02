"""How to train, and what one step of it reports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Settings:
    """How to train. `clip` bounds the gradient's norm, `average` is the decay of a running average
    of the weights; 0 turns either off. `weight_decay` spares vectors (biases, norms). `mixed`
    takes matrix products in bfloat16; weights, optimiser and sums stay in float32."""

    steps: int
    learning_rate: float = 3e-3
    clip: float = 1.0
    weight_decay: float = 0.0
    warmup: int = 0
    schedule: Literal["constant", "cosine", "linear"] = "constant"
    average: float = 0.0
    mixed: bool = False
    seed: int = 0

    def rate(self, step: int) -> float:
        """The learning rate of step `step` (from 0): a linear rise over `warmup` steps, then the
        schedule, which would reach 0 at step `steps`."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        progress = min(1.0, (step - self.warmup) / max(1, self.steps - self.warmup))
        factor = {
            "constant": 1.0,
            "cosine": 0.5 * (1 + math.cos(math.pi * progress)),
            "linear": 1 - progress,
        }[self.schedule]
        return self.learning_rate * factor


@dataclass(frozen=True)
class Step:
    """What one step did: its number (from 1), the loss before it, the gradient's norm before and
    after clipping, and the learning rate."""

    step: int
    loss: float
    norm: float
    clipped: float
    rate: float
