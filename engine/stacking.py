"""Layers on layers (slide 48), in one direction or both (slide 49), over sequences of any lengths.

The table of cells says which equations run: the cell's hand-written sequence or, where there is
none, the plain cell step by step.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from engine.bptt.sequence import cell_step, unroll
from engine.cells import CELLS, Cell, CellSpec, State, add_weights, cell_name, uniform_
from engine.dropout import dropout
from engine.padding import Padding

Probes = tuple[Float[Tensor, "LD T B H"], ...]
"""Zeros to add to the states of all LD = layers · directions; see `bptt`."""
LayerStates = tuple[Float[Tensor, "LD B H"], ...]
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

    Raises ValueError for sizes below 1, a dropout outside [0, 1] or an input of the wrong shape.
    """

    cell_class: type[Cell]

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
    ) -> None:
        super().__init__()
        self.cell_class = cell_class or self.cell_class
        if min(input_size, hidden_size, num_layers) < 1:
            raise ValueError("input_size, hidden_size and num_layers must be at least 1")
        if not 0 <= dropout <= 1:
            raise ValueError(f"dropout must lie between 0 and 1, not {dropout}")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        self.bidirectional, self.directions = bidirectional, 2 if bidirectional else 1
        rows = len(self.cell_class.gate_names) * hidden_size
        for layer in range(num_layers):
            columns = input_size if layer == 0 else hidden_size * self.directions
            for suffix in self._suffixes(layer):
                add_weights(self, suffix, rows, columns, hidden_size, bias, device, dtype)
        uniform_(self.parameters(), hidden_size, generator)

    @property
    def spec(self) -> CellSpec:
        """What the table of cells says about this layer's cell."""
        return CELLS[cell_name(self.cell_class)]

    def _suffixes(self, layer: int) -> list[str]:
        return [f"_l{layer}", f"_l{layer}_reverse"][: self.directions]

    def weights(self, layer: int = 0, reverse: bool = False) -> Weights:
        """The parameters of one layer (0 is the lowest) in one direction."""
        suffix = self._suffixes(layer)[int(reverse)]
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return Weights(*(getattr(self, name + suffix) for name in names))

    def cell(self, layer: int = 0, reverse: bool = False) -> Cell:
        """One layer as a cell that shares this layer's parameters: a look inside one step."""
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
        input: Float[Tensor, " ..."] | PackedSequence,
        state: Any = None,
        *,
        lengths: Int[Tensor, " ..."] | None = None,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Any, Any]:
        """(input, state) -> (output, final state), as `torch.nn`'s layer of the same name.

        Args:
            input: (T, B, I); (B, T, I) with `batch_first`; (T, I) without a batch; or packed.
            state: h_0, for the LSTM (h_0, c_0), each (layers·directions, B, H); zeros by default.
            lengths: (B,) steps that count in each sequence of a padded input. What lies beyond is
                never read and comes out as zeros.
            probe: zeros, one tensor (layers·directions, T, B, H) per state (h; or h and c). Its
                gradient is ∂e/∂h_t (∂e/∂c_t) for all t; see `bptt`.
            generator: what dropout draws from (default: the process's).
        """
        values = input.data if isinstance(input, PackedSequence) else input
        if values.dim() not in (2, 3) or values.size(-1) != self.input_size:
            expected = f"an input of 2 or 3 dimensions, the last of size {self.input_size}"
            raise ValueError(f"expected {expected}, not {tuple(values.shape)}")
        if values.dim() == 2 and (lengths is not None or probe is not None):
            raise ValueError("lengths and probe go with a padded batch, not with this input")
        if isinstance(input, PackedSequence):
            return self._packed(input, state, generator)
        if input.dim() == 2:
            return self._unbatched(input, state, generator)
        x = input.transpose(0, 1) if self.batch_first else input
        if x.size(0) == 0:
            raise ValueError("expected at least one step")
        if lengths is not None and lengths.shape != x.shape[1:2]:
            raise ValueError(f"expected {x.size(1)} lengths, not a shape of {tuple(lengths.shape)}")
        probe = None if probe is None else self._checked_states("probe", probe, x.shape[:2])
        output, final = self._stack(x, self._states(x, state), lengths, probe, generator)
        return (output.transpose(0, 1) if self.batch_first else output), unpacked_state(final)

    def _states(self, x: Float[Tensor, "T B I"], state: Any) -> LayerStates:
        """h_0 (and c_0) as a tuple of (layers·directions, B, H)."""
        if state is not None:
            return self._checked_states("initial state", state, x.shape[1:2])
        zeros = x.new_zeros(self.num_layers * self.directions, x.size(1), self.hidden_size)
        return (zeros,) * len(self.cell_class.state_names)

    def _checked_states(self, name: str, given: Any, middle: torch.Size) -> tuple[Tensor, ...]:
        """One tensor per state of the cell, each (layers·directions, *middle, H); or ValueError."""
        tensors = as_tuple(given)
        shape = (self.num_layers * self.directions, *middle, self.hidden_size)
        count = len(self.cell_class.state_names)
        if len(tensors) != count or any(t.shape != shape for t in tensors):
            raise ValueError(f"expected {count} tensor(s) of shape {shape} as {name}")
        return tensors

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
        if torch.is_autocast_enabled(x.device.type):
            x, *rest = (t.type_as(next(self.parameters())) for t in (x, *states))
            states = tuple(rest)
        finals: list[State] = []
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
        if x.requires_grad and not self.bidirectional:
            x = x.clone()  # what is written into the output must not reach the states kept in bptt
        return x, tuple(torch.stack(parts) for parts in zip(*finals, strict=True))

    def _direction(
        self,
        x: Float[Tensor, "T B I"],
        first: State,
        layer: int,
        reverse: bool,
        padding: Padding | None,
        probes: States,
    ) -> tuple[Float[Tensor, "T B H"], State]:
        """One layer in one direction; the reverse one reads each sequence from its own end."""
        weights = self.weights(layer, reverse)
        if not reverse:
            return self._one_way(x, first, weights, padding, probes)
        flip = padding.reverse if padding else lambda t: t.flip(0)
        output, final = self._one_way(flip(x), first, weights, padding, tuple(map(flip, probes)))
        return flip(output), final

    def _one_way(
        self,
        x: Float[Tensor, "T B I"],
        first: State,
        weights: Weights,
        padding: Padding | None,
        probes: States,
    ) -> tuple[Float[Tensor, "T B H"], State]:
        """One layer over sequences in the order in which it reads them: outputs, last states."""
        no_probes = (None,) * len(self.cell_class.state_names)
        states = self._sequence(x, first, weights, probes or no_probes)
        if padding is None:
            return states[0], tuple(s[-1] for s in states)
        return padding.zero_outside(states[0]), tuple(padding.last(s) for s in states)

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
