"""A character language model (slides 8-10): one-hot input, recurrent layers, linear layer, softmax.

p(y_1 … y_n) = ∏ p(y_t given y_1 … y_{t−1}) ≈ ∏ softmax(W_y h_t)[y_t]: the state stands for all that
was read.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.func import functional_call

from engine.cells import DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_
from engine.stacking import Probes, as_tuple

LayerStates = tuple[Float[Tensor, "L B H"], ...]
"""The last states of all L layers: h, for the LSTM c too."""


class CharBatch(NamedTuple):
    """Each character and, as its target, the one that follows it. `fresh` says that the rows do not
    go on where those of the batch before ended."""

    inputs: Int[Tensor, "T B"]
    targets: Int[Tensor, "T B"]
    fresh: bool = False


class CharModel(nn.Module):
    """Predicts each character from those before it.

    Args:
        vocabulary: number of characters V; the input of a step is one-hot over them.
        hidden, layers: units per layer, and layers.
        cell: its name in `cells.CELLS`.
        dropout: share of units dropped between the layers and before the output (Zaremba et al.
            2014).
        recurrent_dropout: share of the numbers of each W_h dropped, the same ones for all steps of
            a batch (DropConnect, Merity et al. 2018).
        keep_bias: what the keeping gate's bias starts at (`recurrent.init_keep_gate_bias_`).
        generator: what initial weights are drawn from.
    """

    def __init__(
        self,
        vocabulary: int,
        hidden: int = 128,
        layers: int = 1,
        cell: str = DEFAULT_CELL,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        keep_bias: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.dropout, self.recurrent_dropout = dropout, recurrent_dropout
        self.recurrent = build_layer(
            cell,
            vocabulary,
            hidden,
            layers,
            dropout=dropout if layers > 1 else 0.0,
            generator=generator,
        )
        self.output = nn.utils.skip_init(nn.Linear, hidden, vocabulary)
        with torch.no_grad():
            self.output.weight.normal_(0, hidden**-0.5, generator=generator)
            self.output.bias.zero_()
            if keep_bias:
                init_keep_gate_bias_(self.recurrent, keep_bias)

    @property
    def vocabulary(self) -> int:
        """V, the number of characters."""
        return int(self.recurrent.input_size)

    def forward(
        self,
        ids: Int[Tensor, "T B"],
        states: LayerStates | None = None,
        *,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "T B V"], Float[Tensor, "T B H"], LayerStates]:
        """Logits, the top layer's states, and the last states of all layers, to go on from."""
        x = nn.functional.one_hot(ids, self.vocabulary).to(self.output.weight.dtype)
        options = {"probe": probe, "generator": generator}
        if self.training and self.recurrent_dropout:
            weights = {
                name: dropout(w, self.recurrent_dropout, generator) if "weight_hh" in name else w
                for name, w in self.recurrent.named_parameters()
            }
            h, last = functional_call(self.recurrent, weights, (x, states), options)
        else:
            h, last = self.recurrent(x, states, **options)
        top = dropout(h, self.dropout, generator) if self.training else h
        return self.output(top), h, as_tuple(last)

    def loss(
        self,
        batch: CharBatch,
        carry: LayerStates | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], LayerStates]:
        """Mean −log p of the next character, in nats; the states are carried to the next batch."""
        states = None if batch.fresh else carry
        logits, _, last = self(batch.inputs, states, generator=generator)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), batch.targets.flatten())
        return loss, last

    def probes(self, steps: int) -> Probes:
        """Zeros for `forward(probe=…)` with one text of `steps` characters."""
        return probes(self.recurrent, steps)
