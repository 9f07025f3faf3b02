"""Lục bát: verses of six and eight syllables in turn, tied together by rhymes.

The sixth syllable of the eight rhymes with the sixth of the six before it. Here two syllables rhyme
when vowels and ending are the same, tone and first consonants aside; poets also take near rhymes,
so this share is below a reader's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.decoding import Choice
from engine.tasks.characters.predictor import TextGenerator

TEMPERATURE = 0.7
LONGEST = 160
"""Characters after which a couplet is given up."""

_SYLLABLE = re.compile(r"[^\W\d_]+")
_ONSET = re.compile(r"^(ngh|ng|nh|gh|gi(?=[aeiouy])|qu|ph|th|tr|ch|kh|[bcdđghklmnpqrstvx])?")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True)
class Form:
    """Shares of couplets that have six and eight syllables, and of those that rhyme among them."""

    regular: float
    rhymed: float
    n: int


def syllables(verse: str) -> list[str]:
    """The words of a verse; in Vietnamese each is one syllable."""
    return _SYLLABLE.findall(verse)


def rime(syllable: str) -> str:
    """What is left of a syllable without tone and first consonants: `trăng` -> `ăng`."""
    apart = unicodedata.normalize("NFD", syllable.lower())
    toneless = "".join(character for character in apart if character not in _TONES)
    whole = unicodedata.normalize("NFC", toneless)
    return whole[_ONSET.match(whole).end() :]  # type: ignore[union-attr]


def form(couplets: Iterable[Sequence[str]]) -> Form:
    """The form of couplets, each a sequence of verses."""
    counted = [[syllables(verse) for verse in couplet] for couplet in couplets]
    regular = [pair for pair in counted if [len(verse) for verse in pair] == [6, 8]]
    rhymed = [pair for pair in regular if rime(pair[0][5]) == rime(pair[1][5])]
    return Form(
        len(regular) / max(1, len(counted)), len(rhymed) / max(1, len(regular)), len(counted)
    )


def couplets(text: str) -> list[list[str]]:
    """A poem's verses two by two, from its first six on."""
    verses = [line for line in text.split("\n") if line.strip()]
    while verses and len(syllables(verses[0])) != 6:
        verses.pop(0)
    return [verses[k : k + 2] for k in range(0, len(verses) - 1, 2)]


def sample_couplets(
    generator: TextGenerator, text: str, count: int = 100, seed: int = 0
) -> list[list[str]]:
    """`count` couplets, each written on from another couplet of `text`."""
    starts = ["\n".join(couplet) + "\n" for couplet in couplets(text)]
    choice = Choice(TEMPERATURE)
    found = []
    for k in range(count):
        start, lines = starts[k % len(starts)], [""]
        for letter in generator.write(start, LONGEST, choice, seed * count + k):
            if letter.text == "\n":
                lines.append("")
            else:
                lines[-1] += letter.text
            if len(lines) > 2:
                break
        found.append(lines[:2])
    return found
