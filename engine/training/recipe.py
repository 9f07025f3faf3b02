"""How to train: the settings of a run, and the recipe of a model as a sequence of parts."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Settings:
    """How to train. `clip` bounds the gradient's norm; `ema_decay` is the decay of an exponential
    moving average of the weights; 0 turns either off. `weight_decay` spares vectors (biases,
    norms). `mixed_precision` takes matrix products in bfloat16; weights, optimiser and sums stay in
    float32."""

    steps: int
    learning_rate: float = 3e-3
    clip: float = 1.0
    weight_decay: float = 0.0
    warmup: int = 0
    schedule: Literal["constant", "cosine", "linear"] = "constant"
    ema_decay: float = 0.0
    mixed_precision: bool = False
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


@dataclass(frozen=True)
class Part:
    """One part of a training: so many epochs of its batches at a learning rate of its own.

    The name is part of the name of its state file and of its progress lines; it is empty where a
    recipe has one part only and needs none. A task may add fields of its own.
    """

    name: str
    epochs: float
    learning_rate: float
    schedule: Literal["constant", "cosine"] = "cosine"

    def summary(self) -> str:
        """The part in words, for model cards."""
        name = f"{self.name}: " if self.name else ""
        return f"{name}{self.epochs:g} epochs at {self.learning_rate:g}, {self.schedule}"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a model is trained and stored. A task adds what its network is built from."""

    parts: tuple[Part, ...] = ()
    clip: float = 1.0
    weight_decay: float = 0.01
    ema_decay: float = 0.998
    warmup: int = 100
    """Steps of rising learning rate in each part; at most a tenth of its steps."""
    mixed_precision: bool = True
    dtype: Literal["float16", "int8"] = "int8"
    """What the weights are stored as."""
    tried: str = ""
    """What else was tried and what it gave, for the model card."""

    def settings(self, part: Part, steps: int, seed: int) -> Settings:
        """The settings of a part that takes so many steps."""
        return Settings(
            steps,
            part.learning_rate,
            clip=self.clip,
            weight_decay=self.weight_decay,
            warmup=min(self.warmup, steps // 10),
            schedule=part.schedule,
            ema_decay=self.ema_decay,
            mixed_precision=self.mixed_precision,
            seed=seed,
        )

    def summary(self) -> dict[str, Any]:
        """Every field by name, as a checkpoint's header stores it: each part in words."""
        fields = asdict(self) | {"parts": [part.summary() for part in self.parts]}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in fields.items()}
