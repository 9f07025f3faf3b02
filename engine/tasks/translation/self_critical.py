"""Learning from own translations: the model samples several of a sentence, each is compared with
people's, and those that are better than the others become likelier.

Cross-entropy asks for the next piece of a person's translation; what counts is a whole one of one's
own (Shen et al. 2016). The reward is GLEU, made for single sentences, and people's translation is
learnt from along with it, as in Wu et al. 2016 (their equations 8 and 9); see
`engine.tasks.self_critical`, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Int
from tokenizers import Tokenizer
from torch import Tensor

from engine.decoding import sample_rows
from engine.models.translator import PAD, START, STOP, PairBatch, Translator
from engine.padding import pad_rows
from engine.tasks.self_critical import Rewards, ngrams, sample_weights, sampling_generator
from engine.tasks.translation.data import Batches
from engine.tasks.translation.tokenizer import SPACE

Word = tuple[int, ...]

PEOPLE = 0.3
"""Weight of people's translation; those of sampled ones are differences of GLEU."""
TEMPERATURE = 0.7
"""Of sampling: smoothed targets have taught the model to expect a little of everything, and at 1
every tenth piece is nonsense."""
FURTHER = 5
"""Pieces by which a sampled translation may be longer than the longest of people's in its batch."""


class SelfCriticalBatches:
    """Batch `step` of the training; `rewards` holds the last mean rewards.

    Args:
        batches: whose pairs are taken.
        samples: translations sampled for each sentence, at least 2.
    """

    def __init__(
        self, model: Translator, batches: Batches, tokenizer: Tokenizer, samples: int
    ) -> None:
        self._model, self._batches, self._samples = model, batches, samples
        self._words = PieceJoiner(tokenizer)
        self.per_epoch = batches.per_epoch
        self.rewards = Rewards()

    def __call__(self, step: int) -> PairBatch:
        source, lengths, target, _ = self._batches(step)
        generator = sampling_generator(self._batches.seed, step, source.device)
        longest, count = len(target) + FURTHER, self._samples
        sampled = sample(self._model, source, lengths, count, longest, TEMPERATURE, generator)
        people, own = _rows(target), _rows(sampled)
        groups = [own[k : k + count] for k in range(0, len(own), count)]
        scores = []
        for group, person in zip(groups, people, strict=True):
            reference = ngrams(self._words(person))
            scores.append([gleu(ngrams(self._words(row)), reference) for row in group])
        # People's translation stands beside the sampled ones.
        advantages = self.rewards.advantages(np.array(scores))
        advantages = np.pad(advantages, ((0, 0), (0, 1)), constant_values=PEOPLE)
        rows = [row for each in zip(groups, people, strict=True) for row in (*each[0], each[1])]
        joint = pad_rows([[START, *row] for row in rows])[0].to(source.device)
        return PairBatch(source, lengths, joint, sample_weights(advantages, source.device))


@torch.no_grad()
def sample(
    model: Translator,
    source: Int[Tensor, "S B"],
    lengths: Int[Tensor, " B"],
    count: int,
    longest: int,
    temperature: float,
    generator: torch.Generator,
) -> Int[Tensor, "T N"]:
    """`count` translations sampled for each source, of `longest` pieces at most, as
    `PairBatch.target`; logits are divided by the temperature. Nothing is dropped meanwhile."""
    training = model.training
    model.eval()
    encoded = model.encode(source, lengths).repeat(count)
    states, piece = encoded.states, source.new_full((source.size(1) * count,), START)
    pieces, ended = [piece], torch.zeros_like(piece, dtype=torch.bool)
    for _ in range(longest):
        logits, _, states = model(piece.unsqueeze(0), encoded, states)
        piece = sample_rows(logits[0].float() / temperature, generator).masked_fill(ended, PAD)
        pieces.append(piece)
        ended |= piece == STOP
        if bool(ended.all()):
            break
    model.train(training)
    return torch.stack(pieces)


def _rows(target: Int[Tensor, "T B"]) -> list[list[int]]:
    """The pieces of each translation, STOP included where there is one, START not."""
    return [[n for n in row if n] for row in target[1:].T.tolist()]


class PieceJoiner:
    """Pieces put together to words: each begins with a space; signs, digits and marks stand alone.

    The end counts as a word, so that stopping too early costs.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        named = {n: piece for piece, n in tokenizer.get_vocab().items()}
        self._space = tokenizer.token_to_id(SPACE)
        self._begins = {n for n, piece in named.items() if piece.startswith(SPACE)}
        self._alone = {n for n, piece in named.items() if not piece.strip(SPACE).isalpha()}

    def __call__(self, numbers: Sequence[int]) -> list[Word]:
        words: list[list[int]] = []
        alone = True
        for number in numbers:
            if number == self._space:
                alone = True
                continue
            before, alone = alone, number in self._alone
            if before or alone or number in self._begins:
                words.append([number])
            else:
                words[-1].append(number)
        return [tuple(word) for word in words]


def gleu(own: Counter[tuple[Word, ...]], reference: Counter[tuple[Word, ...]]) -> float:
    """The smaller of precision and recall of n-grams, 0 to 1 (Wu et al. 2016)."""
    most = max(own.total(), reference.total())
    return (own & reference).total() / most if most else 0.0
