"""A captioner (slides 11-12 and 55-56): a CNN looks, a recurrent network says what it sees.

h_0 = tanh(W_0 · image), then START → word → word → … → STOP, a classifier on each h_t. With
attention (Xu et al. 2015, in the form of Luong et al. 2015) each state also looks at the 7 × 7
places of the feature map before the next word is chosen: y_t = softmax(W_y tanh(W_c [h_t, c_t])).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine import vision
from engine.attention import Attention
from engine.cells import DEFAULT_CELL
from engine.decoding import sample_rows
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_

PAD, START, UNKNOWN, STOP = range(4)
"""The first numbers of the vocabulary; words follow. The first three are never said."""
SPECIAL = 4
UNSAID = 3

States = tuple[Tensor, ...]


class CaptionBatch(NamedTuple):
    """P photos with S sentences each, B = P·S, those of a photo side by side.

    halfway (P, 49, 208): see `vision`; words (T + 1, B): START, words, STOP, then PAD. `weights`
    (B,) is how much better than expected each sentence was, where sentences are the model's own.
    """

    halfway: Tensor
    words: Tensor
    weights: Tensor | None = None


class Sight(NamedTuple):
    """What the decoder keeps of P photos: places (P, 49, D) and their mean (P, D)."""

    places: Tensor
    mean: Tensor


class Captioner(nn.Module):
    """Says what is in a photo, word by word.

    Args:
        vocabulary: words and the special numbers.
        embedding, hidden: sizes of a word's vector and of the state; places of the photo are
            projected to `hidden` as well.
        cell: its name in `cells.CELLS`.
        attention: whether each state looks at the photo again (slide 12 has h_0 alone).
        tip: whether the model owns the encoder's last blocks, so that they can be trained.
        dropout: share dropped of places, words and states.
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
        tip: bool = False,
        dropout: float = 0.0,
        smoothing: float = 0.0,
        keep_bias: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.vocabulary, self.dropout, self.smoothing = vocabulary, dropout, smoothing
        self.tip = vision.empty_tip() if tip else None
        self.embedding = nn.utils.skip_init(nn.Embedding, vocabulary, embedding)
        self.project = nn.utils.skip_init(nn.Linear, vision.FEATURES, hidden)
        self.recurrent = build_layer(cell, embedding, hidden, generator=generator)
        self.first = nn.utils.skip_init(nn.Linear, hidden, hidden * self._states)
        self.attention = Attention(hidden, hidden, generator) if attention else None
        self.combine = nn.utils.skip_init(nn.Linear, 2 * hidden, hidden) if attention else None
        self.output = nn.utils.skip_init(nn.Linear, hidden, vocabulary - UNSAID)
        self._start(generator, keep_bias)

    @torch.no_grad()
    def _start(self, generator: torch.Generator | None, keep_bias: float) -> None:
        self.embedding.weight.normal_(0, 0.1, generator=generator)
        for layer in (self.project, self.first, self.combine, self.output):
            if layer is not None:
                layer.weight.normal_(0, layer.in_features**-0.5, generator=generator)
                layer.bias.zero_()
        init_keep_gate_bias_(self.recurrent, keep_bias)

    @property
    def _states(self) -> int:
        return len(self.recurrent.cell_class.state_names)

    def features(self, halfway: Tensor) -> Tensor:
        """halfway (P, 49, 208) -> (P, 49, 1280), by the model's own last blocks or ImageNet's."""
        tip = vision.encoder(str(halfway.device)).tip if self.tip is None else self.tip
        found: Tensor = tip(halfway)
        return found

    def see(self, halfway: Tensor, generator: torch.Generator | None = None) -> Sight:
        """halfway (P, 49, 208) -> what the decoder keeps of the photos."""
        features = self._dropped(self.features(halfway), generator)
        places = torch.relu(self.project(features))
        return Sight(places, places.mean(1))

    def initial(self, sight: Sight, each: int = 1) -> States:
        """h_0 from the image (slide 12), for the LSTM c_0 too: each (1, P·each, H)."""
        first = torch.tanh(self.first(sight.mean)).repeat_interleave(each, 0)
        return tuple(part.contiguous() for part in first.unsqueeze(0).chunk(self._states, -1))

    def forward(
        self,
        words: Tensor,
        sight: Sight,
        states: States,
        *,
        probe: tuple[Tensor, ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor | None, States]:
        """words (T, B) -> logits (T, B, V − 3), shares of attention (T, B, 49) or None, states.

        Logit k belongs to number k + 3: what is never said has none. B is P or a multiple of it.
        """
        x = self._dropped(self.embedding(words), generator)
        state = states if len(states) > 1 else states[0]
        h, last = self.recurrent(x, state, probe=probe)
        h = self._dropped(h, generator)
        shares = None
        if self.attention is not None and self.combine is not None:
            context, shares = self._look(h, sight, self.attention)
            h = self._dropped(torch.tanh(self.combine(torch.cat((h, context), -1))), generator)
        logits: Tensor = self.output(h)
        return logits, shares, (last,) if isinstance(last, Tensor) else tuple(last)

    def _look(self, h: Tensor, sight: Sight, attention: Attention) -> tuple[Tensor, Tensor]:
        """Contexts (T, B, D) and shares (T, B, 49): a photo's sentences ask the same memory."""
        photos, (steps, rows, hidden) = len(sight.places), h.shape
        query = h.view(steps, photos, rows // photos, hidden).transpose(0, 1).flatten(1, 2)
        context, shares = attention(query, sight.places)

        def back(t: Tensor) -> Tensor:
            by_step: Tensor = t.unflatten(1, (steps, rows // photos)).transpose(0, 1)
            return by_step.flatten(1, 2)

        return back(context), back(shares)

    def _dropped(self, x: Tensor, generator: torch.Generator | None) -> Tensor:
        return dropout(x, self.dropout, generator) if self.training else x

    def loss(
        self,
        batch: CaptionBatch,
        carry: States | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, None]:
        """Mean −log p of the next word, in nats; with weights, −Σ weight · log p over the words
        (Rennie et al. 2017, eq. 7)."""
        sight = self.see(batch.halfway, generator)
        each = batch.words.size(1) // len(batch.halfway)
        read, said = batch.words[:-1], batch.words[1:] - UNSAID
        logits, _, _ = self(read, sight, self.initial(sight, each), generator=generator)
        smoothing = self.smoothing if batch.weights is None else 0.0
        surprise = nn.functional.cross_entropy(
            logits.flatten(0, 1).float(),
            # Padding and words too rare to be known teach nothing.
            said.masked_fill(said < 0, -100).flatten(),
            label_smoothing=smoothing,
            reduction="none",
        ).view_as(said)
        if batch.weights is not None:
            surprise = surprise * batch.weights
        return surprise.sum() / (said >= 0).sum(), None

    def probes(self, steps: int) -> tuple[Tensor, ...]:
        """Zeros for `forward(probe=…)` with one sentence of `steps` words."""
        return probes(self.recurrent, steps)

    @torch.no_grad()
    def draw(
        self, halfway: Tensor, each: int, longest: int, generator: torch.Generator | None = None
    ) -> Tensor:
        """`each` sentences drawn for each photo, (T + 1, P·each), as `CaptionBatch.words`; greedy
        ones with `each` 0, one a photo."""
        sight = self.see(halfway)
        states = self.initial(sight, max(1, each))
        rows = len(halfway) * max(1, each)
        word = torch.full((rows,), START, device=halfway.device)
        said, ended = [word], torch.zeros_like(word, dtype=torch.bool)
        for _ in range(longest):
            logits, _, states = self(word.unsqueeze(0), sight, states)
            scores = logits[0].float()
            word = (sample_rows(scores, generator) if each else scores.argmax(-1)) + UNSAID
            word = word.masked_fill(ended, PAD)
            said.append(word)
            ended |= word == STOP
            if bool(ended.all()):
                break
        return torch.stack(said)
