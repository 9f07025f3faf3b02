"""Every score of a trained character model, written into its file and its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

from engine import checkpoints
from engine.models.char_model import CharModel
from engine.models.char_step import Stepper
from engine.tasks.characters import verse
from engine.tasks.characters.data import Corpus, encode, one_stream
from engine.tasks.characters.measure import scores, surprise
from engine.tasks.characters.ngrams import NGrams
from engine.tasks.characters.predictor import TextGenerator
from engine.tasks.characters.scoring import alphabet, load

VERSE = "truyen_kieu"
STEPPED = 10_000
"""Characters that are also read by the step that writes, to see what int8 costs."""

PUBLISHED: dict[str, dict[str, float | str]] = {
    "tinyshakespeare": {
        "nats_per_char": 1.4697,
        "source": "nanoGPT's small Transformer, same split, random windows of 256 characters; "
        "reading with the state carried over has more context",
    }
}


def measure(path: Path, text: Corpus, report: Callable[[str], None]) -> None:
    """Reads the dev part once with the file as shipped, and writes the scores into the file."""
    header, model = load(path)
    letters = alphabet(header)
    ids = encode(text.dev, letters)
    found = scores(surprise(model, one_stream(ids, torch.device("cpu"))), len(ids) - 1)
    rival = NGrams(encode(text.train, letters), len(letters))
    first = ids[:STEPPED]
    quick = surprise(model, one_stream(first, torch.device("cpu")))
    metrics: dict[str, Any] = {
        f"{text.name} dev": {
            **found,
            "baseline": {
                "nats_per_char": round(rival.surprise(ids), 4),
                "source": f"counts of up to {rival.order} characters, interpolated (Witten-Bell)",
            },
            **({"published": PUBLISHED[text.name]} if text.name in PUBLISHED else {}),
        },
        f"{text.name} dev, its first {len(first)} characters": {
            "nats_per_char": round(quick, 4),
            "nats_per_char_int8": round(stepped(model, first), 4),
        },
    }
    if text.name == VERSE:
        metrics["couplets written"] = couplets(TextGenerator(header, model), text.dev)
    report(f"{header.name}: {metrics}")
    checkpoints.rewrite_header(path, replace(header, metrics=metrics), with_card=True)


def stepped(model: CharModel, ids: Sequence[int]) -> float:
    """Mean −log p of ids[1:] in nats, by the step that writes, its weights rounded to int8."""
    stepper = Stepper(model, int8=True)
    state, total = stepper.start(), 0.0
    for read, said in pairwise(ids):
        total -= float(stepper.step(read, state).log_softmax(-1)[said])
    return total / max(1, len(ids) - 1)


def couplets(writer: TextGenerator, text: str) -> dict[str, float]:
    """The form of 100 couplets written on from couplets of `text` at temperature 0.7, and what the
    poem's own couplets would get."""
    found, own = verse.form(verse.written(writer, text)), verse.form(verse.couplets(text))
    return {
        "six_and_eight": found.kept,
        "of_those_rhyme": round(found.rhymed, 4),
        "rhyme_in_the_poem": round(own.rhymed, 4),
        "n": found.n,
    }
