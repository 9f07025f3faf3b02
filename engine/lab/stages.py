"""The lecture's way to the LSTM and the GRU, gate by gate: every stage is a cell that runs.

Slides 36-40 (LSTM) and 44-47 (GRU). A stage has all the parameters of the finished cell, in the
same order, and leaves some of them unread: stages that are drawn from one seed therefore share
their numbers, and what changes from one to the next is the gate alone. The last stage *is* the
cell of `cells`. A gate that a stage lacks is 1 throughout; holding a gate of the finished cell at
1 gives the stage without it, which the tests use as a second way to the same numbers.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from engine.cells import (
    PLAIN_CELL,
    Cell,
    ElmanCell,
    GRUCell,
    GRUGates,
    LSTMCell,
    LSTMGates,
    State,
    cell_name,
)

Held = Mapping[str, float | Sequence[float | None]]
"""Gates that are held: whole at a number, or unit by unit, None for a unit that is free."""


class LSTMMemory(LSTMCell):
    """Step 1, slides 36-37: g_t = tanh(W_g [x; h]);  c_t = c_{t-1} + g_t;  h_t = tanh(c_t)."""

    def gates(self, x: Float[Tensor, "B I"], state: State) -> LSTMGates:
        """One step of this stage."""
        h, c = state
        _, _, a_g, _ = self.split_gates(self.from_input(x) + self.from_state(h))
        g = torch.tanh(a_g)
        c = c + g
        h = torch.tanh(c)
        one = torch.ones_like(g)
        return LSTMGates(one, one, g, one, c, h)


class LSTMInput(LSTMCell):
    """Step 2, slide 38: i_t = σ(W_i [x; h] + b_i);  c_t = c_{t-1} + i_t ⊙ g_t."""

    def gates(self, x: Float[Tensor, "B I"], state: State) -> LSTMGates:
        """One step of this stage."""
        h, c = state
        a_i, _, a_g, _ = self.split_gates(self.from_input(x) + self.from_state(h))
        i = torch.sigmoid(a_i)
        g = torch.tanh(a_g)
        c = c + i * g
        h = torch.tanh(c)
        one = torch.ones_like(g)
        return LSTMGates(i, one, g, one, c, h)


class LSTMOutput(LSTMCell):
    """Step 3, slide 39: o_t = σ(W_o [x; h] + b_o);  h_t = o_t ⊙ tanh(c_t)."""

    def gates(self, x: Float[Tensor, "B I"], state: State) -> LSTMGates:
        """One step of this stage."""
        h, c = state
        a_i, _, a_g, a_o = self.split_gates(self.from_input(x) + self.from_state(h))
        i = torch.sigmoid(a_i)
        g = torch.tanh(a_g)
        o = torch.sigmoid(a_o)
        c = c + i * g
        h = o * torch.tanh(c)
        return LSTMGates(i, torch.ones_like(g), g, o, c, h)


class GRUCandidate(GRUCell):
    """Stage 1, slide 44: h_t = tanh(W [x; h]), the plain recurrent cell."""

    def gates(self, x: Float[Tensor, "B I"], state: State) -> GRUGates:
        """One step of this stage."""
        (h,) = state
        W_n, b_n = from_state(self, "n")
        x_n = self.split_gates(self.from_input(x))[-1]
        n = torch.tanh(x_n + nn.functional.linear(h, W_n, b_n))
        one = torch.ones_like(n)
        return GRUGates(one, one, n, n)


class GRUReset(GRUCell):
    """Stage 2, slide 45: r_t = σ(W_r [x; h] + b_r);  h_t = h'_t = tanh(W [x; r_t ⊙ h])."""

    def gates(self, x: Float[Tensor, "B I"], state: State) -> GRUGates:
        """One step of this stage."""
        (h,) = state
        (W_r, b_r), (W_n, b_n) = from_state(self, "r"), from_state(self, "n")
        x_r, _, x_n = self.split_gates(self.from_input(x))
        r = torch.sigmoid(x_r + nn.functional.linear(h, W_r, b_r))
        n = torch.tanh(x_n + nn.functional.linear(r * h, W_n, b_n))
        return GRUGates(r, torch.ones_like(n), n, n)


class GRUTorchSign(GRUCell):
    """The lecture's place for r, inside the matrix product, with PyTorch's sign of z.

        h'_t = tanh(W [x; r_t ⊙ h])        h_t = (1 − z_t) ⊙ h'_t + z_t ⊙ h_{t-1}

    Half-way between the two GRUs: with W_z and b_z negated it is the lecture's.
    """

    def gates(self, x: Float[Tensor, "B I"], state: State) -> GRUGates:
        """One step of this stage."""
        (h,) = state
        r, z, n, _ = self._lecture(x, state)
        h = (1 - z) * n + z * h
        return GRUGates(r, z, n, h)


class HeldLSTM(LSTMCell):
    """The LSTM of slide 40 with some of its gates i, f, o held at a constant."""

    held: Mapping[str, float | Sequence[float | None]] = {}

    def gates(self, x: Float[Tensor, "B I"], state: State) -> LSTMGates:
        """One step of this stage."""
        _, c = state
        i, f, g, o, _, _ = super().gates(x, state)
        i, f, o = (holding(self.held, name, v) for name, v in (("i", i), ("f", f), ("o", o)))
        c = f * c + i * g
        h = o * torch.tanh(c)
        return LSTMGates(i, f, g, o, c, h)


class HeldGRU(GRUCell):
    """The GRU of slide 47 with r or z held at a constant."""

    held: Mapping[str, float | Sequence[float | None]] = {}

    def gates(self, x: Float[Tensor, "B I"], state: State) -> GRUGates:
        """One step of this stage."""
        (h,) = state
        r, z, _, _ = super().gates(x, state)
        r, z = holding(self.held, "r", r), holding(self.held, "z", z)
        W_n, b_n = from_state(self, "n")
        x_n = self.split_gates(self.from_input(x))[-1]
        n = torch.tanh(x_n + nn.functional.linear(r * h, W_n, b_n))
        h = (1 - z) * h + z * n
        return GRUGates(r, z, n, h)


def holding(held: Held, name: str, value: Float[Tensor, "B H"]) -> Float[Tensor, "B H"]:
    """A gate's value, with the constants that it is held at in their units: they send no
    gradient."""
    if name not in held:
        return value
    constants = every_unit(held[name], value.size(-1))
    free = torch.tensor([constant is None for constant in constants])
    numbers = value.new_tensor([0.0 if constant is None else constant for constant in constants])
    return torch.where(free, value, numbers)


def every_unit(held: float | Sequence[float | None], units: int) -> tuple[float | None, ...]:
    """What each unit of a gate is held at; a number holds the whole gate."""
    return (float(held),) * units if isinstance(held, int | float) else tuple(held)


def from_state(cell: Cell, gate: str) -> tuple[Float[Tensor, "H H"], Float[Tensor, " H"] | None]:
    """W_h and b_hh of one gate: its rows of the stacked ones."""
    rows = cell.gate_rows(cell.hidden_size, gate)
    return cell.weight_hh[rows], None if cell.bias_hh is None else cell.bias_hh[rows]


@dataclass(frozen=True)
class Stage:
    """One stage: the slide it is on, its cell, and which of the stacked gates it reads.

    `gates` are the names under which the cell's `gates` returns them, candidate included.
    """

    slide: int
    cell: type[Cell]
    gates: tuple[str, ...]


STAGES: dict[str, dict[str, Stage]] = {
    cell_name(ElmanCell): {"plain": Stage(19, ElmanCell, ("h",))},
    cell_name(LSTMCell): {
        "memory": Stage(36, LSTMMemory, ("g",)),
        "input": Stage(38, LSTMInput, ("i", "g")),
        "output": Stage(39, LSTMOutput, ("i", "g", "o")),
        "forget": Stage(40, LSTMCell, ("i", "f", "g", "o")),
    },
    cell_name(GRUCell): {
        "candidate": Stage(44, GRUCandidate, ("n",)),
        "reset": Stage(45, GRUReset, ("r", "n")),
        "update": Stage(47, GRUCell, ("r", "z", "n")),
    },
}
"""Every stage by cell and name, in the order of the slides."""

FINAL = {kind: list(stages)[-1] for kind, stages in STAGES.items()}
"""The finished cell of each kind."""

HELD: dict[str, type[HeldLSTM] | type[HeldGRU]] = {
    cell_name(LSTMCell): HeldLSTM,
    cell_name(GRUCell): HeldGRU,
}
"""The cells whose gates can be held at a constant."""


def build(
    cell_class: type[Cell],
    kind: str,
    inputs: int,
    hidden: int,
    generator: torch.Generator,
    scale: float,
) -> Cell:
    """A cell in float64 with `torch.nn`'s initial weights times `scale`; no bias for the RNN.

    The slide's Elman cell has none (slide 19).
    """
    cell = cell_class(
        inputs, hidden, bias=kind != PLAIN_CELL, generator=generator, dtype=torch.float64
    )
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.mul_(scale)
    return cell.requires_grad_(False)


def hold(kind: str, cell: Cell, held: Held) -> Cell:
    """The finished cell of `kind` on the numbers of `cell`, with the gates of `held` held."""
    other = HELD[kind](cell.input_size, cell.hidden_size, cell.bias, dtype=cell.weight_ih.dtype)
    other.load_state_dict(cell.state_dict())
    other.held = dict(held)
    return other.requires_grad_(False)


def source(kind: str, stage: str) -> str:
    """The Python source of one step of a stage, read from the module that runs."""
    cell = STAGES[kind][stage].cell
    step = GRUCell._lecture if cell is GRUCell else cell.gates
    return textwrap.dedent(inspect.getsource(step)).rstrip()
