"""How each shipped frame model is built and trained. Each number has its only place here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine import training
from engine.cells import CELLS, DEFAULT_CELL
from engine.models.frames import STILL
from engine.training import Part


@dataclass(frozen=True, kw_only=True)
class Recipe(training.Recipe):
    """One model: what `FrameTagger` takes, what it reads, and how it is taught."""

    recorded: Literal["heat", "grey"] = "heat"
    """Films of the heat sensor, or films in grey that are made by rule."""
    size: int = 16
    cell: str = DEFAULT_CELL
    bidirectional: bool = True
    hidden: int = 64
    layers: int = 2
    filters: tuple[int, ...] = (16, 32)
    features: int = 64
    memory: int = 8
    """Frames whose mean a frame is compared with."""
    dropout: float = 0.3
    smoothing: float = 0.05
    keep_bias: float = 1.0

    parts: tuple[Part, ...] = (Part("", epochs=30.0, learning_rate=2e-3),)
    rows: int = 8
    steps: int = 224
    """Frames of a window: what the gradient can see."""
    fused: bool = True
    """Torch's kernel for a sequence where the layer has it, while training."""
    weight_decay: float = 0.02
    ema_decay: float = 0.995
    dtype: Literal["float16", "int8"] = "float16"


FLAGSHIP = Recipe()

_COMPARED = replace(FLAGSHIP, bidirectional=False)
"""Trained like the flagship, for as many epochs: what differs is what they can see."""

MOTION = replace(
    FLAGSHIP,
    recorded="grey",
    size=32,
    filters=(8, 16, 32),
    dropout=0.1,
    steps=64,
    parts=(Part("", epochs=10.0, learning_rate=2e-3),),
)

RECIPES: dict[str, Recipe] = {
    "frames": FLAGSHIP,
    "frames-still": replace(_COMPARED, cell=STILL),
    **{f"frames-{cell}": replace(_COMPARED, cell=cell) for cell in CELLS},
    "motion": MOTION,
    "motion-forward": replace(MOTION, bidirectional=False),
}
"""The flagships read both ways; the others, to compare, forward only or each frame alone."""
