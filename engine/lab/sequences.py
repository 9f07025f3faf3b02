"""A short sequence typed by a person: numbers, or a word whose letters become one-hot vectors.

What the network is asked, so that there is an output and a loss at every step (slide 23):

    numbers  x_t is the number itself; is the sum so far positive?
    a word   x_t is a letter (slide 9); which letter comes next?
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from engine.errors import N_, InputError
from engine.results import TypedSequence

MAX_STEPS = 24
MAX_LETTERS = 8
"""Different letters in a word: a one-hot vector longer than that cannot be drawn."""

MAX_SIZE = 10.0
"""Largest modulus of a number."""

ABOVE, BELOW = "> 0", "≤ 0"

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_MINUS = str.maketrans({"−": "-", "–": "-"})


def read(text: str) -> TypedSequence:
    """Numbers or a word, whichever the text looks like; InputError says what can be used."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise InputError(N_("Type a word such as hello, or numbers such as 0.5 −1 2."))
    if re.search(r"\d", text):
        return _numbers(text)
    return _word(text)


def _numbers(text: str) -> TypedSequence:
    """Each number is the input of one step.

    Blanks and semicolons separate. A comma does so at the end of a number; within one it is a
    decimal comma, unless the whole text has no other separator.
    """
    text = text.translate(_MINUS)
    words = text.split(",")
    if re.search(r"[\s;]", text):
        words = [part.rstrip(",").replace(",", ".") for part in re.split(r"[\s;]+", text)]
    values = []
    for part in filter(None, words):
        if not _NUMBER.fullmatch(part):
            raise InputError(
                N_("“{part}” is neither a number nor part of a word. Use only one kind."),
                part=part[:20],
            )
        values.append(float(part))
        if abs(values[-1]) > MAX_SIZE:
            raise InputError(
                N_("{value} is too large: use numbers from −{limit} to {limit}."),
                value=part[:20],
                limit=f"{MAX_SIZE:g}",
            )
    if len(values) > MAX_STEPS:
        raise InputError(
            N_("That makes {count} steps; at most {limit} can be shown."),
            count=len(values),
            limit=MAX_STEPS,
        )
    x = np.asarray(values, dtype=np.float64)[:, None]
    targets = np.where(np.cumsum(x[:, 0]) > 0, 0, 1).astype(np.int64)
    names = tuple(f"{value:g}".replace("-", "−") for value in values)
    return TypedSequence(x, names, (ABOVE, BELOW), targets, word=False)


def _word(text: str) -> TypedSequence:
    """All letters but the last are read; each is to be followed by the next one (slide 54)."""
    if strange := [mark for mark in text if not mark.isalpha()]:
        raise InputError(
            N_("A word has letters only, and “{mark}” is none. Type one word, or numbers."),
            mark=strange[0] if strange[0].isprintable() else "?",
        )
    if not 2 <= len(text) <= MAX_STEPS + 1:
        raise InputError(
            N_("A word of 2 to {limit} letters can be shown; this one has {count}."),
            limit=MAX_STEPS + 1,
            count=str(len(text)),
        )
    letters = tuple(dict.fromkeys(text))
    if len(letters) > MAX_LETTERS:
        raise InputError(
            N_("That is {count} different letters; at most {limit} fit a one-hot vector here."),
            count=len(letters),
            limit=MAX_LETTERS,
        )
    places = np.asarray([letters.index(letter) for letter in text], dtype=np.int64)
    x = np.eye(len(letters))[places[:-1]]
    return TypedSequence(x, tuple(text[:-1]), letters, places[1:], word=True)
