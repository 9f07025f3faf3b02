"""A cell run over a short sequence, with everything that happens recorded (slides 17-23, 36-47).

The cell computes; here it is only watched. ∂e/∂h_t and ∂e/∂c_t are autograd's, taken at the very
tensors that the steps hand on, so all paths are in them (slide 29); all numbers are float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn

from engine.cells import CELLS, PLAIN_CELL, Cell, GRUCell, cell_name
from engine.lab.stages import FINAL, STAGES, GRUTorchSign, Held, build, every_unit, hold
from engine.results import (
    CellRun,
    Floats,
    GateWeights,
    GradientProfile,
    GRUComparison,
    Piece,
    TypedSequence,
    Verdict,
)

Weights = dict[str, Shaped[Tensor, "..."]]

GRU = cell_name(GRUCell)

HALVES = (-1.0, -0.5, 0.5, 1.0)
"""Weights of the exercise: a person computes with them."""


@dataclass(frozen=True)
class Setup:
    """How a cell is made: units, seed, weights as multiples of torch's initial ones, and whether
    gradients are of the last step's loss only (slide 51) or of the sum over all (slide 23).
    """

    hidden: int = 3
    seed: int = 1
    scale: float = 2.0
    of_last: bool = False


def run(
    kind: str,
    stage: str,
    sequence: TypedSequence,
    setup: Setup,
    held: Held | None = None,
) -> CellRun:
    """The stage of a cell over the sequence; `held` holds gates of the finished cell, whole at a
    number or unit by unit."""
    cell, W_y = make(kind, stage, sequence, setup)
    if held:
        if stage != FINAL[kind]:
            raise ValueError("gates are held in the finished cell only")
        cell = hold(kind, cell, held)
    return record(kind, stage, cell, W_y, sequence, setup.of_last, held or {})


def make(
    kind: str, stage: str, sequence: TypedSequence, setup: Setup
) -> tuple[Cell, Float[Tensor, "K H"]]:
    """The cell and W_y, drawn from the seed: the same numbers for every stage of a kind."""
    generator = torch.Generator().manual_seed(setup.seed)
    made, inputs, H = STAGES[kind][stage].cell, sequence.x.shape[1], setup.hidden
    cell = build(made, kind, inputs, H, generator, setup.scale)
    W_y = torch.empty(len(sequence.outputs), H, dtype=torch.float64)
    bound = setup.scale / H**0.5
    return cell, W_y.uniform_(-bound, bound, generator=generator)


def record(
    kind: str,
    stage: str,
    cell: Cell,
    W_y: Float[Tensor, "K H"],
    sequence: TypedSequence,
    of_last: bool,
    held: Held,
) -> CellRun:
    """Runs the cell and its output layer, and asks autograd for the gradients of states and
    weights."""
    matrices = (cell.weight_ih.requires_grad_(), cell.weight_hh.requires_grad_())
    steps, first = _steps(cell, torch.from_numpy(sequence.x))
    names = steps[0]._fields
    values = {name: torch.stack([getattr(s, name)[0] for s in steps]) for name in names}
    log_y = nn.functional.log_softmax(torch.stack([s.h[0] for s in steps]) @ W_y.T, dim=-1)
    e = -log_y.gather(1, torch.from_numpy(sequence.targets)[:, None])[:, 0]
    states = cell.state_names
    read = STAGES[kind][stage].gates
    kept = {name: _array(values[name]) for name in dict.fromkeys((*read, *reversed(states)))}
    # Zero where nothing leads from the state to the loss.
    to_x, to_h, *found = torch.autograd.grad(
        e[-1] if of_last else e.sum(),
        [*matrices, *(getattr(step, name) for name in states for step in steps)],
        materialize_grads=True,
    )
    cell.requires_grad_(False)
    gradients = torch.cat(found).view(len(states), len(steps), -1)
    rows = {gate: cell.gate_rows(cell.hidden_size, gate) for gate in read}
    return CellRun(
        cell=kind,
        stage=stage,
        sequence=sequence,
        weights=(weights := {gate: _weights(cell, gate) for gate in read}),
        W_y=_array(W_y),
        a={gate: _before(gate, weights[gate], sequence.x, kept) for gate in read},
        values=kept,
        first={name: np.zeros(cell.hidden_size) for name in states[: len(first)]},
        y=_array(log_y.exp()),
        e=_array(e),
        gradients={name: _array(g) for name, g in zip(states, gradients, strict=True)},
        of_last=of_last,
        held={gate: every_unit(value, cell.hidden_size) for gate, value in held.items()},
        weight_gradients={
            gate: GateWeights(_array(to_x[each]), _array(to_h[each]), None)
            for gate, each in rows.items()
        },
    )


def _steps(cell: Cell, x: Tensor) -> tuple[list[Any], tuple[Tensor, ...]]:
    """What the cell's `gates` return at each step of x (T, I); and the initial state."""
    first = tuple(s.requires_grad_() for s in cell.initial_state(1))
    state, steps = first, []
    for row in x[:, None]:
        step = cell.gates(row, state)
        steps.append(step)
        state = tuple(getattr(step, name) for name in cell.state_names)
    return steps, first


def _weights(cell: Cell, gate: str) -> GateWeights:
    """The rows of one gate, cut out of the stacked matrices (slide 41)."""
    rows = cell.gate_rows(cell.hidden_size, gate)
    b_x, b_h = cell.bias_ih, cell.bias_hh
    b = None if b_x is None or b_h is None else _array((b_x + b_h)[rows])
    return GateWeights(_array(cell.weight_ih[rows]), _array(cell.weight_hh[rows]), b)


def _before(gate: str, w: GateWeights, x: Floats, values: Mapping[str, Floats]) -> Floats:
    """(T, H) W_x x_t + W_h h_{t-1} + b, for the GRU's candidate with r_t ⊙ h_{t-1} for h_{t-1}."""
    h = np.vstack([np.zeros(w.W_h.shape[0]), values["h"][:-1]])
    if gate == "n" and "r" in values:
        h = values["r"] * h
    a = x @ w.W_x.T + h @ w.W_h.T
    return np.asarray(a if w.b is None else a + w.b)


def _array(tensor: Tensor) -> Floats:
    return np.asarray(tensor.detach().numpy(), dtype=np.float64)


def profile(run: CellRun) -> GradientProfile:
    """The run for the gradient panel: norms over the units, and what the last step says."""
    names = run.sequence.names
    ends = np.cumsum([len(name) + 1 for name in names])
    pieces = tuple(
        Piece(name, int(end) - len(name) - 1, int(end) - 1, False)
        for name, end in zip(names, ends, strict=True)
    )
    norms = {name: np.linalg.norm(g, axis=1) for name, g in run.gradients.items()}
    verdict = Verdict(run.sequence.outputs, run.y[-1])
    return GradientProfile(
        run.cell, run.stage, run.parameters, pieces, verdict, norms["h"], norms.get("c")
    )


def torch_difference(
    kind: str, stage: str, sequence: TypedSequence, setup: Setup, reset_after: bool = False
) -> float | None:
    """max |h − torch.nn's h| in float64 on the same numbers; None for what torch does not have.

    torch has the plain RNN, the finished LSTM, and the GRU with `reset_after`, its own form.
    """
    if stage != FINAL[kind] or (kind == GRU and not reset_after):
        return None
    cell, _ = make(kind, stage, sequence, setup)
    if isinstance(cell, GRUCell):
        cell.reset_after = True
    torch_layer = CELLS[kind].torch_layer
    assert torch_layer is not None
    layer = torch_layer(cell.input_size, cell.hidden_size, bias=cell.bias, dtype=torch.float64)
    layer.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
    x = torch.from_numpy(sequence.x)
    with torch.no_grad():
        theirs, _ = layer(x)
        ours = torch.cat([step.h for step in _steps(cell, x)[0]])
    return float((ours - theirs).abs().max())


def compare_grus(sequence: TypedSequence, setup: Setup) -> GRUComparison:
    """The lecture's GRU and PyTorch's on the same numbers, with each change and with both."""
    cell, _ = make(GRU, FINAL[GRU], sequence, setup)
    x = torch.from_numpy(sequence.x)

    def states(other: GRUCell, flip_z: bool) -> Floats:
        other.load_state_dict(flipped(cell) if flip_z else cell.state_dict())
        with torch.no_grad():
            return _array(torch.cat([step.h for step in _steps(other, x)[0]]))

    sizes = (cell.input_size, cell.hidden_size)

    def after() -> GRUCell:
        return GRUCell(*sizes, reset_after=True, dtype=torch.float64)

    def inside() -> GRUCell:
        return GRUTorchSign(*sizes, dtype=torch.float64)

    variants = {"none": (after, False), "z": (after, True), "r": (inside, False)}
    variants["both"] = (inside, True)
    with torch.no_grad():
        lecture = _array(torch.cat([step.h for step in _steps(cell, x)[0]]))
    found = {name: states(made(), flip) for name, (made, flip) in variants.items()}
    return GRUComparison(lecture, found, sequence.names)


def flipped(cell: Cell) -> Weights:
    """A GRU's parameters with W_z and b_z negated: σ(−a) = 1 − σ(a), so z and 1 − z swap."""
    rows = cell.gate_rows(cell.hidden_size, "z")
    state = {name: value.clone() for name, value in cell.state_dict().items()}
    for value in state.values():
        value[rows].neg_()
    return state


def exercise(seed: int, kind: str = PLAIN_CELL) -> CellRun:
    """A cell with 2 units whose weights are ±½ and ±1 and whose biases are 0, over 3 steps (slides
    19-23, 29), or over 2 where it has gates (slides 40, 47)."""
    rng = np.random.default_rng(seed)
    steps = 3 if kind == PLAIN_CELL else 2
    x = rng.choice([-1.0, 1.0, 2.0], size=(steps, 1))
    targets = rng.integers(0, 2, size=steps)
    names = tuple(f"{value:g}".replace("-", "−") for value in x[:, 0])
    sequence = TypedSequence(x, names, ("1", "2"), targets, word=False)
    cell, _ = make(kind, FINAL[kind], sequence, Setup(hidden=2))
    W_y = torch.from_numpy(rng.choice(HALVES, size=(2, 2)))
    with torch.no_grad():
        for weight in (cell.weight_ih, cell.weight_hh):
            weight.copy_(torch.from_numpy(rng.choice(HALVES, size=tuple(weight.shape))))
        for name, bias in cell.named_parameters():
            if name.startswith("bias"):
                bias.zero_()
    return record(kind, FINAL[kind], cell, W_y, sequence, False, {})


def every_stage(kind: str, sequence: TypedSequence, setup: Setup) -> dict[str, CellRun]:
    """All stages of a kind on the same sequence and the same numbers, in the slides' order."""
    return {stage: run(kind, stage, sequence, setup) for stage in STAGES[kind]}
