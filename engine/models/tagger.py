"""A label for every letter of a text, read word by word: slide 15's kind n → n, aligned.

    x_t = E_word[w_t] + E_case[k_t] + Σ_j E_letter[l_j] / √n         one step a word, n letters
          + P E_pair[w_{t-1} w_t]                                    where the pair is listed
    h_t = recurrent layers over x_1 … x_T                            both ways: slide 49
    z_j = tanh(U h_t + b + Σ_d V_d[l_{j+d}]),  d = −2 … 2            a letter j of the word t
    p_j = softmax(W z_j + c)                                          over the forms of that letter

In Vietnamese a word between two spaces is a syllable, and many words of the dictionary are two: so
frequent pairs have a vector of their own. With two directions h_t knows the words that
follow as well as those before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from engine.cells import DEFAULT_CELL
from engine.dropout import dropout
from engine.gradients import probes
from engine.recurrent import build_layer, init_keep_gate_bias_

REACH = 2
"""Letters to either side that a letter's label is read with."""


class TaggerBatch(NamedTuple):
    """Texts as columns. Numbers of the words, of their pairs with the word before, 0 for none, and
    of their cases (T, B); and for the M characters of
    all words, one text after the other, (M,): their numbers, the step that each is part of as
    t · B + b, their group (0 where there is nothing to choose) and the class that is right (any
    number where there is nothing to choose)."""

    words: Tensor
    pairs: Tensor
    cases: Tensor
    characters: Tensor
    owners: Tensor
    groups: Tensor
    targets: Tensor


class LetterTagger(nn.Module):
    """Reads a text word by word and scores K classes for each letter that has a choice.

    A letter belongs to a group that says which classes it may have: group 0 has none, group g ≥ 1
    the `groups[g − 1]` classes that follow those of the groups before it.

    Args:
        alphabet: number of characters; 0 stands for all that are not listed.
        words, pairs: numbers of words and of pairs; 0 stands for all that are not listed.
        groups: number of classes of each group; their sum is K.
        embedding, pair_embedding: sizes of a word's vector x_t and of a pair's.
        hidden, layers: sizes; `hidden` is per direction.
        head: size of z_j.
        cell: its name in `cells.CELLS`.
        bidirectional: whether a second direction reads from the end.
        dropout: share of units dropped before, between and after the recurrent layers in training.
        keep_bias: what the bias of the gate that keeps the old state starts at; see
            `init_keep_gate_bias_`.
        fused: hand whole sequences to torch's kernel where the layer can, for training.
        generator: what initial weights are drawn from.
    """

    CASES = 3

    def __init__(
        self,
        alphabet: int,
        words: int,
        pairs: int,
        groups: Sequence[int],
        embedding: int = 192,
        pair_embedding: int = 96,
        hidden: int = 192,
        layers: int = 2,
        head: int = 192,
        cell: str = DEFAULT_CELL,
        bidirectional: bool = True,
        dropout: float = 0.0,
        keep_bias: float = 0.0,
        fused: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.groups, self.dropout, self.alphabet = tuple(groups), dropout, alphabet
        self.words = _table(words, embedding)
        self.pairs = _table(pairs, pair_embedding)
        self.pair_input = nn.utils.skip_init(nn.Linear, pair_embedding, embedding, bias=False)
        self.cases = _table(self.CASES, embedding)
        self.letters = _table(alphabet, embedding)
        self.recurrent = build_layer(
            cell,
            embedding,
            hidden,
            layers,
            dropout=dropout,
            bidirectional=bidirectional,
            generator=generator,
        )
        if hasattr(self.recurrent, "fused"):
            self.recurrent.fused = fused
        width = hidden * self.recurrent.directions
        self.head = nn.utils.skip_init(nn.Linear, width, head)
        self.neighbours = _table((2 * REACH + 1) * alphabet, head)
        self.output = nn.utils.skip_init(nn.Linear, head, sum(groups))
        with torch.no_grad():
            for table in (self.words, self.cases, self.letters, self.neighbours):
                table.weight.normal_(0, 0.3, generator=generator)
            # At first a pair says nothing; 0, no pair, never does.
            self.pairs.weight.normal_(0, 0.3, generator=generator)[0] = 0
            self.pair_input.weight.zero_()
            for linear in (self.head, self.output):
                linear.weight.normal_(0, linear.in_features**-0.5, generator=generator)
                linear.bias.zero_()
            if keep_bias:
                init_keep_gate_bias_(self.recurrent, keep_bias)

    def states(
        self,
        batch: TaggerBatch,
        lengths: Int[Tensor, " B"] | None = None,
        probe: tuple[Float[Tensor, " ..."], ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "T B W"]:
        """The top layer's state at every word; W is H times the number of directions."""
        pairs = nn.functional.embedding(batch.pairs, self.pairs.weight, padding_idx=0)
        words = self.words(batch.words) + self.cases(batch.cases)
        x = (words + self.pair_input(pairs)).flatten(0, 1)
        count = torch.bincount(batch.owners, minlength=len(x)).clamp_min(1)
        letters = self.letters(batch.characters) * count.rsqrt()[batch.owners].unsqueeze(1)
        x = x.index_add(0, batch.owners, letters).view(*batch.words.shape, -1)
        if self.training:
            x = dropout(x, self.dropout, generator)
        states, _ = self.recurrent(x, lengths=lengths, probe=probe, generator=generator)
        return dropout(states, self.dropout, generator) if self.training else states

    def forward(
        self,
        batch: TaggerBatch,
        lengths: Int[Tensor, " B"] | None = None,
        *,
        probe: tuple[Float[Tensor, " ..."], ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "C K"]:
        """Logits of the C letters with a choice, in their order; −∞ for classes that a letter's
        group does not have. `probe` is what `probes` gave; `generator` is dropout's."""
        states = self.states(batch, lengths, probe, generator).flatten(0, 1)
        chosen = torch.nonzero(batch.groups).flatten()
        context = self.head(states)[batch.owners[chosen]]
        z = (context + self._surroundings(batch, chosen)).tanh()
        logits: Tensor = self.output(z).float()
        groups, sizes = batch.groups[chosen], torch.tensor((0, *self.groups), device=z.device)
        last = sizes.cumsum(0)[groups].unsqueeze(-1)
        first = last - sizes[groups].unsqueeze(-1)
        number = torch.arange(logits.size(-1), device=z.device)
        return logits.masked_fill((number < first) | (number >= last), -torch.inf)

    def _surroundings(self, batch: TaggerBatch, chosen: Int[Tensor, " C"]) -> Float[Tensor, "C Z"]:
        """Σ_d V_d[l_{j+d}] over the letters around each chosen one; beyond its word stands 0."""
        offsets = torch.arange(-REACH, REACH + 1, device=chosen.device)
        place = (chosen.unsqueeze(1) + offsets).clamp(0, len(batch.owners) - 1)
        same = batch.owners[place] == batch.owners[chosen].unsqueeze(1)
        letters = torch.where(same, batch.characters[place], 0)
        # Clamping repeats a letter at the text's ends, where nothing is to be read.
        letters = torch.where(place - offsets == chosen.unsqueeze(1), letters, 0)
        vectors: Tensor = self.neighbours(letters + (offsets + REACH) * self.alphabet)
        return vectors.sum(1)

    def probes(self, steps: int) -> tuple[Float[Tensor, " ..."], ...]:
        """Zeros for `forward(probe=…)` with one text of `steps` words."""
        return probes(self.recurrent, steps)

    def loss(
        self,
        batch: TaggerBatch,
        carry: tuple[Float[Tensor, " ..."], ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Float[Tensor, ""], None]:
        """Mean cross-entropy, in nats, over the letters with a choice."""
        logits = self(batch, generator=generator)
        return nn.functional.cross_entropy(logits, batch.targets[batch.groups > 0]), None


def _table(count: int, size: int) -> nn.Embedding:
    """An embedding whose weights are filled in by its owner."""
    return nn.Embedding(count, size, _weight=torch.empty(count, size))
