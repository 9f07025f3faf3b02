"""Language modelling as a warm-up for a text classifier (Dai & Le 2015; Howard & Ruder 2018).

Before a sentiment model sees a label, its embedding and recurrent layers learn to predict, from the
state after each piece, the next piece; the states of the other direction predict the one before.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.dropout import dropout
from engine.models.sentiment import SentimentModel, TextBatch

SCORED = 0.25
"""Share of the pairs that a training step scores, drawn anew each time: the softmax over the whole
vocabulary costs more than the recurrence does."""


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
        losses = [self._cross_entropy(h[inside], target[inside]) for h, target in pairs]
        return torch.stack(losses).mean(), None

    def _cross_entropy(
        self, h: Float[Tensor, "N H"], target: Int[Tensor, " N"]
    ) -> Float[Tensor, ""]:
        logits = torch.addmm(self.bias, h, self.model.embedding.weight.t())
        total = nn.functional.cross_entropy(logits, target, reduction="sum")
        return total / max(1, len(target))
