"""Texts as people type them, made from texts as the corpora have them.

The corpora hardly show what visitors type first: no accents, slips, emoji, and a "but" that turns a
short sentence round. Each function draws from the generator it is handed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.language import strip_accents
from engine.tasks.sentiment.data import LABELS, Example


class Lesson(NamedTuple):
    """A text and how much belief each label is due; the shares sum to 1."""

    text: str
    shares: tuple[float, ...]


EMOJI = {
    "positive": (
        "😍", "🥰", "😊", "😃", "😄", "👍", "❤️", "😋",
        "🤩", "💯", "👏", "🎉", "😁", "🥳", "😘", "♥️",
    ),
    "negative": (
        "😡", "😠", "😤", "😢", "😭", "👎", "🤮", "😞",
        "😒", "💔", "🙄", "🤬", "😩", "😣", "😖", "🤢",
    ),
}  # fmt: skip

# A stands for what is conceded, B for what counts in the end.
CONTRASTS = {
    "en": ("A, but B", "A but B", "A. However, B", "although A, B", "A, though B", "B, even if A"),
    "vi": ("A nhưng B", "A, nhưng B", "tuy A nhưng B", "A. Tuy nhiên B", "mặc dù A, B", "A mà B"),
}

LETTERS = 4  # a word of fewer is not misspelt
CLAUSE = 10  # words that one side of a contrast has at most
SURE = 0.9  # belief in what is true by construction only


def certain(label: str, language: str, sure: float = 1.0) -> tuple[float, ...]:
    """Belief in one label of the language; what is left goes to the others alike."""
    labels = LABELS[language]
    rest = (1 - sure) / (len(labels) - 1)
    return tuple(sure if name == label else rest for name in labels)


def without_accents(lessons: Sequence[Lesson], share: float, chance: random.Random) -> list[Lesson]:
    """Copies of a random share, typed without accents."""
    chosen = chance.sample(lessons, round(share * len(lessons)))
    return [lesson._replace(text=strip_accents(lesson.text)) for lesson in chosen]


def misspelt(lessons: Sequence[Lesson], share: float, chance: random.Random) -> list[Lesson]:
    """Copies of a random share with a slip or two."""
    chosen = chance.sample(lessons, round(share * len(lessons)))
    return [lesson._replace(text=slip(lesson.text, chance)) for lesson in chosen]


def slip(text: str, chance: random.Random) -> str:
    """The text with a letter swapped, left out or doubled in about every eighth longer word."""
    words = text.split(" ")
    long = [k for k, word in enumerate(words) if len(word) >= LETTERS and word.isalpha()]
    for k in chance.sample(long, min(len(long), 1 + len(long) // 8)):
        word, at = words[k], chance.randrange(1, len(words[k]) - 1)
        kind = chance.choice(("swap", "drop", "double"))
        if kind == "swap":
            words[k] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        else:
            words[k] = word[:at] + (word[at] * 2 if kind == "double" else "") + word[at + 1 :]
    return " ".join(words)


def with_emoji(
    examples: Sequence[Example], language: str, count: int, chance: random.Random
) -> Iterator[Lesson]:
    """Whole texts with an emoji of their own label, and first words that only an emoji colours."""
    known = [e for e in examples if e.label in EMOJI]
    for example in chance.choices(known, k=count if known else 0):
        fragment = chance.random() < 0.5
        label = chance.choice(tuple(EMOJI)) if fragment else example.label
        words = example.text.split(" ")
        text = " ".join(words[: chance.randint(2, 4)] if fragment else words)
        signs = chance.choice(EMOJI[label]) * chance.choice((1, 1, 2, 3))
        yield Lesson(f"{text} {signs}", certain(label, language, SURE))


def contrasts(
    examples: Sequence[Example], language: str, count: int, chance: random.Random
) -> Iterator[Lesson]:
    """Two short texts of opposite labels joined so that the second counts."""
    sides = {
        label: [e.text.rstrip(" .!?…") for e in examples if _is_clause(e, label)] for label in EMOJI
    }
    if not all(sides.values()):
        return
    for _ in range(count):
        label, other = chance.sample(tuple(EMOJI), 2)
        a, b = chance.choice(sides[other]), chance.choice(sides[label])
        form = chance.choice(CONTRASTS[language])
        text = "".join({"A": a, "B": b}.get(sign, sign) for sign in form)
        yield Lesson(text, certain(label, language, SURE))


def _is_clause(example: Example, label: str) -> bool:
    return example.label == label and 2 <= len(example.text.split(" ")) <= CLAUSE
