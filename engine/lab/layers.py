"""Layers and directions (slides 48-49): which inputs can reach which state, and what it costs.

Nothing is drawn from a rule: a network of that shape is built, and wherever the gradient of a
state is not zero, that state depends on it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial

import torch

from engine.cells import CELLS, PLAIN_CELL
from engine.recurrent import RNN, build_layer
from engine.results import CellSize, Reach

STEPS = 5
HIDDEN = 4


def reach(layers: int, bidirectional: bool, direction: int, step: int) -> Reach:
    """What the state (direction, step) of the top layer depends on; step 0 is the first.

    Raises ValueError for a direction or a step that the network does not have.
    """
    directions = 2 if bidirectional else 1
    if not (0 <= direction < directions and 0 <= step < STEPS):
        raise ValueError(f"no state ({direction}, {step}) in {directions} direction(s)")
    network = RNN(
        1,
        HIDDEN,
        num_layers=layers,
        bidirectional=bidirectional,
        dtype=torch.float64,
        generator=torch.Generator().manual_seed(0),
    )
    x = torch.linspace(-1, 1, STEPS, dtype=torch.float64).view(STEPS, 1, 1).requires_grad_()
    probe = torch.zeros(layers * directions, STEPS, 1, HIDDEN, dtype=torch.float64)
    states, _ = network(x, probe=(probe.requires_grad_(),))
    asked = states[step, 0].view(directions, HIDDEN)[direction].sum()
    to_x, to_states = torch.autograd.grad(asked, (x, probe))
    return Reach(
        inputs=(to_x[:, 0, 0] != 0).numpy(),
        states=(to_states[:, :, 0] != 0).any(-1).view(layers, directions, STEPS).numpy(),
        direction=direction,
        step=step,
    )


def sizes(inputs: int, hidden: int, layers: int, bidirectional: bool) -> list[CellSize]:
    """The three cells in that shape, counted; with the size that matches the plain RNN's count."""
    counts = {
        kind: partial(_count, kind, inputs, layers=layers, bidirectional=bidirectional)
        for kind in CELLS
    }
    budget = counts[PLAIN_CELL](hidden)
    return [
        CellSize(kind, hidden, count(hidden), _matched(count, hidden, budget))
        for kind, count in counts.items()
    ]


def _matched(count: Callable[[int], int], most: int, budget: int) -> int:
    """The number of units from 1 to `most` whose growing count comes next to `budget`."""
    first_over = bisect_left(range(1, most + 1), budget, key=count) + 1
    near = [units for units in (first_over - 1, first_over) if 1 <= units <= most]
    return min(near, key=lambda units: abs(count(units) - budget))


def _count(kind: str, inputs: int, hidden: int, layers: int, bidirectional: bool) -> int:
    network = build_layer(
        kind, inputs, hidden, num_layers=layers, bidirectional=bidirectional, device="meta"
    )
    return sum(parameter.numel() for parameter in network.parameters())
