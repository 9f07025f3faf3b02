"""One time step of each recurrent cell: one line per equation, in the lecture's symbols.

Slides 19 (Elman), 40 (LSTM) and 45-47 (GRU), with these conventions throughout:

    x  (B, I)  input x_t            h  (B, H)  hidden state h_t        σ  the logistic function
    W_x        weight_ih            W_h        weight_hh               ⊙  element-wise product

    W [x; h] + b  =  W_x x + b_ih + W_h h + b_hh        (slide 22, with torch's two biases)

Parameters have the names, shapes and gate order of `torch.nn`'s cells, so that numbers can be
carried over: the gates lie stacked in the rows of one matrix (slide 41), for the LSTM in the order
i, f, g, o (the slide has g, i, f, o and leaves the biases out), for the GRU in the order r, z, n.
The slide's own Elman cell has no bias: `bias=False` gives exactly that.

A cell's state is a tuple of tensors that only the cell opens. `gates` computes everything that one
step consists of and `forward` returns part of it, so a picture of the gates shows what really runs.

`CELLS` at the end is the one table of the kinds of cell: how many gates, in which order, which one
keeps the state. Whoever adds a cell writes its class and enters it there with `register`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn

State = tuple[Float[Tensor, "B H"], ...]


class ElmanGates(NamedTuple):
    """a: pre-activation, h: new hidden state."""

    a: Float[Tensor, "B H"]
    h: Float[Tensor, "B H"]


class LSTMGates(NamedTuple):
    """Input, forget, output gate i, f, o; candidate g; cell state c; hidden state h."""

    i: Float[Tensor, "B H"]
    f: Float[Tensor, "B H"]
    g: Float[Tensor, "B H"]
    o: Float[Tensor, "B H"]
    c: Float[Tensor, "B H"]
    h: Float[Tensor, "B H"]


class GRUGates(NamedTuple):
    """Reset gate r, update gate z, candidate n (the slides' h'), hidden state h."""

    r: Float[Tensor, "B H"]
    z: Float[Tensor, "B H"]
    n: Float[Tensor, "B H"]
    h: Float[Tensor, "B H"]


class Cell(nn.Module):
    """What all cells share: the stacked parameters and the zero state.

    A new cell names its gates and states and writes `gates` and `forward`. Its `gates` returns a
    named tuple in which each gate (after its activation) and each new state goes by that name.
    """

    gate_names: ClassVar[tuple[str, ...]] = ("h",)
    """Gates and candidates in the order in which they lie stacked in the rows of the matrices."""
    state_names: ClassVar[tuple[str, ...]] = ("h",)
    """The states that go from step to step; the first one is the output."""
    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor | None
    bias_hh: Tensor | None

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = len(self.gate_names) * hidden_size
        add_weights(self, "", rows, input_size, hidden_size, bias, device, dtype)
        uniform_(self.parameters(), hidden_size, generator)

    def initial_state(self, batch: int) -> State:
        """Zeros for a batch of `batch` sequences: (h,), or (h, c) for the LSTM, each (B, H)."""
        zeros = self.weight_hh.new_zeros(batch, self.hidden_size)
        return (zeros,) * len(self.state_names)

    def gates(self, x: Float[Tensor, "#B I"], state: State) -> Any:
        """Everything that one step from `state` with input x consists of; ends in h."""
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "#B I"], state: State) -> tuple[Float[Tensor, "B H"], State]:
        """One step: input x_t and old state -> output and new state.

        An x of one row goes to all B rows of the state.
        """
        raise NotImplementedError

    @classmethod
    def with_weights(
        cls,
        W_x: Float[Tensor, "R I"],
        W_h: Float[Tensor, "R H"],
        b_x: Float[Tensor, " R"] | None,
        b_h: Float[Tensor, " R"] | None,
        **options: Any,
    ) -> Cell:
        """A cell that computes with these very tensors, so that autograd follows them."""
        cell = cls(W_x.size(1), W_h.size(1), device="meta", **options)
        weights = {"weight_ih": W_x, "weight_hh": W_h, "bias_ih": b_x, "bias_hh": b_h}
        for name, value in weights.items():
            delattr(cell, name)
            setattr(cell, name, value)
        return cell

    @classmethod
    def gate_rows(cls, hidden_size: int, gate: str) -> slice:
        """Where one gate lies in the rows of the stacked matrices and biases."""
        k = cls.gate_names.index(gate)
        return slice(k * hidden_size, (k + 1) * hidden_size)

    @classmethod
    def split_gates(
        cls, stacked: Shaped[Tensor, " ..."], dim: int = -1
    ) -> tuple[Shaped[Tensor, " ..."], ...]:
        """The gates' parts of what lies stacked along `dim`, as views in the order of the rows."""
        return stacked.chunk(len(cls.gate_names), dim)

    def from_input(self, x: Float[Tensor, "#B I"]) -> Float[Tensor, "B rows"]:
        """W_x x (+ b_ih) of all gates, stacked."""
        return nn.functional.linear(x, self.weight_ih, self.bias_ih)

    def from_state(self, h: Float[Tensor, "B H"]) -> Float[Tensor, "B rows"]:
        """W_h h (+ b_hh) of all gates, stacked."""
        return nn.functional.linear(h, self.weight_hh, self.bias_hh)


class ElmanCell(Cell):
    """h_t = tanh(W [x_t; h_{t-1}])  (Elman 1990; slides 19 and 22).

    `nonlinearity="relu"` puts max(0, ·) in tanh's place, as `torch.nn.RNNCell` can.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        **options: Any,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, **options)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
        self.nonlinearity = nonlinearity

    def gates(self, x: Float[Tensor, "#B I"], state: State) -> ElmanGates:
        """The step's equation, slide 22."""
        (h,) = state
        a = self.from_input(x) + self.from_state(h)
        h = torch.tanh(a) if self.nonlinearity == "tanh" else torch.relu(a)
        return ElmanGates(a, h)

    def forward(self, x: Float[Tensor, "#B I"], state: State) -> tuple[Float[Tensor, "B H"], State]:
        """Input x_t, state (h,) -> output h_t, new state (h_t,)."""
        h = self.gates(x, state).h
        return h, (h,)


class LSTMCell(Cell):
    """Long short-term memory with input, output and forget gate (slide 40).

    Hochreiter & Schmidhuber 1997; the forget gate is from Gers, Schmidhuber & Cummins 2000.
    """

    gate_names = ("i", "f", "g", "o")
    state_names = ("h", "c")

    def gates(self, x: Float[Tensor, "#B I"], state: State) -> LSTMGates:
        """The step's equations, slide 40."""
        h, c = state
        a_i, a_f, a_g, a_o = self.split_gates(self.from_input(x) + self.from_state(h))
        i = torch.sigmoid(a_i)
        f = torch.sigmoid(a_f)
        g = torch.tanh(a_g)
        o = torch.sigmoid(a_o)
        c = f * c + i * g
        h = o * torch.tanh(c)
        return LSTMGates(i, f, g, o, c, h)

    def forward(self, x: Float[Tensor, "#B I"], state: State) -> tuple[Float[Tensor, "B H"], State]:
        """Input x_t, state (h, c) -> output h_t, new state (h_t, c_t)."""
        step = self.gates(x, state)
        return step.h, (step.h, step.c)


class GRUCell(Cell):
    """Gated recurrent unit in the lecture's form (slides 45-47; Cho et al. and Chung et al. 2014).

        h'_t = tanh(W [x_t; r_t ⊙ h_{t-1}])        h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h'_t

    `reset_after=True` is PyTorch's form, which differs in two ways: z and 1 − z change places (the
    sign of Cho et al.), and r is applied *after* the matrix product, where it does not commute:

        h'_t = tanh(W_x x_t + r_t ⊙ (W_h h_{t-1}))  h_t = (1 − z_t) ⊙ h'_t + z_t ⊙ h_{t-1}
    """

    gate_names = ("r", "z", "n")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        reset_after: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, **options)
        self.reset_after = reset_after

    def gates(self, x: Float[Tensor, "#B I"], state: State) -> GRUGates:
        """The step's equations in the form that was asked for."""
        return self._reset_after(x, state) if self.reset_after else self._lecture(x, state)

    def _lecture(self, x: Float[Tensor, "#B I"], state: State) -> GRUGates:
        (h,) = state
        H = self.hidden_size
        x_rz, x_n = self.from_input(x).split([2 * H, H], dim=-1)
        W_rz, W_n = self.weight_hh.split([2 * H, H])
        b_rz, b_n = (None, None) if self.bias_hh is None else self.bias_hh.split([2 * H, H])
        r, z = torch.sigmoid(x_rz + nn.functional.linear(h, W_rz, b_rz)).chunk(2, dim=-1)
        n = torch.tanh(x_n + nn.functional.linear(r * h, W_n, b_n))
        h = (1 - z) * h + z * n
        return GRUGates(r, z, n, h)

    def _reset_after(self, x: Float[Tensor, "#B I"], state: State) -> GRUGates:
        (h,) = state
        x_r, x_z, x_n = self.split_gates(self.from_input(x))
        h_r, h_z, h_n = self.split_gates(self.from_state(h))
        r = torch.sigmoid(x_r + h_r)
        z = torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + r * h_n)
        h = (1 - z) * n + z * h
        return GRUGates(r, z, n, h)

    def forward(self, x: Float[Tensor, "#B I"], state: State) -> tuple[Float[Tensor, "B H"], State]:
        """Input x_t, state (h,) -> output h_t, new state (h_t,)."""
        h = self.gates(x, state).h
        return h, (h,)


def add_weights(
    module: nn.Module,
    suffix: str,
    rows: int,
    input_size: int,
    hidden_size: int,
    bias: bool,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
) -> None:
    """Gives `module` W_x, W_h and both biases under `torch.nn`'s names, not yet filled; the biases
    are None without `bias`."""
    shapes: dict[str, tuple[int, ...] | None] = {
        "weight_ih": (rows, input_size),
        "weight_hh": (rows, hidden_size),
        "bias_ih": (rows,) if bias else None,
        "bias_hh": (rows,) if bias else None,
    }
    for name, shape in shapes.items():
        value = None if shape is None else torch.empty(shape, device=device, dtype=dtype)
        module.register_parameter(name + suffix, None if value is None else nn.Parameter(value))


@torch.no_grad()
def uniform_(
    parameters: Iterable[Float[Tensor, " ..."]], hidden_size: int, generator: torch.Generator | None
) -> None:
    """`torch.nn`'s initialisation, U(−1/√H, 1/√H), drawn from the generator that is handed in.

    Parameters on the meta device have no numbers, so none are drawn.
    """
    bound = 1 / math.sqrt(hidden_size) if hidden_size > 0 else 0
    for parameter in parameters:
        if not parameter.is_meta:
            parameter.uniform_(-bound, bound, generator=generator)


@dataclass(frozen=True)
class CellSpec:
    """All that the rest of the house knows about one kind of cell. ValueError for unknown gates.

    Args:
        cell: its class, which names gates and states.
        sigmoids: the gates that are σ(a), between 0 and 1; all others are tanh(a).
        keep_gate: the gate that decides how much of the old state stays; None if there is none.
        keep_sign: 1 where that gate at 1 keeps the state, −1 where it is the gate at 0.
        write_gate: the gate that lets the new input in, if that is not the keeping gate again.
        torch_layer: `torch.nn`'s layer of the same equations, or with options of the same.
        layer: the layer over whole sequences; None for the general `stacking.Recurrent`.
        sequence: all steps with a backward pass written by hand, (x, *states, W_x, W_h, b, *probes)
            -> states; None lets the plain cell run step by step under autograd.
        sampling_step: one step for one stream as fast as a CPU can; None lets the plain cell run.

    The last three stand in higher rooms, which enter them with `extend`.
    """

    cell: type[Cell]
    sigmoids: tuple[str, ...] = ()
    keep_gate: str | None = None
    keep_sign: int = 1
    write_gate: str | None = None
    torch_layer: Callable[..., nn.RNNBase] | None = None
    layer: Callable[..., Any] | None = None
    sequence: Callable[..., Any] | None = None
    sampling_step: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        named = {*self.sigmoids, *filter(None, (self.keep_gate, self.write_gate))}
        if not named <= {*self.gates}:
            raise ValueError(f"{self.cell.__name__} has no gates {sorted(named - {*self.gates})}")

    @property
    def gates(self) -> tuple[str, ...]:
        """Names of gates and candidates in the order of the stacked rows."""
        return self.cell.gate_names

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states that go from step to step; the first is the output."""
        return self.cell.state_names

    def parameters(self, input_size: int, hidden_size: int) -> int:
        """Weights and biases of one layer: gates · H · (I + H + 2)."""
        return len(self.gates) * hidden_size * (input_size + hidden_size + 2)


PLAIN_CELL, DEFAULT_CELL = "rnn", "lstm"
"""The cell without gates that all others are compared with, and the one that is taken if nobody
says which."""

CELLS: dict[str, CellSpec] = {
    PLAIN_CELL: CellSpec(ElmanCell, torch_layer=nn.RNN),
    DEFAULT_CELL: CellSpec(
        LSTMCell,
        sigmoids=("i", "f", "o"),
        keep_gate="f",  # c_t = f ⊙ c_{t-1} + … (slide 40)
        write_gate="i",
        torch_layer=nn.LSTM,
    ),
    "gru": CellSpec(
        GRUCell,
        sigmoids=("r", "z"),
        keep_gate="z",  # h_t = (1 − z) ⊙ h_{t-1} + … (slide 47)
        keep_sign=-1,
        torch_layer=nn.GRU,
    ),
}
"""Every kind of cell by the name that recipes, files and links have for it."""


def register(name: str, spec: CellSpec) -> None:
    """Enters a new kind of cell. ValueError for a name or a class that is there already."""
    if name in CELLS or any(spec.cell is known.cell for known in CELLS.values()):
        raise ValueError(f"there is a cell {name!r} or of class {spec.cell.__name__} already")
    CELLS[name] = spec


def extend(cell: type[Cell], **parts: Callable[..., Any]) -> None:
    """Enters what a higher room has for a cell: `layer`, `sequence` or `sampling_step`.

    ValueError for a part that is there already.
    """
    name = cell_name(cell)
    if taken := [part for part in parts if getattr(CELLS[name], part) is not None]:
        raise ValueError(f"the cell {name!r} has {', '.join(taken)} already")
    CELLS[name] = replace(CELLS[name], **parts)  # type: ignore[arg-type]


def cell_name(cell: type[Cell]) -> str:
    """The name in `CELLS` of a cell's class; KeyError for one that is not registered."""
    for name, spec in CELLS.items():
        if spec.cell is cell:
            return name
    raise KeyError(f"{cell.__name__} is not registered in CELLS")
