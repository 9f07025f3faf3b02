"""Self-critical training: sentences that the model samples itself, each compared with the others.

Cross-entropy asks for the next word of a person's sentence; what counts is a whole sentence of
one's own. Here the model samples several for a photo, and those that agree more with people's than
the others do become likelier: see `engine.tasks.self_critical`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.models.captioner import PAD, CaptionBatch, Captioner
from engine.tasks.captions.data import LONGEST, Batches, Vocabulary
from engine.tasks.captions.evaluation import Cider
from engine.tasks.self_critical import Rewards, sample_weights, sampling_generator

Words = tuple[str, ...]


_END = "[STOP]"
"""A sentence's end counts as a word, so that stopping early costs."""


class SelfCriticalBatches:
    """Batch `step` of self-critical training; `rewards` holds the last mean rewards.

    Args:
        batches: whose photos are taken.
        sentences: what people wrote about each photo.
        samples: sentences sampled for a photo, at least 2.
    """

    def __init__(
        self,
        model: Captioner,
        batches: Batches,
        sentences: Sequence[Sequence[Words]],
        vocabulary: Vocabulary,
        samples: int,
    ) -> None:
        self._model, self._batches = model, batches
        self._vocabulary, self._samples = vocabulary, samples
        self._sentences = [[(*words, _END) for words in own] for own in sentences]
        self._cider = Cider(self._sentences)
        self.per_epoch = batches.per_epoch
        self.rewards = Rewards()

    def __call__(self, step: int) -> CaptionBatch:
        photos = self._batches.photos(step)
        feature_maps = self._batches.feature_maps(photos)
        generator = sampling_generator(self._batches.seed, step, self._batches.device)
        self._model.eval()
        sampled = self._model.sample(feature_maps, self._samples, LONGEST, generator)
        self._model.train()
        scores = []
        for k, ids in enumerate(sampled[1:].T.tolist()):
            words = self._vocabulary.decode(ids)
            ended = len(words) < sum(id != PAD for id in ids)
            people = self._sentences[photos[k // self._samples][1]]
            scores.append(self._cider.score((*words, _END) if ended else words, people))
        rewards = np.array(scores).reshape(len(photos), self._samples)
        weights = sample_weights(self.rewards.advantages(rewards), self._batches.device)
        return CaptionBatch(feature_maps, sampled, weights)
