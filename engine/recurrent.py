"""`RNN`, `LSTM` and `GRU`: layers over whole sequences, drop-in for `torch.nn`'s.

Constructor arguments, parameter names, call and shapes are `torch.nn`'s; numbers of a `torch.nn`
module can be loaded, for the GRU only with `reset_after=True`. The equations that run are `bptt`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine import bptt
from engine.cells import CELLS, ElmanCell, GRUCell, LSTMCell, State, extend
from engine.stacking import Recurrent, States, Weights


class RNN(Recurrent):
    """The plain recurrent network (slide 19) over sequences; as `torch.nn.RNN`."""

    cell_class = ElmanCell

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        **options: Any,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        sizes = (input_size, hidden_size, num_layers)
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, **options)
        self.nonlinearity = nonlinearity

    @property
    def mode(self) -> str:
        """ "RNN_TANH" or "RNN_RELU", as `torch.nn.RNN` says it."""
        return f"RNN_{self.nonlinearity.upper()}"

    @property
    def _kernel(self) -> Callable[..., Any]:
        return torch.rnn_tanh if self.nonlinearity == "tanh" else torch.rnn_relu

    def _cell_arguments(self) -> dict[str, Any]:
        return {"nonlinearity": self.nonlinearity}


class LSTM(Recurrent):
    """The LSTM (slide 40) over sequences; as `torch.nn.LSTM`.

    `fused=True` hands each layer's sequence to torch's own kernel, for bulk work and for CUDA: the
    same parameters and numbers, but no probes and no hand-written backward pass. So does
    `proj_size`, since the lecture's LSTM has no projection.
    """

    cell_class = LSTMCell

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        fused: bool = False,
        **options: Any,
    ) -> None:
        sizes = (input_size, hidden_size, num_layers)
        options["proj_size"] = proj_size
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, **options)
        self.fused = fused

    @property
    def _kernel(self) -> Callable[..., Any]:
        return torch.lstm

    def get_expected_cell_size(
        self, input: Float[Tensor, " ..."], batch_sizes: Int[Tensor, " T"] | None
    ) -> tuple[int, int, int]:
        """The shape that c_0 must have for this input."""
        return (*self.get_expected_hidden_size(input, batch_sizes)[:2], self.hidden_size)


class GRU(Recurrent):
    """The lecture's GRU (slides 45-47) over sequences; as `torch.nn.GRU` with `reset_after=True`.

    The two forms have parameters of the same names and shapes that mean different things, so the
    lecture's form carries a mark, `lecture_form`, in its `state_dict`. Loading numbers of one form
    into the other raises RuntimeError.
    """

    cell_class = GRUCell

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
        reset_after: bool = False,
        **options: Any,
    ) -> None:
        sizes = (input_size, hidden_size, num_layers)
        super().__init__(*sizes, bias, batch_first, dropout, bidirectional, **options)
        self.reset_after = reset_after
        if not reset_after:
            mark = torch.ones((), dtype=torch.uint8, device=options.get("device"))
            self.register_buffer("lecture_form", mark)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *others: Any) -> None:
        """Refuse the other form's numbers, `strict` or not."""
        if (prefix + "lecture_form" in state_dict) == self.reset_after:
            ours, theirs = "the lecture's form", "PyTorch's form (reset_after=True)"
            if self.reset_after:
                ours, theirs = theirs, ours
            *_, errors = others
            errors.append(
                f"this GRU has {ours} and the numbers are of {theirs}, where the same names mean "
                "something else: build the GRU in the form that the numbers are for"
            )
            return
        super()._load_from_state_dict(state_dict, prefix, *others)

    @property
    def _kernel(self) -> Callable[..., Any] | None:
        return torch.gru if self.reset_after else None

    def _cell_arguments(self) -> dict[str, Any]:
        return {"reset_after": self.reset_after}

    def _sequence(
        self,
        x: Float[Tensor, "T B I"],
        state: State,
        weights: Weights,
        probes: tuple[Float[Tensor, "T B H"] | None, ...],
    ) -> States:
        (h0,), (probe,) = state, probes
        W_x, W_h, b_x, b_h = weights
        if self.reset_after:
            return (bptt.gru_reset_after(x, h0, W_x, W_h, b_x, b_h, probe),)
        return (bptt.gru(x, h0, W_x, W_h, weights.b, probe),)


for _layer in (RNN, LSTM, GRU):
    extend(_layer.cell_class, layer=_layer)


def build_layer(
    cell: str, input_size: int, hidden_size: int, *sizes: Any, **options: Any
) -> Recurrent:
    """The layer of a cell by its name in `CELLS`, with the arguments of `torch.nn`'s layers.

    ValueError for a name that is not there.
    """
    if cell not in CELLS:
        raise ValueError(f"cell must be one of {list(CELLS)}")
    spec = CELLS[cell]
    made: Recurrent = (spec.layer or partial(Recurrent, cell_class=spec.cell))(
        input_size, hidden_size, *sizes, **options
    )
    return made


def fuse_(model: nn.Module) -> None:
    """Lets torch's kernel run every LSTM of a network whose gates and gradients nobody looks at."""
    for layer in model.modules():
        if isinstance(layer, LSTM):
            layer.fused = True


@torch.no_grad()
def init_keep_gate_bias_(
    layers: Recurrent, bias: float | Float[Tensor, " H"], *, exact: bool = False
) -> None:
    """Starts the gate that keeps the old state with `bias`, a number or one per unit (H,).

    In every layer and direction: the LSTM's forget gate; in the lecture's GRU, where 1 − z keeps
    (slide 47), the update gate with the sign turned. A cell without such a gate stays as it is.
    `exact` makes torch's second bias of that gate 0, so that `bias` is all there is.
    """
    spec = layers.spec
    if spec.keep_gate is not None:
        _init_gate_bias_(layers, spec.keep_gate, spec.keep_sign * bias, exact)


@torch.no_grad()
def init_chrono_bias_(layers: Recurrent, bias: Float[Tensor, " H"]) -> None:
    """Chrono initialisation (Tallec & Ollivier 2018, eq. 16) with what `chrono_bias` drew.

    The keeping gate starts with `bias`; where another gate lets the input in (the LSTM's input
    gate), that one starts with its negative.
    """
    init_keep_gate_bias_(layers, bias, exact=True)
    if layers.spec.write_gate is not None:
        _init_gate_bias_(layers, layers.spec.write_gate, -bias, exact=True)


def chrono_bias(
    hidden_size: int,
    longest: int,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
) -> Float[Tensor, " H"]:
    """log U(1, longest) for each of the H units: they forget after 1 to `longest` steps."""
    return torch.empty(hidden_size, dtype=dtype).uniform_(1, longest, generator=generator).log_()


def _init_gate_bias_(
    layers: Recurrent, gate: str, bias: float | Float[Tensor, " H"], exact: bool
) -> None:
    rows = layers.cell_class.gate_rows(layers.hidden_size, gate)
    for name, parameter in layers.named_parameters():
        if name.startswith("bias_ih"):
            parameter[rows] = bias
        elif exact and name.startswith("bias_hh"):
            parameter[rows] = 0
