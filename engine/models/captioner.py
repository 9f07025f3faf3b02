"""A captioner (slides 11-12 and 55-56): a CNN encodes a photo, a recurrent network describes it.

h_0 = tanh(W_0 · image), then START → word → word → … → STOP, a classifier on each h_t. With
attention (Xu et al. 2015, in the form of Luong et al. 2015) each state also looks at the 7 × 7
regions of the photo before the next word is chosen: y_t = softmax(W_y tanh(W_c [h_t, c_t])).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine import vision
from engine.attention import Attention
from engine.cells import DEFAULT_CELL
from engine.decoding import sample_rows
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_
from engine.stacking import Probes, as_tuple

PAD, START, UNKNOWN, STOP = range(4)
"""The first ids of the vocabulary; words follow. The first three are never written."""
SPECIAL = 4
UNWRITTEN = 3
"""Ids that have no logit: logit k belongs to id k + 3."""

FORMER_NAMES = {"tip.head.": "head.conv.", "tip.": "head.", "tip": "head"}
"""How names of weights and arguments began in files of earlier versions, and how they do now; the
first that fits counts."""

LayerStates = tuple[Float[Tensor, "1 B H"], ...]


class CaptionBatch(NamedTuple):
    """P photos with S sentences each, B = P·S, those of a photo side by side.

    feature_maps: see `vision`; words: START, words, STOP, then PAD. `weights` are the sentences'
    advantages, where they are the model's own samples.
    """

    feature_maps: Float[Tensor, "P 49 208"]
    words: Int[Tensor, "T+1 B"]
    weights: Float[Tensor, " B"] | None = None


class EncodedPhotos(NamedTuple):
    """What the decoder keeps of P photos: their regions, and the mean of these."""

    regions: Float[Tensor, "P 49 H"]
    mean: Float[Tensor, "P H"]


class Captioner(nn.Module):
    """Describes a photo, word by word.

    Args:
        vocabulary: words and the special ids.
        embedding, hidden: sizes of a word's vector and of the state; regions of the photo are
            projected to `hidden` as well.
        cell: its name in `cells.CELLS`.
        attention: whether each state looks at the photo again (slide 12 has h_0 alone).
        head: whether the model owns the encoder's last blocks, so that they can be trained.
        dropout: share dropped of regions, words and states.
        smoothing: share of each target given to all words alike (Szegedy et al. 2016).
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
        head: bool = False,
        dropout: float = 0.0,
        smoothing: float = 0.0,
        keep_bias: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.vocabulary, self.dropout, self.smoothing = vocabulary, dropout, smoothing
        self.head = vision.empty_head() if head else None
        self.embedding = nn.utils.skip_init(nn.Embedding, vocabulary, embedding)
        self.project = nn.utils.skip_init(nn.Linear, vision.FEATURES, hidden)
        self.recurrent = build_layer(cell, embedding, hidden, generator=generator)
        states = len(self.recurrent.spec.states)
        self.first = nn.utils.skip_init(nn.Linear, hidden, hidden * states)
        self.attention = Attention(hidden, hidden, generator) if attention else None
        self.combine = nn.utils.skip_init(nn.Linear, 2 * hidden, hidden) if attention else None
        self.output = nn.utils.skip_init(nn.Linear, hidden, vocabulary - UNWRITTEN)
        with torch.no_grad():
            self.embedding.weight.normal_(0, 0.1, generator=generator)
            for layer in (self.project, self.first, self.combine, self.output):
                if layer is not None:
                    layer.weight.normal_(0, layer.in_features**-0.5, generator=generator)
                    layer.bias.zero_()
            init_keep_gate_bias_(self.recurrent, keep_bias)

    def encode(
        self, feature_maps: Float[Tensor, "P 49 208"], generator: torch.Generator | None = None
    ) -> EncodedPhotos:
        """What the decoder keeps of the photos, by the model's own last blocks or ImageNet's."""
        head = vision.encoder(str(feature_maps.device)).head if self.head is None else self.head
        features = self._dropped(head(feature_maps), generator)
        regions = torch.relu(self.project(features))
        return EncodedPhotos(regions, regions.mean(1))

    def initial_states(self, photos: EncodedPhotos, per_photo: int = 1) -> LayerStates:
        """h_0 from the image (slide 12), for the LSTM c_0 too, B = P·per_photo rows."""
        first = torch.tanh(self.first(photos.mean)).repeat_interleave(per_photo, 0)
        states = len(self.recurrent.spec.states)
        return tuple(part.contiguous() for part in first.unsqueeze(0).chunk(states, -1))

    def forward(
        self,
        words: Int[Tensor, "T B"],
        photos: EncodedPhotos,
        states: LayerStates,
        *,
        probe: Probes | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, "T B V"], Float[Tensor, "T B 49"] | None, LayerStates]:
        """words -> logits, attention weights or None, states.

        Logit k belongs to id k + 3, so V is the vocabulary less 3. B is P or a multiple of it.
        """
        x = self._dropped(self.embedding(words), generator)
        h, last = self.recurrent(x, states, probe=probe)
        h = self._dropped(h, generator)
        weights = None
        if self.attention is not None and self.combine is not None:
            context, weights = self._attend(h, photos, self.attention)
            h = self._dropped(torch.tanh(self.combine(torch.cat((h, context), -1))), generator)
        logits: Tensor = self.output(h)
        return logits, weights, as_tuple(last)

    def _attend(
        self, h: Float[Tensor, "T B H"], photos: EncodedPhotos, attention: Attention
    ) -> tuple[Float[Tensor, "T B H"], Float[Tensor, "T B 49"]]:
        """Contexts and attention weights: all sentences of a photo ask the same memory."""
        count, (steps, rows, hidden) = len(photos.regions), h.shape
        query = h.view(steps, count, rows // count, hidden).transpose(0, 1).flatten(1, 2)
        context, weights = attention(query, photos.regions)

        def by_step(t: Tensor) -> Tensor:
            rows_last: Tensor = t.unflatten(1, (steps, rows // count)).transpose(0, 1)
            return rows_last.flatten(1, 2)

        return by_step(context), by_step(weights)

    def _dropped(self, x: Tensor, generator: torch.Generator | None) -> Tensor:
        return dropout(x, self.dropout, generator) if self.training else x

    def loss(
        self,
        batch: CaptionBatch,
        carry: LayerStates | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean −log p of the next word, in nats; with weights, −Σ weight · log p over the words
        (Rennie et al. 2017, eq. 7)."""
        photos = self.encode(batch.feature_maps, generator)
        per_photo = batch.words.size(1) // len(batch.feature_maps)
        read, target = batch.words[:-1], batch.words[1:] - UNWRITTEN
        states = self.initial_states(photos, per_photo)
        logits, _, _ = self(read, photos, states, generator=generator)
        smoothing = self.smoothing if batch.weights is None else 0.0
        losses = nn.functional.cross_entropy(
            logits.flatten(0, 1).float(),
            # Padding and words too rare to be known teach nothing.
            target.masked_fill(target < 0, -100).flatten(),
            label_smoothing=smoothing,
            reduction="none",
        ).view_as(target)
        if batch.weights is not None:
            losses = losses * batch.weights
        return losses.sum() / (target >= 0).sum(), None

    def probes(self, steps: int) -> Probes:
        """Zeros for `forward(probe=…)` with one sentence of `steps` words."""
        return probes(self.recurrent, steps)

    @torch.no_grad()
    def sample(
        self,
        feature_maps: Float[Tensor, "P 49 208"],
        per_photo: int,
        longest: int,
        generator: torch.Generator | None = None,
    ) -> Int[Tensor, "T B"]:
        """Sentences sampled for each photo, as `CaptionBatch.words`, B = P·per_photo; greedy ones
        with `per_photo` 0, one a photo."""
        photos = self.encode(feature_maps)
        states = self.initial_states(photos, max(1, per_photo))
        rows = len(feature_maps) * max(1, per_photo)
        word = torch.full((rows,), START, device=feature_maps.device)
        words, ended = [word], torch.zeros_like(word, dtype=torch.bool)
        for _ in range(longest):
            logits, _, states = self(word.unsqueeze(0), photos, states)
            scores = logits[0].float()
            word = sample_rows(scores, generator) if per_photo else scores.argmax(-1)
            word = (word + UNWRITTEN).masked_fill(ended, PAD)
            words.append(word)
            ended |= word == STOP
            if bool(ended.all()):
                break
        return torch.stack(words)
