"""How good captions are: BLEU and CIDEr-D of free-running output, and what else is measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine import checkpoints, vision
from engine.decoding import Search
from engine.tasks.captions import failures
from engine.tasks.captions.cider import Cider
from engine.tasks.captions.data import LONGEST, Example, read
from engine.tasks.captions.predictor import DEFAULT, encode_photo, load
from engine.tasks.captions.recipe import COMPARED
from engine.tasks.failures import failures_path, write
from engine.training import Report

Words = Sequence[str]
GREEDY = Search(width=1, penalty=0.0, longest=LONGEST)

PUBLISHED: dict[str, float | str] = {
    "bleu1": 0.67,
    "bleu2": 0.448,
    "bleu3": 0.299,
    "bleu4": 0.195,
    "source": "Show, Attend and Tell with soft attention (Xu et al. 2015), VGG encoder, on the "
    "Flickr8k test photos",
}


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


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """The scores of the model at `path` on a folder (`images/`, `captions.csv`), beam search."""
    from engine.images import read_file

    examples = read(data)
    photos = (read_file(example.image).squashed for example in examples)
    maps = (encode_photo(photo).feature_map[0].numpy() for photo in photos)
    found = load(path, device).caption_batch(maps)
    return scores(found, [e.sentences for e in examples])


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
