"""Sequence classification: embedding, recurrent layers, one vector per text, a linear classifier.

The vector is the last state h_n (slide 51), the sum Σ h_t of all states (slide 52) or their mean,
which is that sum divided by n, so that long texts do not shout; with two directions, slide 53's.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.cells import DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_

POOLINGS = ("last", "sum", "mean")


class TextBatch(NamedTuple):
    """ids (T, B) padded with 0, lengths (B,), targets (B, K): what share of belief each class is
    due, 1 for the true one where nothing softer is known."""

    ids: Tensor
    lengths: Tensor
    targets: Tensor


class Scores(NamedTuple):
    """logits (B, K) and the top layer's states (T, B, H·directions)."""

    logits: Tensor
    states: Tensor


class SentimentModel(nn.Module):
    """Reads a text piece by piece and scores K classes.

    Args:
        vocabulary: number of pieces; piece 0 is padding.
        classes: K.
        embedding, hidden, layers: sizes; `hidden` is per direction.
        cell: its name in `cells.CELLS`.
        pooling: "last", "sum" or "mean".
        dropout: share of units dropped before, between and after the recurrent layers.
        word_dropout: share of whole pieces dropped in training.
        keep_bias: what the keeping gate's bias starts at: the LSTM's forget gate, the GRU's update
            gate with its sign turned. 0 leaves torch's initialisation.
        generator: what initial weights are drawn from.
    """

    def __init__(
        self,
        vocabulary: int,
        classes: int,
        embedding: int = 128,
        hidden: int = 128,
        layers: int = 1,
        cell: str = DEFAULT_CELL,
        bidirectional: bool = False,
        pooling: str = "last",
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        keep_bias: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {POOLINGS}")
        self.pooling, self.dropout, self.word_dropout = pooling, dropout, word_dropout
        self.embedding = nn.Embedding(
            vocabulary, embedding, _weight=torch.empty(vocabulary, embedding)
        )
        self.recurrent = build_layer(
            cell,
            embedding,
            hidden,
            layers,
            dropout=dropout,
            bidirectional=bidirectional,
            generator=generator,
        )
        width = hidden * self.recurrent.directions
        self.classifier = nn.utils.skip_init(nn.Linear, width, classes)
        with torch.no_grad():
            self.embedding.weight.normal_(0, 0.3, generator=generator)
            self.classifier.weight.normal_(0, width**-0.5, generator=generator)
            self.classifier.bias.zero_()
            if keep_bias:
                init_keep_gate_bias_(self.recurrent, keep_bias)

    def forward(
        self,
        ids: Tensor,
        lengths: Tensor | None = None,
        *,
        probe: tuple[Tensor, ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> Scores:
        """ids (T, B) -> Scores. `probe` is what `probes` gave; `generator` is dropout's."""
        x = self.embedding(ids)
        if self.training:
            kept = dropout(x.new_ones(*ids.shape, 1), self.word_dropout, generator)
            x = dropout(x * kept, self.dropout, generator)
        states, _ = self.recurrent(x, lengths=lengths, probe=probe, generator=generator)
        pooled = self._pool(states, lengths)
        if self.training:
            pooled = dropout(pooled, self.dropout, generator)
        return Scores(self.classifier(pooled), states)

    def _pool(self, states: Tensor, lengths: Tensor | None) -> Tensor:
        """(T, B, W) -> (B, W). "last" takes each direction's own last step."""
        steps, batch, _ = states.shape
        if lengths is None:
            lengths = torch.full((batch,), steps, device=states.device)
        if self.pooling != "last":
            total = states.sum(0)
            return total if self.pooling == "sum" else total / lengths.unsqueeze(1)
        last = states[lengths - 1, torch.arange(batch, device=states.device)]
        if not self.recurrent.bidirectional:
            return last
        H = self.recurrent.hidden_size
        return torch.cat([last[:, :H], states[0, :, H:]], -1)

    def after_each(self, states: Tensor) -> Tensor:
        """(T, K) logits after each step of one text: states (T, 1, W) of one direction only.

        What a bidirectional model thinks of a prefix needs a reading of its own: its other
        direction starts at the prefix's end.
        """
        if self.recurrent.bidirectional:
            raise ValueError("a bidirectional model has to read each prefix anew")
        read = states[:, 0]
        if self.pooling != "last":
            read = read.cumsum(0)
        if self.pooling == "mean":
            read = read / torch.arange(1, len(read) + 1, device=read.device).unsqueeze(1)
        logits: Tensor = self.classifier(read)
        return logits

    def probes(self, steps: int) -> tuple[Tensor, ...]:
        """Zeros for `forward(probe=…)` with one text of `steps` pieces."""
        return probes(self.recurrent, steps)

    def loss(
        self,
        batch: TextBatch,
        carry: tuple[Tensor, ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, None]:
        """Mean cross-entropy of the targets, in nats; nothing is carried over."""
        scores = self(batch.ids, batch.lengths, generator=generator)
        return nn.functional.cross_entropy(scores.logits, batch.targets), None
