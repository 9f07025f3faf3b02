"""Layers and directions (slides 48-49): which inputs can reach which state, and what it costs.

Nothing is drawn from a rule: a network of that shape is built, and wherever the gradient of a
state is not zero, that state depends on it.
"""

from __future__ import annotations

from bisect import bisect_left
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

    def count(kind: str, units: int) -> int:
        network = build_layer(
            kind, inputs, units, num_layers=layers, bidirectional=bidirectional, device="meta"
        )
        return sum(parameter.numel() for parameter in network.parameters())

    budget, found = count(PLAIN_CELL, hidden), []
    for kind in CELLS:
        # The count grows with the units: those whose count comes next to the budget.
        over = bisect_left(range(1, hidden + 1), budget, key=partial(count, kind)) + 1
        near = [units for units in (over - 1, over) if 1 <= units <= hidden]
        matched = min(near, key=lambda units: abs(count(kind, units) - budget))
        found.append(CellSize(kind, hidden, count(kind, hidden), matched))
    return found
