"""Self-critical training: sentences that the model draws itself, each judged against its siblings.

Cross-entropy asks for the next word of a person's sentence; what counts is a whole sentence of
one's own. Here the model draws several for a photo, and those that agree more with people's than
their siblings do become likelier: see `siblings`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.models.captioner import CaptionBatch, Captioner
from engine.results.arrays import Floats
from engine.tasks.captions.cider import Cider
from engine.tasks.captions.data import LONGEST, Batches, Vocabulary
from engine.tasks.self_critical import Rewards, sample_weights, sampling_generator

Words = tuple[str, ...]


class Rewarded:
    """Batch `step` of self-critical training; `rewards` holds the last mean rewards.

    Args:
        batches: whose photos are taken.
        sentences: what people wrote about each photo.
        each: sentences drawn for a photo, at least 2.
    """

    def __init__(
        self,
        model: Captioner,
        batches: Batches,
        sentences: Sequence[Sequence[Words]],
        vocabulary: Vocabulary,
        each: int,
        seed: int,
        device: torch.device,
    ) -> None:
        self._model, self._batches, self._sentences = model, batches, sentences
        self._vocabulary, self._each, self._seed, self._device = vocabulary, each, seed, device
        self._cider = Cider([[(*words, _END) for words in own] for own in sentences])
        self.per_epoch = batches.per_epoch
        self.rewards = Rewards()

    def __call__(self, step: int) -> CaptionBatch:
        photos = self._batches.photos(step)
        halfway = self._batches.halfway(photos)
        generator = sampling_generator(self._seed, step, self._device)
        self._model.eval()
        drawn = self._model.draw(halfway, self._each, LONGEST, generator)
        self._model.train()
        advantages = self.rewards.advantages(self._judge(drawn, [photo for _, photo in photos]))
        return CaptionBatch(halfway, drawn, sample_weights(advantages, self._device))

    def _judge(self, drawn: torch.Tensor, photos: Sequence[int]) -> Floats:
        """(P, each) CIDEr-D; a sentence's end counts as a word, so that stopping early costs."""
        rewards = []
        for k, numbers in enumerate(drawn[1:].T.tolist()):
            people = [(*words, _END) for words in self._sentences[photos[k // self._each]]]
            rewards.append(self._cider.score(self._said(numbers), people))
        return np.array(rewards).reshape(len(photos), self._each)

    def _said(self, numbers: list[int]) -> Words:
        words = self._vocabulary.sentence(numbers)
        return (*words, _END) if len(words) < len([n for n in numbers if n]) else words


_END = "[STOP]"
