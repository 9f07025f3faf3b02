"""What a sentiment model is taught: corpora, variations of their texts, a teacher's opinions."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.results import Floats
from engine.tasks.sentiment import augment, teacher
from engine.tasks.sentiment.augment import Lesson, certain
from engine.tasks.sentiment.data import LABELS, Example, Mix
from engine.tasks.sentiment.recipe import Recipe
from engine.training import Report

# The teacher: what it is fitted on, and how many sentences of long reviews it labels for ours.
SHORT, MEDIUM = 48, 110  # words
PER_CORPUS, MEDIUM_TEXTS = 14_000, 3_000
SENTENCES = 110_000
REVIEWS = ("en_imdb_short", "en_amazon_multidomain")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def lessons(
    recipe: Recipe, mixed: Mix, seed: int, device: torch.device, taught: Path, report: Report
) -> list[Lesson]:
    """Everything that the model of `recipe` learns from, a pure function of corpora and seed.

    `taught` is where the teacher's opinions are kept, so that a resumed training need not ask anew.
    """
    chance = random.Random(seed)
    language = recipe.language
    examples = mixed.train
    contrasts = list(augment.contrasts(examples, language, recipe.contrasts, chance))
    if recipe.taught:
        plain = _taught(recipe, mixed, contrasts, seed, device, taught, report)
    else:
        plain = [Lesson(e.text, certain(e.label, language)) for e in examples] + contrasts
    return [
        *plain,
        *augment.without_accents(plain, recipe.plain_copies, chance),
        *augment.misspelt(plain, recipe.slips, chance),
        *augment.with_emoji(examples, language, recipe.emoji, chance),
    ]


def _taught(
    recipe: Recipe,
    mixed: Mix,
    contrasts: list[Lesson],
    seed: int,
    device: torch.device,
    taught: Path,
    report: Report,
) -> list[Lesson]:
    """Labelled texts, half the label's and half the teacher's; sentences that only it labelled."""
    examples = mixed.train
    short = [e for e in examples if _words(e) <= SHORT]
    long = [e for e in examples if _words(e) > SHORT]
    labelled = {e.text for e in examples}
    loose = [text for text in sentences(mixed, SENTENCES, seed) if text not in labelled]
    asked = list(dict.fromkeys([*(e.text for e in short), *loose, *(c.text for c in contrasts)]))
    found = _opinions(mixed, asked, recipe, seed, device, taught, report).tolist()
    opinions = dict(zip(asked, found, strict=True))
    language = recipe.language
    both = [Lesson(e.text, _between(certain(e.label, language), opinions[e.text])) for e in short]
    alone = [Lesson(text, tuple(opinions[text])) for text in loose]
    joined = [Lesson(c.text, _between(c.shares, opinions[c.text])) for c in contrasts]
    whole = [Lesson(e.text, certain(e.label, language)) for e in long]
    return [*both, *alone, *joined, *whole]


def _opinions(
    mixed: Mix,
    asked: Sequence[str],
    recipe: Recipe,
    seed: int,
    device: torch.device,
    taught: Path,
    report: Report,
) -> Floats:
    """(N, K) the teacher's probabilities, from `taught` if they are there and fit."""
    if taught.exists():
        kept: Floats = np.load(taught).astype(np.float64)
        if len(kept) == len(asked):
            return kept
    labels = LABELS[recipe.language]
    master = teacher.fit(_curriculum(mixed, seed), labels, seed, device, report)
    found = master.probabilities(asked, report).astype(np.float32)
    taught.parent.mkdir(parents=True, exist_ok=True)
    np.save(taught, found)
    return found.astype(np.float64)


def _curriculum(mixed: Mix, seed: int) -> list[Example]:
    """What the teacher is fitted on: short texts of every corpus and some of medium length."""
    chance = random.Random(seed)
    chosen: list[Example] = []
    medium: list[Example] = []
    for examples in mixed.parts.values():
        short = [e for e in examples if _words(e) <= SHORT]
        chosen += chance.sample(short, min(PER_CORPUS, len(short)))
        medium += [e for e in examples if SHORT < _words(e) <= MEDIUM]
    return chosen + chance.sample(medium, min(MEDIUM_TEXTS, len(medium)))


def sentences(mixed: Mix, count: int, seed: int) -> list[str]:
    """Up to `count` different sentences of 4 to 30 words out of the long reviews."""
    found = list(dict.fromkeys(_sentences(mixed)))
    return random.Random(seed).sample(found, min(count, len(found)))


def _sentences(mixed: Mix) -> Iterator[str]:
    for corpus in REVIEWS:
        for example in mixed.parts.get(corpus, []):
            for sentence in _SENTENCE_END.split(example.text):
                if 4 <= len(sentence.split(" ")) <= 30:
                    yield sentence


def _words(example: Example) -> int:
    return example.text.count(" ") + 1


def _between(label: Sequence[float], opinion: Sequence[float]) -> tuple[float, ...]:
    """Half the belief to each."""
    return tuple((a + b) / 2 for a, b in zip(label, opinion, strict=True))
