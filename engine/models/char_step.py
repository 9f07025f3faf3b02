"""One step of a character model for one stream, as fast as a CPU can write.

The equations are those of `cells`, arranged for a single row: W_x times a one-hot input is a column
of W_x, so the lowest layer looks its input up in a table; above it the state below and the layer's
own stand side by side in one buffer, so that a layer is one matrix product (two for the GRU, whose
candidate needs r first). Rows are sorted so that everything under one σ lies together.

With `int8` the products run on weights rounded to bytes, with one scale per row; activations are
rounded anew at every step (torch's dynamic quantisation).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from torch import Tensor

from engine.models.char_model import CharModel

Product = Callable[[Tensor], Tensor]


def product(W: Tensor, b: Tensor | None, int8: bool) -> Product:
    """x (N,) -> W x + b (M,) with W (M, N), as one call; `int8` rounds W to bytes first.

    In float32 the result is one buffer that the next call overwrites.
    """
    bias = W.new_zeros(W.size(0)) if b is None else b
    if not int8:
        out, whole = torch.empty_like(bias), W.contiguous()
        return lambda x: torch.addmv(bias, whole, x, out=out)
    scale = (W.abs().amax(1) / 127).clamp_min(1e-8).double()
    zeros = torch.zeros(len(scale), dtype=torch.int64)
    with warnings.catch_warnings(action="ignore"):  # of the call's age, once per process
        rounded = torch.quantize_per_channel(W, scale, zeros, 0, torch.qint8)
    packed = torch.ops.quantized.linear_prepack(rounded, bias)
    dynamic = torch.ops.quantized.linear_dynamic
    return lambda x: dynamic(x.unsqueeze(0), packed, True)[0]


class Layer:
    """One layer's step. `below` is a character's number in the lowest layer (its column of W_x is
    looked up), else the state below. Holds weights only; states are the caller's."""

    def __init__(self, model: CharModel, layer: int, int8: bool) -> None:
        W_x, W_h, b_x, b_h = model.recurrent.weights(layer)
        assert b_x is not None
        assert b_h is not None
        self.hidden, self.lowest = model.recurrent.hidden_size, layer == 0
        order = self.rows(torch.arange(len(W_x)))
        W_x, W_h, b = W_x[order], W_h[order], (b_x + b_h)[order]
        if self.lowest:
            self.table, b_own = (W_x.t() + b).contiguous(), None
        else:
            self.table, b_own = None, b
        self.prepare(W_x, W_h, b_own, int8)

    def rows(self, all_rows: Tensor) -> Tensor:
        """The order in which the rows of W are kept."""
        return all_rows

    def prepare(self, W_x: Tensor, W_h: Tensor, b: Tensor | None, int8: bool) -> None:
        whole = W_h if self.lowest else torch.cat([W_x, W_h], 1)
        self.product = product(whole, b, int8)

    def sums(self, below: int | Tensor, h: Tensor) -> Tensor:
        """W [x; h] + b, all rows."""
        if self.table is not None:
            return self.product(h).add_(self.table[below])
        assert isinstance(below, Tensor)
        return self.product(torch.cat([below, h]))

    def step(self, below: int | Tensor, states: list[Tensor]) -> Tensor:
        """Changes `states` (h, and c) in place and returns h."""
        raise NotImplementedError


class ElmanLayer(Layer):
    """h = tanh(W_x x + W_h h + b) (slide 22)."""

    def step(self, below: int | Tensor, states: list[Tensor]) -> Tensor:
        (h,) = states
        return torch.tanh(self.sums(below, h), out=h)


class LSTMLayer(Layer):
    """c = f ⊙ c + i ⊙ g, h = o ⊙ tanh(c) (slide 40); rows in the order i, f, o, g."""

    def rows(self, all_rows: Tensor) -> Tensor:
        i, f, g, o = all_rows.chunk(4)
        return torch.cat([i, f, o, g])

    def step(self, below: int | Tensor, states: list[Tensor]) -> Tensor:
        h, c = states
        a, H = self.sums(below, h), self.hidden
        i, f, o = a[: 3 * H].sigmoid_().view(3, H)
        g = a[3 * H :].tanh_()
        c.mul_(f).addcmul_(i, g)
        return torch.mul(o, c.tanh(), out=h)


class GRULayer(Layer):
    """h = (1 − z) ⊙ h + z ⊙ tanh(W_x x + W_h (r ⊙ h) + b) (slide 47): r stands inside."""

    def prepare(self, W_x: Tensor, W_h: Tensor, b: Tensor | None, int8: bool) -> None:
        H, parts = self.hidden, (W_h,) if self.lowest else (W_x, W_h)
        gates = torch.cat([part[: 2 * H] for part in parts], 1)
        candidate = torch.cat([part[2 * H :] for part in parts], 1)
        self.product = product(gates, None if b is None else b[: 2 * H], int8)
        self.candidate = product(candidate, None if b is None else b[2 * H :], int8)

    def step(self, below: int | Tensor, states: list[Tensor]) -> Tensor:
        (h,), H = states, self.hidden
        if self.table is not None:
            column = self.table[below]
            r, z = self.product(h).add_(column[: 2 * H]).sigmoid_().view(2, H)
            n = self.candidate(r * h).add_(column[2 * H :]).tanh_()
        else:
            assert isinstance(below, Tensor)
            r, z = self.product(torch.cat([below, h])).sigmoid_().view(2, H)
            n = self.candidate(torch.cat([below, r * h])).tanh_()
        return torch.lerp(h, n, z, out=h)


_LAYERS = {"RNN": ElmanLayer, "LSTM": LSTMLayer, "GRU": GRULayer}
State = list[list[Tensor]]


class Stepper:
    """A character model for one stream: `logits = stepper.step(token, state)`.

    Each thread needs its own (its buffers are overwritten at every step); making one copies the
    weights, some milliseconds. The state is the caller's.
    """

    def __init__(self, model: CharModel, int8: bool = False) -> None:
        r = model.recurrent
        kind = _LAYERS[type(r).__name__]
        with torch.no_grad():
            self._layers = [kind(model, layer, int8) for layer in range(r.num_layers)]
            self._output = product(model.output.weight, model.output.bias, int8)
        self._shape = (r.num_layers, r.cell_class.state_count, r.hidden_size)

    def start(self) -> State:
        """Zeros, one list of states (h; or h and c) per layer."""
        layers, count, hidden = self._shape
        return [[torch.zeros(hidden) for _ in range(count)] for _ in range(layers)]

    @torch.inference_mode()
    def step(self, token: int, state: State) -> Tensor:
        """Logits (V,) of what follows `token`; valid until the next step."""
        below: int | Tensor = token
        for layer, states in zip(self._layers, state, strict=True):
            below = layer.step(below, states)
        assert isinstance(below, Tensor)
        return self._output(below)
