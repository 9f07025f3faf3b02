"""How good captions are: BLEU and CIDEr-D of free-running output, and what else is measured.

CIDEr-D (Vedantam et al. 2015): how much a sentence agrees with what several people wrote. Sequences
of one to four words are counted and weighted by how few photos have them (tf-idf): "a man in a"
counts for little and "snowboard" for much; the score is ten times the mean cosine.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float

from engine import checkpoints, vision
from engine.decoding import Search
from engine.errors import N_, InputError
from engine.results import Floats
from engine.tasks.captions import failures
from engine.tasks.captions.data import LONGEST, Example, read, split
from engine.tasks.captions.predictor import (
    DEFAULT,
    CaptionPredictor,
    PhotoFeatures,
    encode_photo,
    load,
)
from engine.tasks.captions.recipe import COMPARED
from engine.tasks.failures import failures_path, write
from engine.tasks.self_critical import ORDERS, ngrams
from engine.training import Report

Words = Sequence[str]
Gram = tuple[str, ...]
SIGMA = 6.0
"""Words of difference in length after which a score has fallen to e^(−1/2)."""

SURE_SIZE = 0.9
"""Boxes count where the photo's size is this sure: a squashed photo has lost its own."""
FINE = 16
"""Points of a cell, in each direction, that are looked up in the boxes."""

GREEDY = Search(width=1, penalty=0.0, longest=LONGEST)

PUBLISHED: dict[str, float | str] = {
    "bleu1": 0.67,
    "bleu2": 0.448,
    "bleu3": 0.299,
    "bleu4": 0.195,
    "source": "Show, Attend and Tell with soft attention (Xu et al. 2015), VGG encoder, on the "
    "Flickr8k test photos",
}


class _Vector(NamedTuple):
    """tf-idf by n-gram, one table and one length for each order, and the sentence's words."""

    weights: tuple[dict[Gram, float], ...]
    norms: tuple[float, ...]
    length: int


class Cider:
    """Scores sentences; how rare n-grams are is counted in `references`, several for each photo."""

    def __init__(self, references: Sequence[Sequence[Words]]) -> None:
        self._photos = Counter(
            gram for each in references for gram in {g for words in each for g in ngrams(words)}
        )
        self._log_photos = math.log(max(1.0, float(len(references))))
        self._known: dict[tuple[str, ...], _Vector] = {}

    def score(self, words: Words, references: Sequence[Words]) -> float:
        """The CIDEr-D of one sentence against those of its photo: 0 to 10."""
        own = self._vector(words)
        total = 0.0
        for reference in map(tuple, references):
            if reference not in self._known:
                self._known[reference] = self._vector(reference)
            total += self._similarity(own, self._known[reference])
        return 10.0 * total / len(references)

    def mean(self, sentences: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
        """The corpus score as papers give it (1.0 is "100")."""
        pairs = zip(sentences, references, strict=True)
        return sum(self.score(words, each) for words, each in pairs) / len(sentences)

    def _vector(self, words: Words) -> _Vector:
        weights: tuple[dict[Gram, float], ...] = tuple({} for _ in range(ORDERS))
        for gram, count in ngrams(words).items():
            idf = self._log_photos - math.log(max(1.0, float(self._photos[gram])))
            weights[len(gram) - 1][gram] = count * idf
        norms = tuple(math.sqrt(sum(w * w for w in table.values())) for table in weights)
        return _Vector(weights, norms, len(words))

    def _similarity(self, own: _Vector, reference: _Vector) -> float:
        """The mean over the orders of the clipped cosine, less for a difference in length."""
        total = 0.0
        tables = zip(own.weights, reference.weights, own.norms, reference.norms, strict=True)
        for mine, theirs, length, other in tables:
            product = sum(
                min(weight, theirs[gram]) * theirs[gram]
                for gram, weight in mine.items()
                if gram in theirs
            )
            total += product / (length * other) if length and other else 0.0
        difference = own.length - reference.length
        return total / ORDERS * math.exp(-(difference**2) / (2 * SIGMA**2))


def scores(sentences: Sequence[Words], people: Sequence[Sequence[Words]]) -> dict[str, float]:
    """bleu1 … bleu4 (0 to 1), cider (CIDEr-D, 1 is what papers call 100), the share of photos that
    get the commonest sentence, and n."""
    texts = [" ".join(words) for words in sentences]
    # Loaded where it is needed: with its parsers, and with the photo formats below, in memory, one
    # of two processes that trained together was seen to abort as it ended.
    from sacrebleu.metrics.bleu import BLEU

    most = max(map(len, people))
    # Where a photo has fewer sentences than others, its last stands for those that are missing.
    references = [[" ".join(each[min(k, len(each) - 1)]) for each in people] for k in range(most)]
    found = BLEU(tokenize="none", smooth_method="none").corpus_score(texts, references)
    cider = Cider(people).mean(sentences, people)
    return {
        **{f"bleu{n}": round(_up_to(found.precisions[:n], found.bp), 4) for n in range(1, 5)},
        "cider": round(cider, 4),
        "most_repeated": round(Counter(texts).most_common(1)[0][1] / len(texts), 4),
        "n": len(texts),
    }


def _up_to(precisions: Sequence[float], brevity: float) -> float:
    """BLEU from the precisions, in percent, of the first orders (Papineni et al. 2002)."""
    if min(precisions) <= 0:
        return 0.0
    return brevity * math.exp(sum(math.log(p / 100) for p in precisions) / len(precisions))


def evaluate(
    path: Path, data: Path, device: str = "cpu", boxes: Path | None = None
) -> dict[str, float]:
    """The scores of the model at `path` on a folder (`images/`, `captions.csv`), beam search; with
    `boxes` also those of `attention_scores` on the folder's photos."""
    from engine.images import read_file

    examples, predictor = read(data), load(path, device)
    regions = {} if boxes is None else read_boxes(boxes)
    photos = (encode_photo(read_file(example.image).squashed) for example in examples)
    looks: list[Look] = []

    def maps() -> Iterator[Any]:
        for example, photo in zip(examples, photos, strict=True):
            looks.extend(look_at(predictor, photo, regions.get(example.image.name, ())))
            yield photo.feature_map[0].numpy()

    found = scores(predictor.caption_batch(maps()), [e.sentences for e in examples])
    return found if boxes is None else {**found, **attention_scores(looks)}


class Region(NamedTuple):
    """A noun phrase of a sentence and where it is in the photo: the sentence, the place of the
    phrase's last word, and which share of each of 7 × 7 cells its boxes cover."""

    sentence: Words
    at: int
    covered: Float[np.ndarray, "7 7"]


class Look(NamedTuple):
    """Where one word's attention lay: its share inside of the phrase's boxes, whether the middle of
    the strongest cell is inside, and the share of an even look."""

    inside: float
    hit: bool
    even: float


def read_boxes(path: Path) -> dict[str, list[Region]]:
    """Noun phrases with boxes drawn by people, by photo, of a file with a JSON object a line:
    `image`, `width`, `height`, `caption_text`, `phrases` with `text` and `boxes` [x0, y0, x1, y1].

    Photos whose size is unsure (`size_conf` below SURE_SIZE) are left out. InputError for a file
    that is no such table.
    """
    found: dict[str, list[Region]] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("size_conf", 1.0) < SURE_SIZE:
                continue
            words = split(row["caption_text"])
            size = (float(row["width"]), float(row["height"]))
            for phrase in row["phrases"]:
                own = split(phrase["text"])
                starts = [k for k in range(len(words)) if own and words[k : k + len(own)] == own]
                if len(starts) == 1 and starts[0] + len(own) < LONGEST:
                    boxes = [tuple(map(float, box)) for box in phrase["boxes"]]
                    region = Region(words, starts[0] + len(own) - 1, _covered(boxes, size))
                    found.setdefault(row["image"], []).append(region)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError):
        raise InputError(N_("{path} cannot be read as a table of boxes."), path=path) from None
    return found


def _covered(
    boxes: Sequence[Sequence[float]], size: tuple[float, float]
) -> Float[np.ndarray, "7 7"]:
    """Which share of each cell lies in one of the boxes, on a grid of FINE points a cell."""
    points = (np.arange(vision.GRID * FINE) + 0.5) / (vision.GRID * FINE)
    inside = np.zeros((len(points), len(points)), bool)
    for x0, y0, x1, y1 in boxes:
        across = (points >= x0 / size[0]) & (points < x1 / size[0])
        down = (points >= y0 / size[1]) & (points < y1 / size[1])
        inside |= down[:, None] & across[None, :]
    covered: Floats = inside.reshape(vision.GRID, FINE, vision.GRID, FINE).mean((1, 3))
    return covered


def look_at(
    predictor: CaptionPredictor, photo: PhotoFeatures, regions: Sequence[Region]
) -> list[Look]:
    """Where the attention of each phrase's last word lies when the network reads people's
    sentences; words that it does not know are left out."""
    looks = []
    for region in regions:
        words = region.sentence[: LONGEST - 1]
        if not predictor.attention or any(word not in predictor.vocabulary for word in words):
            continue
        cells = predictor.score(photo, words).words[region.at].attention
        assert cells is not None
        strongest = np.unravel_index(int(cells.argmax()), cells.shape)
        inside = float((cells * region.covered).sum())
        hit = bool(region.covered[strongest] >= 0.5)
        looks.append(Look(inside, hit, float(region.covered.mean())))
    return looks


def attention_scores(looks: Sequence[Look]) -> dict[str, float]:
    """`attention_in_box` (attention correctness, Liu et al. 2017), `pointing` (how often the
    strongest cell lies in the box), and `n_words`."""
    count = max(1, len(looks))
    return {
        "attention_in_box": round(sum(look.inside for look in looks) / count, 4),
        "pointing": round(sum(look.hit for look in looks) / count, 4),
        "n_words": len(looks),
    }


def evaluate_trained(
    path: Path,
    train: Sequence[Example],
    dev: Sequence[Example],
    maps: Any,
    report: Report,
) -> None:
    """Measures the model at `path` as shipped, on dev photos, and writes that into the file; `maps`
    are those of the training and dev photos, in this order."""
    predictor = load(path)
    people = [example.sentences for example in dev]
    dev_maps = maps[len(train) :]
    beam = predictor.caption_batch(dev_maps)
    baseline = scores(_nearest(train, maps), people)
    metrics: dict[str, Any] = {
        f"Flickr8k dev, beam {DEFAULT.width}": {
            **scores(beam, people),
            "baseline": {
                **{name: value for name, value in baseline.items() if name != "n"},
                "source": "a sentence of the training photo with the most similar features",
            },
            "published": PUBLISHED,
        },
    }
    if path.stem not in COMPARED:
        greedy = predictor.caption_batch(dev_maps, GREEDY)
        metrics["Flickr8k dev, greedy"] = scores(greedy, people)
        write(failures_path(path), failures.collect(beam, people))
    report(f"{path.stem}: {metrics}")
    header = checkpoints.read_header(path)
    checkpoints.rewrite_header(path, replace(header, metrics=metrics), with_card=True)


@torch.inference_mode()
def _nearest(train: Sequence[Example], maps: Any) -> list[Words]:
    """For each photo after the training ones, the first sentence of the nearest of those."""
    head = vision.encoder().head
    means = torch.cat(
        [
            head(torch.from_numpy(np.array(maps[k : k + 64])).float()).mean(1)
            for k in range(0, len(maps), 64)
        ]
    )
    unit = torch.nn.functional.normalize(means, dim=1)
    nearest = (unit[len(train) :] @ unit[: len(train)].T).argmax(1).tolist()
    return [train[k].sentences[0] for k in nearest]
