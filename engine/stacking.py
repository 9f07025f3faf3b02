"""Layers on layers (slide 48), in one direction or both (slide 49), over sequences of any lengths.

The table of cells says which equations run: the cell's hand-written sequence or, where there is
none, the plain cell step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.fx import Proxy
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from engine.bptt.sequence import cell_step, unroll, widened
from engine.cells import CELLS, Cell, CellSpec, LSTMCell, State, add_weights, cell_name, uniform_
from engine.dropout import dropout
from engine.padding import Padding
from engine.second_order import is_traced, mixed_precision

Probes = tuple[Float[Tensor, "LD T B H"], ...]
"""Zeros to add to the states of all LD = layers · directions; see `bptt`."""
LayerStates = tuple[Float[Tensor, "LD B _"], ...]
OneState = tuple[Float[Tensor, "B _"], ...]  # of one layer: a projected h is smaller than c
States = tuple[Float[Tensor, "T B H"], ...]


class Weights(NamedTuple):
    """One layer's parameters in one direction, R = gates · H rows; no biases with `bias=False`."""

    W_x: Float[Tensor, "R I"]
    W_h: Float[Tensor, "R H"]
    b_x: Float[Tensor, " R"] | None
    b_h: Float[Tensor, " R"] | None

    @property
    def b(self) -> Float[Tensor, " R"] | None:
        """b_ih + b_hh: one bias is all that the equations know."""
        return None if self.b_x is None or self.b_h is None else self.b_x + self.b_h


class Recurrent(nn.Module):
    """A layer of any cell: parameters, stacking, directions, lengths.

    Args: those of `torch.nn`'s layer; `generator`, what the initial weights are drawn from; and
        `cell_class`, which `RNN`, `LSTM` and `GRU` have fixed.

    Refuses what `torch.nn`'s layer refuses, with the same errors, and warns of the same.
    """

    cell_class: type[Cell]
    fused = False
    """Whether torch's own kernel runs; `LSTM` has it as an option."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
        cell_class: type[Cell] | None = None,
        proj_size: int | None = None,
    ) -> None:
        super().__init__()
        self.cell_class = cell_class or self.cell_class
        if proj_size is not None and self.cell_class is not LSTMCell:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        self.proj_size = proj_size or 0
        options = (num_layers, bias, batch_first, dropout, bidirectional, self.proj_size)
        # A layer of torch's without numbers refuses what torch refuses, and warns as torch does.
        nn.RNNBase("LSTM", input_size, hidden_size, *options, device="meta")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional, self.directions = bidirectional, 2 if bidirectional else 1
        rows, output_size = len(self.cell_class.gate_names) * hidden_size, self._state_sizes[0]
        for layer in range(num_layers):
            columns = input_size if layer == 0 else output_size * self.directions
            for suffix in self._suffixes(layer):
                add_weights(self, suffix, rows, columns, output_size, bias, device, dtype)
                if self.proj_size:
                    W_r = torch.empty(output_size, hidden_size, device=device, dtype=dtype)
                    self.register_parameter("weight_hr" + suffix, nn.Parameter(W_r))
        self.reset_parameters(generator)

    def reset_parameters(self, generator: torch.Generator | None = None) -> None:
        """New numbers for all parameters, drawn as those of a new layer."""
        uniform_(self.parameters(), self.hidden_size, generator)

    @property
    def spec(self) -> CellSpec:
        """What the table of cells says about this layer's cell."""
        return CELLS[cell_name(self.cell_class)]

    @property
    def mode(self) -> str:
        """`torch.nn`'s name for the equations: "LSTM", "GRU", "RNN_TANH" or "RNN_RELU"."""
        return cell_name(self.cell_class).upper()

    @property
    def all_weights(self) -> list[list[nn.Parameter]]:
        """The parameters of each layer and direction, in the order of `Weights`."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _all_weights(self) -> list[list[str]]:
        names = ["weight_ih", "weight_hh"] + ["bias_ih", "bias_hh"] * self.bias
        names += ["weight_hr"] if self.proj_size else []
        layers = range(self.num_layers)
        return [[n + suffix for n in names] for k in layers for suffix in self._suffixes(k)]

    @property
    def _flat_weights(self) -> list[nn.Parameter]:
        return [weight for weights in self.all_weights for weight in weights]

    @property
    def _state_sizes(self) -> tuple[int, ...]:
        """Numbers in each state: P for a projected h, else H."""
        rest = len(self.cell_class.state_names) - 1
        return (self.proj_size or self.hidden_size, *[self.hidden_size] * rest)

    def get_expected_hidden_size(
        self, input: Float[Tensor, " ..."], batch_sizes: Int[Tensor, " T"] | None
    ) -> tuple[int, int, int]:
        """The shape that h_0 must have for this input."""
        batch = input.size(0 if self.batch_first else 1)
        batch = batch if batch_sizes is None else int(batch_sizes[0])
        return self.num_layers * self.directions, batch, self._state_sizes[0]

    def _suffixes(self, layer: int) -> list[str]:
        return [f"_l{layer}", f"_l{layer}_reverse"][: self.directions]

    def weights(self, layer: int = 0, reverse: bool = False) -> Weights:
        """The parameters of one layer (0 is the lowest) in one direction."""
        suffix = self._suffixes(layer)[int(reverse)]
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return Weights(*(getattr(self, name + suffix) for name in names))

    def cell(self, layer: int = 0, reverse: bool = False) -> Cell:
        """One layer as a cell that shares this layer's parameters: a look inside one step."""
        if self.proj_size:
            raise ValueError("the lecture's LSTM, and so its cell, has no projection")
        numbers: list[Any] = [
            None if w is None else nn.Parameter(w) for w in self.weights(layer, reverse)
        ]
        cell = self.cell_class.with_weights(*numbers, **self._cell_arguments())
        return cell.requires_grad_(False)

    def _cell_arguments(self) -> dict[str, Any]:
        return {}

    def _sequence(
        self,
        x: Float[Tensor, "T B I"],
        state: State,
        weights: Weights,
        probes: tuple[Float[Tensor, "T B H"] | None, ...],
    ) -> States:
        """All states of one layer in one direction; the first is the output."""
        W_x, W_h, b_x, b_h = weights
        options = self._cell_arguments()
        if self.spec.sequence is None:
            cell = self.cell_class.with_weights(W_x, W_h, b_x, b_h, **options)
            return unroll(cell_step(cell), x, state, probes)
        states = self.spec.sequence(x, *state, W_x, W_h, weights.b, *probes, **options)
        return (states,) if isinstance(states, Tensor) else tuple(states)

    def forward(
        self,
        input: Float[Tensor, " ..."] | PackedSequence | Proxy,
        hx: Any = None,
        *,
        state: Any = None,
        lengths: Int[Tensor, " ..."] | None = None,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> Any:
        """(input, hx) -> (output, final state), as `torch.nn`'s layer of the same name.

        Args:
            input: (T, B, I); (B, T, I) with `batch_first`; (T, I) without a batch; or packed.
            hx: h_0, for the LSTM (h_0, c_0), each (layers·directions, B, H); zeros by default.
            state: another name for `hx`.
            lengths: (B,) steps that count in each sequence of a padded input. What lies beyond is
                never read and comes out as zeros.
            probe: zeros, one tensor (layers·directions, T, B, H) per state (h; or h and c). Its
                gradient is ∂e/∂h_t (∂e/∂c_t) for all t; see `bptt`.
            generator: what dropout draws from (default: the process's).
        """
        if isinstance(input, Proxy):  # one node in the graph of `torch.fx.symbolic_trace`
            tracer: Any = input.tracer
            path, options = tracer.path_of_module(self), {"state": state, "lengths": lengths}
            return tracer.create_proxy("call_module", path, (input, hx), options)
        if hx is not None and state is not None:
            raise TypeError("hx and state are two names of one argument")
        state = hx if state is None else state
        values = input.data if isinstance(input, PackedSequence) else input
        self._check_input(values)
        if values.dim() == 2 and (lengths is not None or probe is not None):
            raise ValueError("lengths and probe go with a padded batch, not with this input")
        if isinstance(input, PackedSequence):
            return self._packed(input, state, generator)
        if input.dim() == 2:
            return self._unbatched(input, state, generator)
        x = input.transpose(0, 1) if self.batch_first else input
        if x.size(0) == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        if lengths is not None and lengths.shape != x.shape[1:2]:
            raise ValueError(f"expected {x.size(1)} lengths, not a shape of {tuple(lengths.shape)}")
        if probe is not None:
            probe = as_tuple(probe)
            shape = (self.num_layers * self.directions, *x.shape[:2], self.hidden_size)
            if [p.shape for p in probe] != [shape] * len(self.cell_class.state_names):
                raise ValueError(f"expected a probe of shape {shape} for each state")
        output, final = self._stack(x, self._states(x, state), lengths, probe, generator)
        return (output.transpose(0, 1) if self.batch_first else output), unpacked_state(final)

    def _states(self, x: Float[Tensor, "T B I"], state: Any) -> LayerStates:
        """h_0 (and c_0) as a tuple of (layers·directions, B, H); RuntimeError for wrong ones."""
        rows, batch = self.num_layers * self.directions, x.size(1)
        if state is None:
            return tuple(x.new_zeros(rows, batch, size) for size in self._state_sizes)
        states = as_tuple(state)
        if len(states) != len(self._state_sizes):
            raise RuntimeError(f"expected {len(self._state_sizes)} states, not {len(states)}")
        for k, (given, size) in enumerate(zip(states, self._state_sizes, strict=True)):
            name = "hidden" if len(states) == 1 else f"hidden[{k}]"
            if given.shape != (shape := (rows, batch, size)):
                raise RuntimeError(f"Expected {name} size {shape}, got {list(given.shape)}")
            if given.dtype != x.dtype and not mixed_precision(x.device.type):
                raise RuntimeError(f"Expected {name} of {x.dtype}, got {given.dtype}")
        return states

    def _check_input(self, values: Float[Tensor, " ..."]) -> None:
        """Refuses an input of another shape or type than the weights', with torch's errors."""
        if values.dim() not in (2, 3):
            raise ValueError(
                f"{self.mode}: Expected input to be 2D or 3D, got {values.dim()}D instead"
            )
        if values.size(-1) != self.input_size:
            raise RuntimeError(
                "input.size(-1) must be equal to input_size. "
                f"Expected {self.input_size}, got {values.size(-1)}"
            )
        dtype = self.weights().W_x.dtype
        if values.dtype != dtype and not mixed_precision(values.device.type):
            raise ValueError(
                f"RNN input dtype ({values.dtype}) does not match weight dtype ({dtype})."
            )

    def _stack(
        self,
        x: Float[Tensor, "T B I"],
        states: LayerStates,
        lengths: Int[Tensor, " B"] | None,
        probes: Probes | None,
        generator: torch.Generator | None,
    ) -> tuple[Float[Tensor, "T B HD"], LayerStates]:
        """Layer on layer, direction beside direction: x (T, B, I) -> (T, B, H·directions)."""
        padding = None if lengths is None else Padding(lengths.to(x.device), x.size(0))
        x = padding.zero_outside(x) if padding else x
        if mixed_precision(x.device.type) and not (self.fused or self.proj_size):
            x, *rest = (t.to(self.weights().W_x.dtype) for t in (x, *states))
            states = tuple(rest)
        finals: list[OneState] = []
        for layer in range(self.num_layers):
            if layer > 0 and self.training:
                x = dropout(x, self.dropout, generator)
            outputs = []
            for direction in range(self.directions):
                k = layer * self.directions + direction
                probe = tuple(p[k] for p in probes) if probes else ()
                first = tuple(s[k] for s in states)
                output, final = self._direction(x, first, layer, direction == 1, padding, probe)
                outputs.append(output)
                finals.append(final)
            x = torch.cat(outputs, -1) if self.bidirectional else outputs[0]
        if x.requires_grad and not self.bidirectional and not is_traced():
            x = x.clone()  # what is written into the output must not reach the states kept in bptt
        return x, tuple(torch.stack(parts) for parts in zip(*finals, strict=True))

    def _direction(
        self,
        x: Float[Tensor, "T B I"],
        first: OneState,
        layer: int,
        reverse: bool,
        padding: Padding | None,
        probes: States,
    ) -> tuple[Float[Tensor, "T B _"], OneState]:
        """One layer in one direction; the reverse one reads each sequence from its own end."""
        if not reverse:
            return self._one_way(x, first, layer, 0, padding, probes)
        flip = padding.reverse if padding else lambda t: t.flip(0)
        output, final = self._one_way(flip(x), first, layer, 1, padding, tuple(map(flip, probes)))
        return flip(output), final

    def _one_way(
        self,
        x: Float[Tensor, "T B I"],
        first: OneState,
        layer: int,
        direction: int,
        padding: Padding | None,
        probes: States,
    ) -> tuple[Float[Tensor, "T B _"], OneState]:
        """One layer over sequences in the order in which it reads them: outputs, last states."""
        if (by_torch := self.fused or self.proj_size > 0) and probes:
            raise ValueError("torch's kernel cannot hand out ∂e/∂h_t: use the hand-written path")
        if self._kernel is not None and not probes and (by_torch or is_traced()):
            given = self.all_weights[layer * self.directions + direction]
            return self._by_kernel(self._kernel, x, first, given, padding)
        no_probes = (None,) * len(self.cell_class.state_names)
        weights = self.weights(layer, direction == 1)
        states = widened(self._sequence, x, first, weights, probes or no_probes)
        if padding is None:
            return states[0], tuple(s[-1] for s in states)
        return padding.zero_outside(states[0]), tuple(padding.last(s) for s in states)

    @property
    def _kernel(self) -> Callable[..., Any] | None:
        """torch's function of a whole sequence with the same equations; None if there is none."""
        return None

    def _by_kernel(
        self,
        kernel: Callable[..., Any],
        x: Float[Tensor, "T B I"],
        first: OneState,
        weights: list[nn.Parameter],
        padding: Padding | None,
    ) -> tuple[Float[Tensor, "T B _"], OneState]:
        """As `_one_way`; padded sequences go through packed."""
        if torch.compiler.is_compiling() and not is_traced():
            kernel = torch.compiler.disable(kernel)  # as `torch.nn`'s layers: not unrolled
        options = (weights, self.bias, 1, 0.0, self.training, False)
        if padding is None or x.is_meta:  # where there are no numbers, shapes are all
            state = unpacked_state(tuple(s.unsqueeze(0) for s in first))
            output, *final = kernel(x, state, *options, False)
            return output, tuple(s[0] for s in final)
        order = torch.argsort(padding.lengths, descending=True)
        back = torch.argsort(order)
        packed = pack_padded_sequence(x[:, order], padding.lengths[order].cpu())
        state = unpacked_state(tuple(s[order].unsqueeze(0) for s in first))
        data, *final = kernel(packed.data, packed.batch_sizes, state, *options)
        packed = PackedSequence(data, packed.batch_sizes)
        output, _ = pad_packed_sequence(packed, total_length=x.size(0))
        return output[:, back], tuple(s[0][back] for s in final)

    def _unbatched(
        self, x: Float[Tensor, "T I"], state: Any, generator: torch.Generator | None
    ) -> tuple[Any, Any]:
        if state is not None:
            state = tuple(s.unsqueeze(1) for s in as_tuple(state))
        batch = 0 if self.batch_first else 1
        output, final = self.forward(x.unsqueeze(batch), state, generator=generator)
        return output.squeeze(batch), unpacked_state(tuple(s.squeeze(1) for s in as_tuple(final)))

    def _packed(
        self, packed: PackedSequence, state: Any, generator: torch.Generator | None
    ) -> tuple[PackedSequence, Any]:
        """Unpack in the packed order (longest first), run with lengths, pack the same way again."""
        order, back = packed.sorted_indices, packed.unsorted_indices
        x, lengths = pad_packed_sequence(PackedSequence(packed.data, packed.batch_sizes))
        states = self._states(x, state)
        if order is not None and state is not None:
            states = tuple(s.index_select(1, order) for s in states)
        output, final = self._stack(x, states, lengths, None, generator)
        if back is not None:
            final = tuple(s.index_select(1, back) for s in final)
        data, sizes, _, _ = pack_padded_sequence(output, lengths)
        return PackedSequence(data, sizes, order, back), unpacked_state(final)

    def flatten_parameters(self) -> None:
        """Nothing to do here; `torch.nn`'s layers have it for cuDNN."""

    def extra_repr(self) -> str:
        """Sizes and options, for `print(layer)`."""
        names = ("num_layers", "bias", "batch_first", "dropout", "bidirectional")
        options = "".join(f", {name}={getattr(self, name)}" for name in names)
        return f"{self.input_size}, {self.hidden_size}{options}"


def as_tuple(state: Any) -> tuple[Float[Tensor, " ..."], ...]:
    """The states that a layer handed out, or is given, as a tuple: of h alone, or (h, c)."""
    return (state,) if isinstance(state, Tensor) else tuple(state)


def unpacked_state(state: tuple[Float[Tensor, " ..."], ...]) -> Any:
    """A state as `torch.nn` hands it out: h alone, or (h, c)."""
    return state[0] if len(state) == 1 else state
