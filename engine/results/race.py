"""Cells that learn to remember, beside one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from engine.results.arrays import Floats
from engine.results.gradients import NormsByLag


@dataclass(frozen=True)
class Lane:
    """One cell's way through a race, from M measurements on fresh sequences of T steps.

    `steps`, `seconds` (of its own computing), `accuracy` and `loss` are (M,); `h` and, for the
    LSTM, `c` are (M, T): mean norms of ∂e/∂h_t and ∂e/∂c_t by lag, e being the loss of the last
    answer. `taken` counts training steps; `outcome` is "running", "learnt", "budget" (spent
    without learning it), "stopped" or "blew_up".
    """

    cell: str
    hidden: int
    parameters: int
    outcome: str
    taken: int
    steps: Float[Floats, " M"]
    seconds: Float[Floats, " M"]
    accuracy: Float[Floats, " M"]
    loss: Float[Floats, " M"]
    h: Float[Floats, "M T"]
    c: Float[Floats, "M T"] | None = None

    def by_lag(self, moment: int) -> NormsByLag:
        """The gradient at measurement `moment`."""
        return NormsByLag(self.h[moment], None if self.c is None else self.c[moment])

    def at(self, step: float) -> int:
        """The last measurement made at `step` or before."""
        return max(0, int(np.searchsorted(self.steps, step, side="right")) - 1)


@dataclass(frozen=True)
class RaceResult:
    """A race so far. `chance_level` is the accuracy of the best blind answer, `threshold` the one
    that ends a lane's race; `budget` (steps) and `seconds` are what each lane may use."""

    task: str
    lag: int
    chance_level: float
    threshold: float
    budget: int
    seconds: float
    lanes: tuple[Lane, ...]

    @property
    def moments(self) -> list[int]:
        """Steps at which anything was measured, in order."""
        return sorted({int(step) for lane in self.lanes for step in lane.steps})


@dataclass(frozen=True)
class SequenceExample:
    """A sequence of a memory task as words: what goes in step by step, and what is to be answered.

    `relevant` are the steps (from 0) that the answer depends on.
    """

    inputs: tuple[str, ...]
    relevant: tuple[int, ...]
    answer: tuple[str, ...]


@dataclass(frozen=True)
class StepTiming:
    """One cell's training step on one device.

    Median milliseconds; `loss` of the step; `difference` is ‖g − g₆₄‖ ÷ ‖g₆₄‖ of the gradient g of
    all weights, g₆₄ being the same gradient in float64 on the CPU.
    """

    device: str
    cell: str
    milliseconds: float
    loss: float
    difference: float
