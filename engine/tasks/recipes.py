"""What recipes have in common: how steps are taken, in parts, and how weights are shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.training import Settings


@dataclass(frozen=True)
class Part:
    """One part of a training, with a learning rate of its own, for `epochs` of its batches."""

    name: str
    epochs: float
    learning_rate: float
    schedule: Literal["constant", "cosine"] = "cosine"

    def told(self) -> str:
        """The part in words, for cards."""
        return f"{self.name}: {self.epochs:g} epochs at {self.learning_rate:g}, {self.schedule}"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How steps are taken and what is shipped. A task adds what its network is built from, and the
    `parts` it is taught in, as its own kind of `Part`."""

    clip: float = 1.0
    weight_decay: float = 0.01
    average: float = 0.998
    warmup: int = 100
    """Steps at most."""
    mixed: bool = True
    dtype: Literal["float16", "int8"] = "int8"
    """What weights are shipped as."""
    tried: str = ""

    def settings(self, part: Part, steps: int, seed: int) -> Settings:
        """How a part that takes so many steps is trained."""
        return Settings(
            steps,
            part.learning_rate,
            clip=self.clip,
            weight_decay=self.weight_decay,
            warmup=min(self.warmup, steps // 10),
            schedule=part.schedule,
            average=self.average,
            mixed=self.mixed,
            seed=seed,
        )
