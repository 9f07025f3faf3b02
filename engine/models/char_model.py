"""A character language model (slides 8-10): one-hot input, recurrent layers, linear layer, softmax.

p(y_1 … y_n) = ∏ p(y_t given y_1 … y_{t−1}) ≈ ∏ softmax(W_y h_t)[y_t]: the state stands for all that
was read.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call

from engine.cells import DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_

States = tuple[Tensor, ...]


class CharBatch(NamedTuple):
    """read and said (T, B): each character and the one that follows it. `fresh` says that the rows
    do not go on where those of the batch before ended."""

    read: Tensor
    said: Tensor
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
        keep_bias: what the keeping gate's bias starts at: the LSTM's forget gate, the GRU's update
            gate with its sign turned.
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
            cell, vocabulary, hidden, layers, dropout=dropout, generator=generator
        )
        self.output = nn.utils.skip_init(nn.Linear, hidden, vocabulary)
        with torch.no_grad():
            self.output.weight.normal_(0, hidden**-0.5, generator=generator)
            self.output.bias.zero_()
            if keep_bias:
                init_keep_gate_bias_(self.recurrent, keep_bias)

    @property
    def vocabulary(self) -> int:
        return int(self.recurrent.input_size)

    def forward(
        self,
        ids: Tensor,
        states: States | None = None,
        *,
        probe: tuple[Tensor, ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor, States]:
        """ids (T, B) -> logits (T, B, V), the top layer's states (T, B, H), and the last states of
        all layers, each (layers, B, H), to go on from."""
        x = nn.functional.one_hot(ids, self.vocabulary).to(self.output.weight.dtype)
        h, last = self._read(x, states, probe, generator)
        top = dropout(h, self.dropout, generator) if self.training else h
        return self.output(top), h, (last,) if isinstance(last, Tensor) else tuple(last)

    def _read(
        self,
        x: Tensor,
        states: States | None,
        probe: tuple[Tensor, ...] | None,
        generator: torch.Generator | None,
    ) -> tuple[Tensor, Tensor | States]:
        options = {"probe": probe, "generator": generator}
        if not (self.training and self.recurrent_dropout):
            h, last = self.recurrent(x, states, **options)
            return h, last
        weights = {
            name: dropout(w, self.recurrent_dropout, generator) if "weight_hh" in name else w
            for name, w in self.recurrent.named_parameters()
        }
        h, last = functional_call(self.recurrent, weights, (x, states), options)
        return h, last

    def loss(
        self,
        batch: CharBatch,
        carry: States | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, States]:
        """Mean −log p of the next character, in nats; the states are carried to the next batch."""
        states = None if batch.fresh else carry
        logits, _, last = self(batch.read, states, generator=generator)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), batch.said.flatten())
        return loss, last

    def probes(self, steps: int) -> tuple[Tensor, ...]:
        """Zeros for `forward(probe=…)` with one text of `steps` characters."""
        return probes(self.recurrent, steps)
