"""What a race is run with."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cells import CELLS
from engine.models.memory import CHRONO
from engine.tasks.memory.sequences import TASKS, Memory


@dataclass(frozen=True)
class Plan:
    """One race: the task, how the networks start, how they are trained, and the budget.

    `keep` is the keep bias, a number or "chrono"; `truncation` and `clip` are off at 0;
    `matched` gives every cell as many units as make up the parameters of the one with most gates;
    `orthogonal` concerns the plain RNN only. A cell is out after `steps` steps or `seconds` of
    its own computing, whichever comes first.
    """

    task: str = "recall"
    lag: int = 50
    keep: float | str = CHRONO
    rate: float = 3e-3
    truncation: int = 0
    clip: float = 1.0
    hidden: int = 32
    seed: int = 0
    orthogonal: bool = False
    matched: bool = False
    batch: int = 64
    steps: int = 4000
    seconds: float = 120.0

    @property
    def memory(self) -> Memory:
        return TASKS[self.task]

    def units(self, cell: str) -> int:
        """H of one cell."""
        largest = max(CELLS, key=lambda name: len(CELLS[name].gates))
        if not self.matched or cell == largest:
            return self.hidden
        goal = self.parameters(largest, self.hidden)
        return min(
            range(self.hidden, 4 * self.hidden), key=lambda h: abs(self.parameters(cell, h) - goal)
        )

    def parameters(self, cell: str, hidden: int) -> int:
        """How many numbers a network of this cell learns: the layer's and the readout's."""
        layer = CELLS[cell].parameters(self.memory.inputs, hidden)
        return layer + max(self.memory.outputs, 1) * (hidden + 1)
