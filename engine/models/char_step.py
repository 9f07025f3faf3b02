"""One step of a character model for one stream, as fast as a CPU can write.

The equations are those of `cells`, arranged for a single row: W_x times a one-hot input is a column
of W_x, so the lowest layer looks its input up in a table of biases; above it the state below and
the layer's own lie side by side in memory, so that a layer is one matrix product (two for the GRU,
whose candidate needs r first). Rows under a tanh are kept scaled, tanh(a) = 2σ(2a) − 1 =
1 − 2σ(−2a) (slide 20), and so one σ serves a whole layer.

With `int8` the recurrent products run on weights rounded to bytes, with one scale per row;
activations are rounded anew at every step (torch's dynamic quantisation).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from engine.bptt.gru import rz_and_n
from engine.bptt.sequence import MINUS_ONE, sigmoid_to_tanh_
from engine.cells import ElmanCell, GRUCell, LSTMCell, extend
from engine.models.char_model import CharModel

Product = Callable[[Float[Tensor, "1 N"], Float[Tensor, " M"]], Float[Tensor, "1 M"]]
"""(x, b) -> W x + b."""

LARGE = 2**18
"""Numbers of a matrix from which on it is worth being spread over threads."""


class LayerState(NamedTuple):
    """One layer's states, h first, and what its product reads: h, above the lowest layer together
    with the h below. The two lie side by side, so `read` is a view of them."""

    states: tuple[Float[Tensor, "1 H"], ...]
    read: Float[Tensor, "1 N"]


State = list[LayerState]


def product(W: Float[Tensor, "M N"], out: Float[Tensor, "1 M"], int8: bool) -> Product:
    """(x, b) -> out = W x + b; `int8` rounds W to bytes first.

    Several threads share the products of a large W where oneDNN has it in its own layout; one
    thread is a quarter faster without.
    """
    W = W.contiguous()
    shared = torch.get_num_threads() > 1 and torch.backends.mkldnn.is_available()
    if int8:
        linear = _int8_linear(W)
        return lambda x, b: torch.add(linear(x), b, out=out)
    if shared and W.numel() >= LARGE:
        multiply = torch.ops.mkldnn._linear_pointwise.default
        packed = torch.ops.mkldnn._reorder_linear_weight(W, 1)
        return lambda x, b: out.copy_(multiply(x, packed, b, "none", [], ""))
    W_T = W.t()
    return lambda x, b: torch.addmm(b, x, W_T, out=out)


def _int8_linear(W: Float[Tensor, "M N"]) -> Callable[[Float[Tensor, "1 N"]], Tensor]:
    """x -> W x with W rounded to bytes."""
    scale = (W.abs().amax(1) / 127).clamp_min(1e-8).double()
    zeros = torch.zeros(len(scale), dtype=torch.int64)
    with warnings.catch_warnings(action="ignore"):  # of the call's age, once per process
        rounded = torch.quantize_per_channel(W, scale, zeros, 0, torch.qint8)
    packed = torch.ops.quantized.linear_prepack(rounded, None)
    dynamic = torch.ops.quantized.linear_dynamic.default
    return lambda x: dynamic(x, packed, True)


class Layer:
    """One layer's step. Holds weights and buffers; the states are the caller's."""

    tanh_gate, tanh_scale = "h", 2.0
    """The gate that is a tanh, and what its rows are multiplied with."""

    def __init__(self, model: CharModel, layer: int, int8: bool) -> None:
        W_x, W_h, b_x, b_h = model.recurrent.weights(layer)
        assert b_x is not None
        assert b_h is not None
        cell_class, lowest, hidden = model.recurrent.cell_class, layer == 0, W_h.size(1)
        W = torch.cat([W_x, W_h, (b_x + b_h).unsqueeze(1)], 1)
        W[cell_class.gate_rows(hidden, self.tanh_gate)].mul_(self.tanh_scale)
        W_x, W_h, b = W.split([W_x.size(1), hidden, 1], 1)
        biases = (W_x + b if lowest else b).t().contiguous()
        self.out = W.new_empty(1, len(W))
        self.gates = cell_class.split_gates(self.out)
        self.prepare(W_h if lowest else torch.cat([W_x, W_h], 1), biases, int8)

    def prepare(self, W: Float[Tensor, "R N"], biases: Float[Tensor, "V R"], int8: bool) -> None:
        """Keeps W and b: one for each of V characters in the lowest layer, else one for all."""
        self.biases = biases.unbind(0)
        self.product = product(W, self.out[:, : len(W)], int8)

    def step(self, number: int, state: LayerState) -> None:
        """Takes the states to the next step, in place; `number` is that of b."""
        raise NotImplementedError


class ElmanLayer(Layer):
    """h = tanh(W_x x + W_h h + b) (slide 22)."""

    def step(self, number: int, state: LayerState) -> None:
        """One step; changes h in place."""
        (h,) = state.states
        self.product(state.read, self.biases[number])
        torch.add(MINUS_ONE, self.out.sigmoid_(), alpha=2, out=h)


MINUS_TWO = torch.tensor(-2.0)


class LSTMLayer(Layer):
    """c = f ⊙ c + i ⊙ g, h = o ⊙ tanh(c) (slide 40); as in `bptt.lstm`, with s = σ(−2a_g) and
    u = σ(−2c), i ⊙ g = i − 2 i s and h = o − 2 o u."""

    tanh_gate, tanh_scale = "g", -2.0

    def step(self, number: int, state: LayerState) -> None:
        """One step; changes h and c in place."""
        h, c = state.states
        i, f, s, o = self.gates
        self.product(state.read, self.biases[number]).sigmoid_()
        torch.addcmul(torch.addcmul(i, i, s, value=-2, out=s), f, c, out=c)
        u = torch.mul(c, MINUS_TWO, out=i).sigmoid_()
        torch.addcmul(o, o, u, value=-2, out=h)


class GRULayer(Layer):
    """h = (1 − z) ⊙ h + z ⊙ tanh(W_x x + W_h (r ⊙ h) + b) (slide 47): r stands inside."""

    tanh_gate = "n"

    def prepare(self, W: Float[Tensor, "R N"], biases: Float[Tensor, "V R"], int8: bool) -> None:
        """Keeps the rows of r and z apart from the candidate's, which needs r first."""
        (W_rz, W_n), (b_rz, b_n) = rz_and_n(W, 0), rz_and_n(biases)
        super().prepare(W_rz, b_rz.contiguous(), int8)
        self.candidate_biases = b_n.contiguous().unbind(0)
        self.candidate = product(W_n, self.gates[2], int8)

    def step(self, number: int, state: LayerState) -> None:
        """One step; changes h in place."""
        (h,) = state.states
        r, z, n = self.gates
        self.product(state.read, self.biases[number]).sigmoid_()
        below, q = state.read[:, : -h.size(1)], r.mul_(h)
        q = torch.cat([below, q], 1) if below.size(1) else q
        self.candidate(q, self.candidate_biases[number])
        h.lerp_(sigmoid_to_tanh_(n.sigmoid_()), z)


class CellLayer:
    """The plain cell's step in float32, for cells that have no faster one."""

    def __init__(self, model: CharModel, layer: int, _int8: bool) -> None:
        self.cell, self.lowest = model.recurrent.cell(layer), layer == 0
        self.vocabulary = model.vocabulary

    def step(self, number: int, state: LayerState) -> None:
        """Takes the states to the next step, in place; `number` is the lowest layer's character."""
        h = state.states[0]
        x = state.read[:, : -h.size(1)]
        if self.lowest:
            x = h.new_zeros(1, self.vocabulary)
            x[0, number] = 1
        _, new_states = self.cell(x, state.states)
        for old, new in zip(state.states, new_states, strict=True):
            old.copy_(new)


extend(ElmanCell, sampling_step=ElmanLayer)
extend(LSTMCell, sampling_step=LSTMLayer)
extend(GRUCell, sampling_step=GRULayer)


class Stepper:
    """A character model for one stream: `logits = stepper.step(token, state)`.

    Each thread needs its own (its buffers are overwritten at every step); making one copies the
    weights, some milliseconds. The state is the caller's.
    """

    def __init__(self, model: CharModel, int8: bool = False) -> None:
        r = model.recurrent
        step = r.spec.sampling_step or CellLayer
        with torch.no_grad():
            self._layers = [step(model, layer, int8) for layer in range(r.num_layers)]
            self._bias = model.output.bias.detach()
            out = torch.empty(1, model.vocabulary)
            self._output = product(model.output.weight, out, int8=False)
        self._shape = (r.num_layers, len(r.spec.states), r.hidden_size)

    def start(self) -> State:
        """Zeros: the states of each layer, lowest first."""
        layers, count, hidden = self._shape
        h = torch.zeros(1, layers * hidden)
        return [
            LayerState(
                (own, *(torch.zeros_like(own) for _ in range(count - 1))),
                h[:, max(0, k - 1) * hidden : (k + 1) * hidden],
            )
            for k, own in enumerate(h.split(hidden, 1))
        ]

    @torch.inference_mode()
    def step(self, token: int, state: State) -> Float[Tensor, " V"]:
        """Logits of what follows `token`; valid until the next step."""
        number = token
        for layer, own in zip(self._layers, state, strict=True):
            layer.step(number, own)
            number = 0  # above the lowest layer there is one b
        return self._output(state[-1].states[0], self._bias)[0]
