"""Architectures: kinds of sequence problem, layers and directions.

**Kinds of problem** (slides 8-15): where inputs go in, where answers come out, and what that means
for the gradient of each state. Each is run as the lecture draws it, on a small plain RNN with
untrained weights: every answer has a loss of its own, and ∂e/∂h_t of their sum says how loudly the
state of each step is told.

**Layers and directions** (slides 48-49): which inputs can reach which state, and what it costs.
Nothing is drawn from a rule: a network of that shape is built, and wherever the gradient of a
state is not zero, that state depends on it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import partial

import torch

from engine.cells import CELLS, PLAIN_CELL
from engine.errors import N_
from engine.gradients import probes
from engine.recurrent import RNN, build_layer
from engine.results import CellSize, ProblemKind, Reach

HIDDEN, SYMBOLS, SEED = 32, 16, 0


@dataclass(frozen=True)
class Layout:
    """One problem of the lecture: what each step reads, and what it has to answer, "" for nothing.

    `image` stands for a picture that gives h_0; `loops` for answers that are the next inputs.
    """

    reads: tuple[str, ...]
    answers: tuple[str, ...]
    image: bool = False
    loops: bool = False


CAPTION, TRANSLATION = "The dog is hiding", "Matches Nature is"  # slides 12 and 14
FRAME, RUN, JUMP = N_("frame"), N_("run"), N_("jump")

KINDS = {
    "one_to_one": Layout((N_("image"),), ("dog",)),
    "one_to_many": Layout(
        ("START", *CAPTION.split()), (*CAPTION.split(), "STOP"), image=True, loops=True
    ),
    "many_to_one": Layout(
        ("The", "food", "was", "really", "good"), ("", "", "", "", N_("positive"))
    ),
    "many_to_many": Layout(
        ("Correspondances", "La", "nature", "START", *TRANSLATION.split()[:-1]),
        ("", "", "", *TRANSLATION.split()),
        loops=True,
    ),
    "aligned": Layout((FRAME,) * 5, (RUN, RUN, JUMP, JUMP, RUN)),
    "loop": Layout(tuple("hell"), tuple("ello"), loops=True),
}
"""Slide 15's five, and the character model's loop (slides 8-10) as a sixth."""


def run(name: str) -> ProblemKind:
    """∂e/∂h_t of the problem `name`, a key of `KINDS`; KeyError for another."""
    layout = KINDS[name]
    steps, answered = len(layout.reads), [t for t, answer in enumerate(layout.answers) if answer]
    generator = torch.Generator().manual_seed(SEED)
    network = RNN(SYMBOLS, HIDDEN, generator=generator, dtype=torch.float64)
    output = torch.randn(SYMBOLS, HIDDEN, generator=generator, dtype=torch.float64) / HIDDEN**0.5
    known = {word: k for k, word in enumerate(dict.fromkeys(layout.reads + layout.answers))}
    ids = torch.tensor([known[word] for word in layout.reads])
    x = torch.nn.functional.one_hot(ids, SYMBOLS).double().unsqueeze(1)
    probe = probes(network, steps)
    start = torch.randn(1, 1, HIDDEN, generator=generator, dtype=x.dtype) * float(layout.image)
    states, _ = network(x, start.requires_grad_(), probe=probe)
    logits = states[answered, 0] @ output.T
    target = torch.tensor([known[layout.answers[t]] for t in answered])
    loss = torch.nn.functional.cross_entropy(logits, target, reduction="sum")
    to_steps, to_start = torch.autograd.grad(loss, (*probe, start))
    return ProblemKind(
        reads=layout.reads,
        answers=layout.answers,
        image=layout.image,
        loops=layout.loops,
        norms=to_steps[0, :, 0].norm(dim=-1).numpy(),
        image_norm=to_start.norm().item() if layout.image else None,
    )


STEPS = 5
UNITS = 4


def reach(layers: int, bidirectional: bool, direction: int, step: int) -> Reach:
    """What the state (direction, step) of the top layer depends on; step 0 is the first.

    Raises ValueError for a direction or a step that the network does not have.
    """
    directions = 2 if bidirectional else 1
    if not (0 <= direction < directions and 0 <= step < STEPS):
        raise ValueError(f"no state ({direction}, {step}) in {directions} direction(s)")
    network = RNN(
        1,
        UNITS,
        num_layers=layers,
        bidirectional=bidirectional,
        dtype=torch.float64,
        generator=torch.Generator().manual_seed(0),
    )
    x = torch.linspace(-1, 1, STEPS, dtype=torch.float64).view(STEPS, 1, 1).requires_grad_()
    probe = torch.zeros(layers * directions, STEPS, 1, UNITS, dtype=torch.float64)
    states, _ = network(x, probe=(probe.requires_grad_(),))
    chosen_state = states[step, 0].view(directions, UNITS)[direction].sum()
    to_x, to_states = torch.autograd.grad(chosen_state, (x, probe))
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
