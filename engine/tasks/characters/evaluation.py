"""How good a character model is: nats per character, a baseline that counts, lục bát, the curve."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor, nn

from engine import checkpoints
from engine.device import resolve
from engine.errors import N_, InputError
from engine.models.char_model import CharModel, LayerStates
from engine.models.char_step import Stepper
from engine.results import LearningCurve
from engine.tasks.characters import verse
from engine.tasks.characters.data import Corpus, encode, one_stream, read
from engine.tasks.characters.predictor import TextGenerator, alphabet_of, load_network
from engine.training import Report

PIECE = 1_000  # characters read at once; the states go from one piece to the next
ROWS = 16  # streams of a quick evaluation, which side by side are read faster than one
ORDER = 6  # of the n-gram model
VERSE = "truyen_kieu"
STEPPED = 10_000
"""Characters that are also read by the step that samples, to see what int8 costs."""

PUBLISHED: dict[str, dict[str, float | str]] = {
    "tinyshakespeare": {
        "nats_per_char": 1.4697,
        "source": "nanoGPT's small Transformer, same split, random windows of 256 characters; "
        "reading with the state carried over has more context",
    }
}


COLUMNS = ("iteration", "training", "held_out")
"""Of the learning curve's file."""


def evaluate(path: Path, data: Path, device: str = "cpu") -> dict[str, float]:
    """nats_per_char, bits_per_char, perplexity and n of the model at `path` on a text file."""
    header, model = load_network(path, device)
    ids = encode(read(data), alphabet_of(header))
    if len(ids) < 2:
        raise InputError(N_("{file} has no characters that the model knows."), file=data.name)
    return _scores(cross_entropy(model, one_stream(ids, resolve(device))), len(ids) - 1)


def evaluate_trained(path: Path, text: Corpus, report: Report) -> None:
    """Reads the dev part once with the stored file, and writes the scores into the file."""
    header, model = load_network(path)
    alphabet = alphabet_of(header)
    ids = encode(text.dev, alphabet)
    scores = _scores(cross_entropy(model, one_stream(ids, torch.device("cpu"))), len(ids) - 1)
    baseline = NGrams(encode(text.train, alphabet), len(alphabet))
    first = ids[:STEPPED]
    exact = cross_entropy(model, one_stream(first, torch.device("cpu")))
    metrics: dict[str, Any] = {
        f"{text.name} dev": {
            **scores,
            "baseline": {
                "nats_per_char": round(baseline.cross_entropy(ids), 4),
                "source": f"counts of up to {ORDER} characters, interpolated (Witten-Bell)",
            },
            **({"published": PUBLISHED[text.name]} if text.name in PUBLISHED else {}),
        },
        f"{text.name} dev, its first {len(first)} characters": {
            "nats_per_char": round(exact, 4),
            "nats_per_char_int8": round(stepped(model, first), 4),
        },
    }
    if text.name == VERSE:
        metrics["couplets written"] = evaluate_couplets(TextGenerator(header, model), text.dev)
    report(f"{header.name}: {metrics}")
    checkpoints.rewrite_header(path, replace(header, metrics=metrics), with_card=True)


@torch.inference_mode()
def cross_entropy(model: CharModel, ids: Int[Tensor, "T B"]) -> float:
    """Mean −log p of ids[1:] (T, B), each stream read once from start to end, in nats."""
    states: LayerStates | None = None
    total, count = 0.0, 0
    for start in range(0, len(ids) - 1, PIECE):
        read = ids[start : start + PIECE]
        targets = ids[start + 1 : start + PIECE + 1]
        logits, _, states = model(read[: len(targets)], states)
        losses = nn.functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), reduction="sum"
        )
        total, count = total + float(losses), count + targets.numel()
    return total / max(1, count)


def quick_cross_entropy(model: CharModel, ids: Sequence[int], device: torch.device) -> float:
    """The same, faster and a little higher: the text in pieces side by side."""
    width = len(ids) // ROWS
    if width < PIECE // 10:
        return cross_entropy(model, one_stream(ids, device))
    table = torch.as_tensor(ids[: width * ROWS], device=device).view(ROWS, width)
    return cross_entropy(model, table.t().contiguous())


def _scores(nats: float, characters: int) -> dict[str, float]:
    """nats_per_char, bits_per_char, perplexity (e to the nats) and n, as `evaluate` prints them."""
    return {
        "nats_per_char": round(nats, 4),
        "bits_per_char": round(nats / math.log(2), 4),
        "perplexity": round(math.exp(nats), 3),
        "n": characters,
    }


def stepped(model: CharModel, ids: Sequence[int]) -> float:
    """Mean −log p of ids[1:] in nats, by the step that samples, its weights rounded to int8."""
    stepper = Stepper(model, int8=True)
    state, total = stepper.start(), 0.0
    for token, target in pairwise(ids):
        total -= float(stepper.step(token, state).log_softmax(-1)[target])
    return total / max(1, len(ids) - 1)


def evaluate_couplets(writer: TextGenerator, text: str) -> dict[str, float]:
    """The form of 100 couplets written on from couplets of `text` at temperature 0.7, and what the
    poem's own couplets would get."""
    found, own = verse.form(verse.sample_couplets(writer, text)), verse.form(verse.couplets(text))
    return {
        "six_and_eight": found.regular,
        "of_those_rhyme": round(found.rhymed, 4),
        "rhyme_in_the_poem": round(own.rhymed, 4),
        "n": found.n,
    }


class NGrams:
    """P(c | the last n − 1 characters), each order interpolated with the next shorter one.

    Witten and Bell's rule (1991): a context that occurs N times with D different followers keeps
    N / (N + D).

    Args:
        ids: the training text.
        vocabulary: V; the shortest context of all is 1 / V.
    """

    def __init__(self, ids: Sequence[int], vocabulary: int, order: int = ORDER) -> None:
        self.order, self.vocabulary = order, vocabulary
        self._followers: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for n in range(order):
            for k in range(n, len(ids)):
                self._followers[tuple(ids[k - n : k])][ids[k]] += 1

    def probability(self, context: Sequence[int], character: int) -> float:
        """P(character) after `context`, of which the last `order` − 1 count."""
        p = 1 / self.vocabulary
        for n in range(min(self.order - 1, len(context)) + 1):
            followers = self._followers.get(tuple(context[len(context) - n :]))
            if followers is None:
                break
            total, kinds = followers.total(), len(followers)
            p = (followers[character] + kinds * p) / (total + kinds)
        return p

    def cross_entropy(self, ids: Sequence[int]) -> float:
        """Mean −log P of ids[1:] in nats."""
        logs = (
            math.log(self.probability(ids[max(0, k - self.order + 1) : k], ids[k]))
            for k in range(1, len(ids))
        )
        return -sum(logs) / max(1, len(ids) - 1)


def curve_path(path: Path) -> Path:
    """Where the losses of the model at `path` are."""
    return path.with_suffix(".curve.csv")


def write_curve(path: Path, rows: Iterable[tuple[int, float, float]]) -> None:
    """Rows of (iteration, loss in training, loss on held-out text), nats per character."""
    with curve_path(path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def curve(path: Path) -> LearningCurve | None:
    """The losses of the model at `path`; None where nobody kept them."""
    if not curve_path(path).is_file():
        return None
    with curve_path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {name: np.array([float(row[name]) for row in rows]) for name in COLUMNS}
    return LearningCurve(found["iteration"].astype(np.int64), found["training"], found["held_out"])
