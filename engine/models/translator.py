"""A translator (slides 13-14 and 57): one recurrent network reads, another writes.

    h_1 … h_n = encoder(source)                  the last state is all that slide 57 hands over
    s_t = decoder(y_{t-1}, s_{t-1}),  s_0 = h_n
    α_t, c_t = attention(s_t, h_1 … h_n)         with attention (Luong et al. 2015)
    m_t = tanh(W_c [s_t; c_t])                   without it m_t = s_t
    p(y_t) = softmax(E W_o m_t)                  E embeds words on either side (Press & Wolf 2017)

The large models read in both directions (slide 49) and have a second decoder layer that runs over
the m_t and so knows what has been looked at (Wu et al. 2016, whose lowest layer asks, too).
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from engine.attention import Attention
from engine.cells import CELLS, DEFAULT_CELL
from engine.cross_entropy import cross_entropy
from engine.dropout import dropout
from engine.gradients import probes
from engine.padding import Padding
from engine.recurrent import build_layer, init_keep_gate_bias_
from engine.stacking import Probes, Recurrent, as_tuple

PAD, START, STOP = range(3)
"""The first ids of the vocabulary; pieces of words follow."""
SPECIAL = 3
MOST_LAYERS = 8
"""Of an encoder: what a stranger's file asks for is built before its weights are seen."""

LayerStates = tuple[Float[Tensor, "1 B H"], ...]
"""Of the lower decoder layer, then of the upper one, if there is one."""


class PairBatch(NamedTuple):
    """Sources and their lengths; targets: START, pieces, STOP, then PAD, M = B · each of them,
    those of one source side by side; weights of the targets, if they do not count alike.
    """

    source: Int[Tensor, "S B"]
    lengths: Int[Tensor, " B"]
    target: Int[Tensor, "T+1 M"]
    weights: Float[Tensor, " M"] | None = None


class EncodedSource(NamedTuple):
    """What the decoder keeps of B sentences: a vector for each piece, where the mask is True unless
    it is padding, and the decoder's first states."""

    memory: Float[Tensor, "B S H"]
    mask: Bool[Tensor, "B S"]
    states: LayerStates

    def repeat(self, times: int) -> EncodedSource:
        """Every sentence so many times, side by side, states included."""
        memory, mask = (t.repeat_interleave(times, 0) for t in (self.memory, self.mask))
        states = tuple(state.repeat_interleave(times, 1) for state in self.states)
        return EncodedSource(memory, mask, states) if times > 1 else self

    def select(self, index: Int[Tensor, " K"]) -> EncodedSource:
        """The sentences `index`, in that order, each as often as it is named; states excepted."""
        return EncodedSource(self.memory[index], self.mask[index], self.states)


class Translator(nn.Module):
    """Reads a sentence in one language and writes it in another.

    Args:
        vocabulary: pieces of both languages and the special ids.
        embedding, hidden: sizes of a piece's vector and of a decoder state; an encoder that reads
            in both directions has half as many units in each.
        cell: its name in `cells.CELLS`.
        attention: whether each state looks at the source again (slide 57 has the last state alone).
        bidirectional: whether the encoder reads in both directions.
        layers: of the encoder.
        deep: whether a second decoder layer follows the attention.
        reverse: whether the source is read last piece first (Sutskever et al. 2014).
        dropout: share dropped of embeddings, between layers and before the output.
        smoothing: share of each target given to all pieces alike (Szegedy et al. 2016).
        keep_bias: what the keeping gate's bias starts at.
        generator: what initial weights are drawn from.
    """

    def __init__(
        self,
        vocabulary: int,
        embedding: int,
        hidden: int,
        cell: str = DEFAULT_CELL,
        attention: bool = True,
        bidirectional: bool = True,
        layers: int = 1,
        deep: bool = True,
        reverse: bool = False,
        dropout: float = 0.0,
        smoothing: float = 0.0,
        keep_bias: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if hidden % 2 or not 1 <= layers <= MOST_LAYERS:
            raise ValueError(
                f"cell must be one of {list(CELLS)}, hidden an even number, and layers 1 to "
                f"{MOST_LAYERS}"
            )
        self.reverse, self.dropout, self.smoothing = reverse, dropout, smoothing
        layer = partial(build_layer, cell, generator=generator)
        self.embedding = nn.utils.skip_init(nn.Embedding, vocabulary, embedding)
        self.encoder: Recurrent = layer(
            embedding,
            hidden // 2 if bidirectional else hidden,
            layers,
            dropout=dropout if layers > 1 else 0.0,
            bidirectional=bidirectional,
        )
        self.decoder: Recurrent = layer(embedding, hidden)
        self.attention = Attention(hidden, hidden, generator) if attention else None
        self.combine = nn.utils.skip_init(nn.Linear, 2 * hidden, hidden) if attention else None
        self.upper: Recurrent | None = layer(hidden, hidden) if deep else None
        self.project = nn.utils.skip_init(nn.Linear, hidden, embedding)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self._state_count = len(self.decoder.spec.states)
        with torch.no_grad():
            self.embedding.weight.normal_(0, 0.1, generator=generator)
            for linear in (self.combine, self.project):
                if linear is not None:
                    linear.weight.normal_(0, linear.in_features**-0.5, generator=generator)
                    linear.bias.zero_()
            for recurrent in (self.encoder, self.decoder, self.upper):
                if recurrent is not None:
                    init_keep_gate_bias_(recurrent, keep_bias)

    def encode(
        self,
        source: Int[Tensor, "S B"],
        lengths: Int[Tensor, " B"],
        *,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> EncodedSource:
        """What the decoder keeps of the sources.

        The memory is in the order of the source, also where that is read in reverse; `probe` is in
        the order of reading.
        """
        padding = Padding(lengths, len(source))
        x = self._dropped(self.embedding(source), generator)
        x = padding.reverse(x) if self.reverse else x
        memory, last = self.encoder(x, lengths=lengths, probe=probe, generator=generator)
        memory = self._dropped(padding.reverse(memory) if self.reverse else memory, generator)
        # The top layer's last state: of both directions, side by side, if it reads in both.
        top = self.encoder.directions
        states = tuple(torch.cat(s[-top:].unbind(0), -1).unsqueeze(0) for s in as_tuple(last))
        if self.upper is not None:
            states += tuple(torch.zeros_like(s) for s in states)
        return EncodedSource(memory.transpose(0, 1), padding.inside.t(), states)

    def forward(
        self,
        pieces: Int[Tensor, "T B"],
        source: EncodedSource,
        states: LayerStates,
        *,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "T B V"], Float[Tensor, "T B S"] | None, LayerStates]:
        """Logits, attention weights if there is attention, and last states.

        `probe` goes to the lower layer.
        """
        vectors, weights, states = self._decode(pieces, source, states, probe, generator)
        return nn.functional.linear(vectors, self.embedding.weight, self.bias), weights, states

    def _decode(
        self,
        pieces: Int[Tensor, "T B"],
        source: EncodedSource,
        states: LayerStates,
        probe: Probes | None,
        generator: torch.Generator | None,
    ) -> tuple[Float[Tensor, "T B E"], Float[Tensor, "T B S"] | None, LayerStates]:
        """What is compared with each piece's vector, attention weights, last states."""
        x = self._dropped(self.embedding(pieces), generator)
        h, lower = self.decoder(x, states[: self._state_count], probe=probe)
        h, weights = self._dropped(h, generator), None
        if self.attention is not None and self.combine is not None:
            context, weights = self.attention(h.transpose(0, 1), source.memory, source.mask)
            h = torch.tanh(self.combine(torch.cat((h, context.transpose(0, 1)), -1)))
            h, weights = self._dropped(h, generator), weights.transpose(0, 1)
        last = as_tuple(lower)
        if self.upper is not None:
            above, upper = self.upper(h, states[self._state_count :])
            h, last = h + self._dropped(above, generator), last + as_tuple(upper)
        return self.project(h), weights, last

    def _dropped(self, x: Tensor, generator: torch.Generator | None) -> Tensor:
        return dropout(x, self.dropout, generator) if self.training else x

    def loss(
        self,
        batch: PairBatch,
        carry: None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean −log p of the next piece, in nats, with smoothed targets; with weights,
        −Σ weight · log p over the pieces, divided by their number."""
        per_source = batch.target.size(1) // batch.source.size(1)
        source = self.encode(batch.source, batch.lengths, generator=generator).repeat(per_source)
        inputs, targets = batch.target[:-1], batch.target[1:]
        vectors, _, _ = self._decode(inputs, source, source.states, None, generator)
        counts = targets != PAD
        weights = None if batch.weights is None else batch.weights.expand_as(targets)[counts]
        smoothing = self.smoothing if weights is None else 0.0
        E, b = self.embedding.weight, self.bias
        return cross_entropy(vectors[counts], E, b, targets[counts], smoothing, weights), None

    def probes(
        self, read: int, written: int
    ) -> tuple[tuple[Float[Tensor, "_ R 1 _"], ...], tuple[Float[Tensor, "_ W 1 _"], ...]]:
        """Zeros for `encode(probe=…)` and `forward(probe=…)`, one sentence of so many pieces."""
        return probes(self.encoder, read), probes(self.decoder, written)
