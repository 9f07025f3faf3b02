"""Training examples as people type them, made from texts as the corpora have them.

The corpora hardly show what visitors type first: no accents, typing errors, emoji, and a "but" that
turns a short sentence round. Each function draws from the generator it is handed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.language import lexicon, strip_accents
from engine.tasks.sentiment.data import LABELS, Example


class SoftExample(NamedTuple):
    """A text and the probability of each label that is to be learnt; they sum to 1."""

    text: str
    probabilities: tuple[float, ...]


EMOJI: dict[str, list[str]] = {
    label: emoji.split()
    for label, emoji in lexicon.read(lexicon.SEVERAL, "sentiment")["emoji"].items()
}

LETTERS = 4  # a word of fewer is not misspelt
CLAUSE = 10  # words that one side of a contrast has at most
CONFIDENCE = 0.9  # in a label that is right by construction only


def smoothed(label: str, language: str, confidence: float = 1.0) -> tuple[float, ...]:
    """The probabilities of the language's labels: what `label` leaves goes to the others alike."""
    labels = LABELS[language]
    rest = (1 - confidence) / (len(labels) - 1)
    return tuple(confidence if name == label else rest for name in labels)


def without_accents(
    examples: Sequence[SoftExample], share: float, generator: random.Random
) -> list[SoftExample]:
    """Copies of a random share, typed without accents."""
    chosen = generator.sample(examples, round(share * len(examples)))
    return [example._replace(text=strip_accents(example.text)) for example in chosen]


def with_typing_errors(
    examples: Sequence[SoftExample], share: float, generator: random.Random
) -> list[SoftExample]:
    """Copies of a random share with a typing error or two."""
    chosen = generator.sample(examples, round(share * len(examples)))
    return [example._replace(text=misspell(example.text, generator)) for example in chosen]


def misspell(text: str, generator: random.Random) -> str:
    """The text with a letter swapped, left out or doubled in about every eighth longer word."""
    words = text.split(" ")
    long = [k for k, word in enumerate(words) if len(word) >= LETTERS and word.isalpha()]
    for k in generator.sample(long, min(len(long), 1 + len(long) // 8)):
        word, at = words[k], generator.randrange(1, len(words[k]) - 1)
        kind = generator.choice(("swap", "drop", "double"))
        if kind == "swap":
            words[k] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        else:
            words[k] = word[:at] + (word[at] * 2 if kind == "double" else "") + word[at + 1 :]
    return " ".join(words)


def with_emoji(
    examples: Sequence[Example], language: str, count: int, generator: random.Random
) -> Iterator[SoftExample]:
    """Whole texts with an emoji of their own label, and first words that only an emoji colours."""
    known = [e for e in examples if e.label in EMOJI]
    for example in generator.choices(known, k=count if known else 0):
        fragment = generator.random() < 0.5
        label = generator.choice(tuple(EMOJI)) if fragment else example.label
        words = example.text.split(" ")
        text = " ".join(words[: generator.randint(2, 4)] if fragment else words)
        signs = generator.choice(EMOJI[label]) * generator.choice((1, 1, 2, 3))
        yield SoftExample(f"{text} {signs}", smoothed(label, language, CONFIDENCE))


def contrasts(
    examples: Sequence[Example], language: str, count: int, generator: random.Random
) -> Iterator[SoftExample]:
    """Two short texts of opposite labels joined so that the second counts."""
    sides = {
        label: [
            e.text.rstrip(" .!?…")
            for e in examples
            if e.label == label and 2 <= len(e.text.split(" ")) <= CLAUSE
        ]
        for label in EMOJI
    }
    if not all(sides.values()):
        return
    # A stands for what is conceded, B for what counts in the end.
    forms = lexicon.read(language, "sentiment")["contrasts"]
    for _ in range(count):
        label, other = generator.sample(tuple(EMOJI), 2)
        a, b = generator.choice(sides[other]), generator.choice(sides[label])
        form = generator.choice(forms)
        text = "".join({"A": a, "B": b}.get(sign, sign) for sign in form)
        yield SoftExample(text, smoothed(label, language, CONFIDENCE))
