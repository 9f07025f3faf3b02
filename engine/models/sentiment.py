"""Sequence classification: embedding, recurrent layers, one vector per text, a linear classifier.

The vector is the last state h_n (slide 51), the sum Σ h_t of all states (slide 52) or their mean,
which is that sum divided by n, so that long texts do not shout; with two directions, slide 53's.

`Pretraining` is a warm-up (Dai & Le 2015; Howard & Ruder 2018): before a model sees a label, its
embedding and recurrent layers learn to predict, from the state after each piece, the next piece;
the states of the other direction predict the one before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.bptt.sequence import cell_step, unroll
from engine.cells import DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_
from engine.stacking import Probes

POOLINGS = ("last", "sum", "mean")

SCORED = 0.25
"""Share of the pairs that a training step scores, drawn anew each time: the softmax over the whole
vocabulary costs more than the recurrence does."""


class TextBatch(NamedTuple):
    """Texts padded with 0, their lengths, and the probability that each class should get: 1 for the
    true one where nothing softer is known."""

    ids: Int[Tensor, "T B"]
    lengths: Int[Tensor, " B"]
    targets: Float[Tensor, "B K"]


class Scores(NamedTuple):
    """Logits of K classes, and the top layer's states, W = H · directions wide."""

    logits: Float[Tensor, "B K"]
    states: Float[Tensor, "T B W"]


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
        keep_bias: what the keeping gate's bias starts at (`recurrent.init_keep_gate_bias_`). 0
            leaves torch's initialisation.
        prefixes: share of the loss that the answers after every step have, where the last state is
            the vector: of one direction only, ValueError otherwise.
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
        prefixes: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {POOLINGS}")
        if prefixes and (pooling != "last" or bidirectional):
            raise ValueError("answers after every step need one direction and its last state")
        self.prefixes = prefixes
        self.pooling, self.dropout, self.word_dropout = pooling, dropout, word_dropout
        self.embedding = nn.Embedding(
            vocabulary, embedding, _weight=torch.empty(vocabulary, embedding)
        )
        self.recurrent = build_layer(
            cell,
            embedding,
            hidden,
            layers,
            dropout=dropout if layers > 1 else 0.0,
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
        ids: Int[Tensor, "T B"],
        lengths: Int[Tensor, " B"] | None = None,
        *,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> Scores:
        """`probe` is what `probes` gave; `generator` is what dropout draws from."""
        x = self.embedding(ids)
        if self.training:
            kept = dropout(x.new_ones(*ids.shape, 1), self.word_dropout, generator)
            x = dropout(x * kept, self.dropout, generator)
        states, _ = self.recurrent(x, lengths=lengths, probe=probe, generator=generator)
        pooled = self._pool(states, lengths)
        if self.training:
            pooled = dropout(pooled, self.dropout, generator)
        return Scores(self.classifier(pooled), states)

    def _pool(
        self, states: Float[Tensor, "T B W"], lengths: Int[Tensor, " B"] | None
    ) -> Float[Tensor, "B W"]:
        """One vector per text. "last" takes each direction's own last step."""
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

    def after_each(self, states: Float[Tensor, "T 1 W"]) -> Float[Tensor, "T K"]:
        """Logits after each step of one text, from states of one direction only.

        A bidirectional model has to read each prefix anew, since its other direction starts at the
        prefix's end: ValueError.
        """
        if self.recurrent.bidirectional:
            raise ValueError("a bidirectional model has to read each prefix anew")
        pooled = states[:, 0]
        if self.pooling != "last":
            pooled = pooled.cumsum(0)
        if self.pooling == "mean":
            pooled = pooled / torch.arange(1, len(pooled) + 1, device=pooled.device).unsqueeze(1)
        logits: Tensor = self.classifier(pooled)
        return logits

    @torch.no_grad()
    def without(
        self,
        ids: Int[Tensor, " T"],
        spans: Sequence[tuple[int, int]],
        stop: Callable[[], bool] | None = None,
    ) -> Float[Tensor, "P K"]:
        """Logits of a text without its steps a … b − 1, for each of P spans (a, b).

        Up to a, a direction is in the states that it has in the whole text, which it reads once.
        From b on, the P texts take each step side by side: one product with W_h for all of them.
        To leave out everything from a on is to read the beginning that ends there.

        ValueError for several layers, or a span that leaves nothing; InterruptedError once `stop()`
        is true.
        """
        T = len(ids)
        if self.recurrent.num_layers > 1 or any(not 0 <= b - a < T for a, b in spans):
            raise ValueError("one layer, and spans that leave something of the text")
        x = self.embedding(ids)
        pooled = [self._without(x, spans, reverse=False, stop=stop)]
        if self.recurrent.bidirectional:
            mirrored = [(T - b, T - a) for a, b in spans]
            pooled.append(self._without(x.flip(0), mirrored, reverse=True, stop=stop))
        vector = torch.cat(pooled, -1)
        if self.pooling == "mean":
            left = torch.tensor([T - (b - a) for a, b in spans], device=x.device)
            vector = vector / left.unsqueeze(1)
        logits: Tensor = self.classifier(vector)
        return logits

    def _without(
        self,
        x: Float[Tensor, "T I"],
        spans: Sequence[tuple[int, int]],
        reverse: bool,
        stop: Callable[[], bool] | None,
    ) -> Float[Tensor, "P H"]:
        """The same in one direction, x in its order: the last state of each text, or their sum."""
        cell = self.recurrent.cell(0, reverse)
        start = cell.initial_state(1)
        whole = unroll(cell_step(cell), x.unsqueeze(1), start, (None,) * len(start))
        # Row t: before step t, the states, and the sum of all outputs so far.
        before = [torch.cat([s, w[:, 0]]) for s, w in zip(start, whole, strict=True)]
        total = before[0].cumsum(0)
        order = sorted(range(len(spans)), key=lambda k: spans[k][1])
        kept = torch.tensor([spans[k][0] for k in order], device=x.device)
        begins = [spans[k][1] for k in order]
        states, sums = [s[kept] for s in before], total[kept]
        for t, x_t in enumerate(x):
            active = bisect_right(begins, t)
            if stop is not None and stop():
                raise InterruptedError("stopped")
            if active:
                output, new = cell(x_t.unsqueeze(0), tuple(s[:active] for s in states))
                sums[:active] += output
                for state, value in zip(states, new, strict=True):
                    state[:active] = value
        pooled = states[0] if self.pooling == "last" else sums
        return pooled[torch.tensor(order, device=x.device).argsort()]

    def first_order(self, ids: Int[Tensor, " T"], way: Float[Tensor, " K"]) -> Float[Tensor, " T"]:
        """∂s/∂x_t · x_t of each step, s being `way` · logits: to first order, how much of s goes
        with the step."""
        with torch.enable_grad():
            x = self.embedding(ids.unsqueeze(1)).detach().requires_grad_()
            states, _ = self.recurrent(x)
            s = (self.classifier(self._pool(states, None)) @ way).sum()
            (slope,) = torch.autograd.grad(s, x)
        parts: Tensor = (slope * x.detach()).sum(-1)[:, 0]
        return parts

    def probes(self, steps: int) -> Probes:
        """Zeros for `forward(probe=…)` with one text of `steps` pieces."""
        return probes(self.recurrent, steps)

    def loss(
        self,
        batch: TextBatch,
        carry: None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean cross-entropy of the targets, in nats; nothing is carried over."""
        scores = self(batch.ids, batch.lengths, generator=generator)
        loss = nn.functional.cross_entropy(scores.logits, batch.targets)
        if self.prefixes:
            each = self._prefix_loss(scores.states, batch, generator)
            loss = (1 - self.prefixes) * loss + self.prefixes * each
        return loss, None

    def _prefix_loss(
        self,
        states: Float[Tensor, "T B W"],
        batch: TextBatch,
        generator: torch.Generator | None,
    ) -> Float[Tensor, ""]:
        """Mean cross-entropy of the answers after every step, in nats.

        What is learnt is the share of texts of each label among those that begin so: a beginning
        that says nothing is uncertain. Step t of n counts t / n, so that the first words, which
        depend on the corpus more than on what is said, count least.
        """
        if self.training:
            states = dropout(states, self.dropout, generator)
        logs = self.classifier(states).log_softmax(-1)
        steps = torch.arange(1, len(states) + 1, device=states.device).unsqueeze(1)
        weights = (steps <= batch.lengths) * steps / batch.lengths
        losses: Tensor = -(logs * batch.targets).sum(-1)
        return ((losses * weights).sum(0) / weights.sum(0)).mean()


class Pretraining(nn.Module):
    """Trains `model` to predict neighbouring pieces; the model itself is what comes out.

    The output layer is h·E + b with the embedding E (V, H) itself (Press & Wolf 2017), so the
    embedding has to be as wide as the state; ValueError otherwise.

    Args:
        model: of one or two directions.
    """

    def __init__(self, model: SentimentModel) -> None:
        super().__init__()
        vocabulary, width = model.embedding.weight.shape
        if width != model.recurrent.hidden_size:
            raise ValueError("tied weights need an embedding as wide as the state")
        self.model = model
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def loss(
        self,
        batch: TextBatch,
        carry: None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean −log p of neighbouring pieces, in nats a piece; in training of some of them."""
        model, ids = self.model, batch.ids
        x = model.embedding(ids)
        if self.training:
            x = dropout(x, model.dropout / 2, generator)
        states, _ = model.recurrent(x, lengths=batch.lengths, generator=generator)
        H = model.recurrent.hidden_size
        pairs = [(states[:-1, :, :H], ids[1:])]
        if model.recurrent.bidirectional:
            pairs.append((states[1:, :, H:], ids[:-1]))
        # A pair counts when its later piece is part of the text, not padding.
        inside = ids[1:] != 0
        if self.training:
            drawn = torch.rand(inside.shape, generator=generator, device=ids.device)
            inside &= drawn < SCORED
        losses = []
        for h, neighbours in pairs:
            target = neighbours[inside]
            logits = torch.addmm(self.bias, h[inside], model.embedding.weight.t())
            total = nn.functional.cross_entropy(logits, target, reduction="sum")
            losses.append(total / max(1, len(target)))
        return torch.stack(losses).mean(), None
