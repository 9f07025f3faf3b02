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
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]


class ElmanGates(NamedTuple):
    """a: pre-activation, h: new hidden state; each (B, H)."""

    a: Tensor
    h: Tensor


class LSTMGates(NamedTuple):
    """Input, forget, output gate i, f, o; candidate g; cell state c; state h; each (B, H)."""

    i: Tensor
    f: Tensor
    g: Tensor
    o: Tensor
    c: Tensor
    h: Tensor


class GRUGates(NamedTuple):
    """Reset gate r, update gate z, candidate n (the slides' h'), hidden state h; each (B, H)."""

    r: Tensor
    z: Tensor
    n: Tensor
    h: Tensor


class Cell(nn.Module):
    """What the three cells share: the stacked parameters and the zero state."""

    gate_count = 1
    state_count = 1
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
        rows = self.gate_count * hidden_size
        shapes: dict[str, tuple[int, ...]] = {
            "weight_ih": (rows, input_size),
            "weight_hh": (rows, hidden_size),
        }
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if bias else {}
        for name, shape in shapes.items():
            self.register_parameter(
                name, nn.Parameter(torch.empty(shape, device=device, dtype=dtype))
            )
        if not bias:
            self.register_parameter("bias_ih", None)
            self.register_parameter("bias_hh", None)
        uniform_(self.parameters(), hidden_size, generator)

    def initial_state(self, batch: int) -> State:
        """Zeros for a batch of `batch` sequences: (h,), or (h, c) for the LSTM, each (B, H)."""
        zeros = self.weight_hh.new_zeros(batch, self.hidden_size)
        return (zeros,) * self.state_count

    def gates(self, x: Tensor, state: State) -> Any:
        """Everything that one step from `state` with input x (B, I) consists of; ends in h."""
        raise NotImplementedError

    def from_input(self, x: Tensor) -> Tensor:
        """W_x x (+ b_ih): (B, I) -> (B, gates·H)."""
        return nn.functional.linear(x, self.weight_ih, self.bias_ih)

    def from_state(self, h: Tensor) -> Tensor:
        """W_h h (+ b_hh): (B, H) -> (B, gates·H)."""
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
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(
            input_size, hidden_size, bias, generator=generator, device=device, dtype=dtype
        )
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
        self.nonlinearity = nonlinearity

    def gates(self, x: Tensor, state: State) -> ElmanGates:
        (h,) = state
        a = self.from_input(x) + self.from_state(h)
        h = torch.tanh(a) if self.nonlinearity == "tanh" else torch.relu(a)
        return ElmanGates(a, h)

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """x (B, I), state (h,) -> output h_t (B, H), new state (h_t,)."""
        h = self.gates(x, state).h
        return h, (h,)


class LSTMCell(Cell):
    """Long short-term memory with input, output and forget gate (slide 40).

    Hochreiter & Schmidhuber 1997; the forget gate is from Gers, Schmidhuber & Cummins 2000.
    """

    gate_count = 4
    state_count = 2

    def gates(self, x: Tensor, state: State) -> LSTMGates:
        h, c = state
        a_i, a_f, a_g, a_o = (self.from_input(x) + self.from_state(h)).chunk(4, dim=-1)
        i = torch.sigmoid(a_i)
        f = torch.sigmoid(a_f)
        g = torch.tanh(a_g)
        o = torch.sigmoid(a_o)
        c = f * c + i * g
        h = o * torch.tanh(c)
        return LSTMGates(i, f, g, o, c, h)

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """x (B, I), state (h, c) -> output h_t (B, H), new state (h_t, c_t)."""
        step = self.gates(x, state)
        return step.h, (step.h, step.c)


class GRUCell(Cell):
    """Gated recurrent unit in the lecture's form (slides 45-47; Cho et al. and Chung et al. 2014).

        h'_t = tanh(W [x_t; r_t ⊙ h_{t-1}])        h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h'_t

    `reset_after=True` is PyTorch's form, which differs in two ways: z and 1 − z change places (the
    sign of Cho et al.), and r is applied *after* the matrix product, where it does not commute:

        h'_t = tanh(W_x x_t + r_t ⊙ (W_h h_{t-1}))  h_t = (1 − z_t) ⊙ h'_t + z_t ⊙ h_{t-1}
    """

    gate_count = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        reset_after: bool = False,
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(
            input_size, hidden_size, bias, generator=generator, device=device, dtype=dtype
        )
        self.reset_after = reset_after

    def gates(self, x: Tensor, state: State) -> GRUGates:
        return self._reset_after(x, state) if self.reset_after else self._lecture(x, state)

    def _lecture(self, x: Tensor, state: State) -> GRUGates:
        (h,) = state
        H = self.hidden_size
        x_rz, x_n = self.from_input(x).split([2 * H, H], dim=-1)
        W_rz, W_n = self.weight_hh.split([2 * H, H])
        b_rz, b_n = (None, None) if self.bias_hh is None else self.bias_hh.split([2 * H, H])
        r, z = torch.sigmoid(x_rz + nn.functional.linear(h, W_rz, b_rz)).chunk(2, dim=-1)
        n = torch.tanh(x_n + nn.functional.linear(r * h, W_n, b_n))
        h = (1 - z) * h + z * n
        return GRUGates(r, z, n, h)

    def _reset_after(self, x: Tensor, state: State) -> GRUGates:
        (h,) = state
        x_r, x_z, x_n = self.from_input(x).chunk(3, dim=-1)
        h_r, h_z, h_n = self.from_state(h).chunk(3, dim=-1)
        r = torch.sigmoid(x_r + h_r)
        z = torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + r * h_n)
        h = (1 - z) * n + z * h
        return GRUGates(r, z, n, h)

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """x (B, I), state (h,) -> output h_t (B, H), new state (h_t,)."""
        h = self.gates(x, state).h
        return h, (h,)


@torch.no_grad()
def uniform_(
    parameters: Iterable[Tensor], hidden_size: int, generator: torch.Generator | None
) -> None:
    """`torch.nn`'s initialisation, U(−1/√H, 1/√H), drawn from the generator that is handed in."""
    bound = 1 / math.sqrt(hidden_size) if hidden_size > 0 else 0
    for parameter in parameters:
        parameter.uniform_(-bound, bound, generator=generator)
