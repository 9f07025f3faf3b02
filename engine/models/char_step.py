"""One step of a character model for one stream, as fast as a CPU can write.

The equations are those of `cells`, arranged for a single row: W_x times a one-hot input is a column
of W_x, so the lowest layer looks its input up in a table; above it the state below and the layer's
own stand side by side in one buffer, so that a layer is one matrix product (two for the GRU, whose
candidate needs r first). Rows under a tanh are kept doubled: tanh(a) = 2σ(2a) − 1 (slide 20), and
so one σ serves a whole layer.

With `int8` the recurrent products run on weights rounded to bytes, with one scale per row;
activations are rounded anew at every step (torch's dynamic quantisation).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from engine.bptt.gru import rz_and_n
from engine.bptt.sequence import sigmoid_to_tanh_
from engine.cells import ElmanCell, GRUCell, LSTMCell, extend
from engine.models.char_model import CharModel

Product = Callable[[Float[Tensor, " N"], Float[Tensor, " M"]], Float[Tensor, " M"]]
"""(x, b) -> W x + b."""
States = list[Float[Tensor, " H"]]
"""One layer's states: h, for the LSTM c too."""

LARGE = 2**18
"""Numbers of a matrix from which on it is worth being spread over threads."""


def product(W: Float[Tensor, "M N"], out: Float[Tensor, " M"], int8: bool) -> Product:
    """(x, b) -> out = W x + b; `int8` rounds W to bytes first.

    A large W is kept in oneDNN's layout where there is oneDNN: all threads share its products,
    which `addmv` leaves to one.
    """
    W = W.contiguous()
    if int8:
        linear = _int8_linear(W)
    elif W.numel() >= LARGE and torch.backends.mkldnn.is_available():
        linear = _onednn_linear(W)
    else:
        return lambda x, b: torch.addmv(b, W, x, out=out)
    return lambda x, b: torch.add(b, linear(x.unsqueeze(0))[0], out=out)


Linear = Callable[[Float[Tensor, "1 N"]], Float[Tensor, "1 M"]]


def _onednn_linear(W: Float[Tensor, "M N"]) -> Linear:
    """x -> W x, in float32 on all threads."""
    linear = torch.ops.mkldnn._linear_pointwise
    packed = torch.ops.mkldnn._reorder_linear_weight(W, 1)
    return lambda x: linear(x, packed, None, "none", [], "")


def _int8_linear(W: Float[Tensor, "M N"]) -> Linear:
    """x -> W x with W rounded to bytes."""
    scale = (W.abs().amax(1) / 127).clamp_min(1e-8).double()
    zeros = torch.zeros(len(scale), dtype=torch.int64)
    with warnings.catch_warnings(action="ignore"):  # of the call's age, once per process
        rounded = torch.quantize_per_channel(W, scale, zeros, 0, torch.qint8)
    packed = torch.ops.quantized.linear_prepack(rounded, None)
    dynamic = torch.ops.quantized.linear_dynamic
    return lambda x: dynamic(x, packed, True)


class Layer:
    """One layer's step. `below` is a character's number in the lowest layer (its column of W_x is
    looked up), else the state below. Holds weights and buffers; states are the caller's."""

    tanh_gate = "h"
    """The gate that is a tanh."""

    def __init__(self, model: CharModel, layer: int, int8: bool) -> None:
        W_x, W_h, b_x, b_h = model.recurrent.weights(layer)
        assert b_x is not None
        assert b_h is not None
        self.cell_class = model.recurrent.cell_class
        self.hidden, self.lowest, self.int8 = model.recurrent.hidden_size, layer == 0, int8
        W = torch.cat([W_x, W_h, (b_x + b_h).unsqueeze(1)], 1)
        W[self.cell_class.gate_rows(self.hidden, self.tanh_gate)].mul_(2)
        W_x, W_h, b = W.split([W_x.size(1), self.hidden, 1], 1)
        biases = W_x + b if self.lowest else b
        self.out, self.read = W.new_empty(len(W)), W.new_empty(2 * self.hidden)
        self.gates = self.cell_class.split_gates(self.out)
        self.prepare(W_h if self.lowest else torch.cat([W_x, W_h], 1), biases.t().contiguous())

    def prepare(self, W: Float[Tensor, "R N"], biases: Float[Tensor, "V R"]) -> None:
        """Keeps W and, for each of V characters in the lowest layer or for all, b."""
        self.biases = biases.unbind(0)
        self.product = product(W, self.out[: len(W)], self.int8)

    def sums(self, below: int | Float[Tensor, " H"], h: Float[Tensor, " H"]) -> Float[Tensor, " R"]:
        """W [x; h] + b, all rows, in `out`."""
        if isinstance(below, int):
            return self.product(h, self.biases[below])
        return self.product(torch.cat([below, h], out=self.read), self.biases[0])

    def step(self, below: int | Float[Tensor, " H"], states: States) -> Float[Tensor, " H"]:
        """Changes `states` (h, and c) in place and returns h."""
        raise NotImplementedError


class ElmanLayer(Layer):
    """h = tanh(W_x x + W_h h + b) (slide 22)."""

    def step(self, below: int | Float[Tensor, " H"], states: States) -> Float[Tensor, " H"]:
        """One step; changes h in place and returns it."""
        (h,) = states
        return sigmoid_to_tanh_(torch.sigmoid(self.sums(below, h), out=h))


class LSTMLayer(Layer):
    """c = f ⊙ c + i ⊙ g, h = o ⊙ tanh(c) (slide 40), with i ⊙ g = 2 i ⊙ σ(2a_g) − i."""

    tanh_gate = "g"

    def step(self, below: int | Float[Tensor, " H"], states: States) -> Float[Tensor, " H"]:
        """One step; changes h and c in place and returns h."""
        h, c = states
        i, f, g, o = self.gates
        self.sums(below, h).sigmoid_()
        c.mul_(f).addcmul_(i, g, value=2).sub_(i)
        sigmoid_to_tanh_(torch.add(c, c, out=h).sigmoid_())
        return h.mul_(o)


class GRULayer(Layer):
    """h = (1 − z) ⊙ h + z ⊙ tanh(W_x x + W_h (r ⊙ h) + b) (slide 47): r stands inside."""

    tanh_gate = "n"

    def prepare(self, W: Float[Tensor, "R N"], biases: Float[Tensor, "V R"]) -> None:
        """Keeps the rows of r and z apart from the candidate's, which needs r first."""
        (W_rz, W_n), (b_rz, b_n) = rz_and_n(W, 0), rz_and_n(biases)
        super().prepare(W_rz, b_rz.contiguous())
        self.candidate_biases = b_n.contiguous().unbind(0)
        self.candidate = product(W_n, self.gates[2], self.int8)

    def step(self, below: int | Float[Tensor, " H"], states: States) -> Float[Tensor, " H"]:
        """One step; changes h in place and returns it."""
        (h,) = states
        r, z, n = self.gates
        self.sums(below, h).sigmoid_()
        r.mul_(h)
        if isinstance(below, int):
            self.candidate(r, self.candidate_biases[below])
        else:
            self.candidate(torch.cat([below, r], out=self.read), self.candidate_biases[0])
        return h.lerp_(sigmoid_to_tanh_(n.sigmoid_()), z)


class CellLayer:
    """The plain cell's step in float32, for cells that have no faster one."""

    def __init__(self, model: CharModel, layer: int, _int8: bool) -> None:
        self.cell, self.vocabulary = model.recurrent.cell(layer), model.vocabulary

    def step(self, below: int | Float[Tensor, " H"], states: States) -> Float[Tensor, " H"]:
        """Changes `states` in place and returns the first."""
        if isinstance(below, int):
            x = states[0].new_zeros(self.vocabulary)
            x[below] = 1
        else:
            x = below
        _, new_states = self.cell(x.unsqueeze(0), tuple(state.unsqueeze(0) for state in states))
        for state, new in zip(states, new_states, strict=True):
            state.copy_(new[0])
        return states[0]


extend(ElmanCell, sampling_step=ElmanLayer)
extend(LSTMCell, sampling_step=LSTMLayer)
extend(GRUCell, sampling_step=GRULayer)

State = list[States]


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
            self._output = product(model.output.weight, torch.empty_like(self._bias), int8=False)
        self._shape = (r.num_layers, len(r.spec.states), r.hidden_size)

    def start(self) -> State:
        """Zeros, one list of states (h; or h and c) per layer."""
        layers, count, hidden = self._shape
        return [[torch.zeros(hidden) for _ in range(count)] for _ in range(layers)]

    @torch.inference_mode()
    def step(self, token: int, state: State) -> Float[Tensor, " V"]:
        """Logits of what follows `token`; valid until the next step."""
        below: int | Tensor = token
        for layer, states in zip(self._layers, state, strict=True):
            below = layer.step(below, states)
        assert isinstance(below, Tensor)
        return self._output(below, self._bias)
