"""Plays with their people renamed, anew for every passage and epoch.

A model that reads the same few plays again and again learns by heart who speaks in them, and is
lost when other people enter. Under names that change it has to learn the rule instead: whoever is
about to speak is mostly one of those who spoke before.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

_HEADING = re.compile(r"(?:^|(?<=\n\n))([^\n:]{1,40}):\n")
_WORD = re.compile(r"[A-Za-z]+")
_MID_LINE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_TITLES = """
    ABBOT AND BISHOP CARDINAL DUCHESS DUKE EARL FATHER FRIAR KING LADY LORD MARQUESS MISTRESS MOTHER
    PRINCE PRINCESS QUEEN SIR THE VII
"""
TITLES = frozenset(_TITLES.split())
"""Words of a heading that are no names."""

PASSAGE = (2_000, 15_000)
"""Shortest and longest passage in which everyone keeps a name, in characters."""

_SHORTEST, _INVENTED = 3, 400
_END = "\n"


def names(text: str) -> set[str]:
    """The names in a play, in capitals: words of its headings that are written in capitals, and
    words that stand in mid-line with a capital and never without."""
    said = {word for heading in _HEADING.findall(text) for word in _WORD.findall(heading)}
    small = set(re.findall(r"\b[a-z]+\b", text))
    proper = {word for word in _MID_LINE.findall(text) if word.lower() not in small}
    found = {word for word in said if word.isupper()} | {word.upper() for word in proper}
    return {word for word in found - TITLES if len(word) >= _SHORTEST}


class Renaming:
    """Gives out the text with other names in it, each of the old one's length.

    Args:
        text: a play: a speaker's heading in a line of its own that ends in a colon.
        share: how probable it is that a name is replaced in a passage.
    """

    def __init__(self, text: str, share: float, seed: int) -> None:
        self.text, self.share, self.seed = text, share, seed
        known = names(text)
        self._places = [m for m in _WORD.finditer(text) if _is_name(m.group(), known)]
        self._starts = [m.start() for m in _HEADING.finditer(text)]
        self._others: dict[int, list[str]] = defaultdict(list)
        for name in [*sorted(known), *_invented(sorted(known), random.Random(seed))]:
            self._others[len(name)].append(name)

    def __call__(self, epoch: int) -> str:
        """The text as epoch number `epoch` reads it; its length is always the same."""
        chance = random.Random(self.seed * 1_000_003 + epoch)
        ends = self._ends(chance)
        pieces: list[str] = []
        called: dict[str, str] = {}
        end = last = 0
        for place in self._places:
            if place.start() >= end:
                end, called = next(e for e in ends if e > place.start()), {}
            old = place.group().upper()
            if old not in called:
                called[old] = self._other(old, chance)
            new = called[old] if place.group().isupper() else called[old].capitalize()
            pieces += (self.text[last : place.start()], new)
            last = place.end()
        return "".join([*pieces, self.text[last:]])

    def _other(self, name: str, chance: random.Random) -> str:
        return chance.choice(self._others[len(name)]) if chance.random() < self.share else name

    def _ends(self, chance: random.Random) -> Iterator[int]:
        """Where passages end: at the first heading after a random length."""
        end = chance.randint(*PASSAGE)
        for start in self._starts:
            if start >= end:
                yield start
                end = start + chance.randint(*PASSAGE)
        yield len(self.text)


def _is_name(word: str, known: set[str]) -> bool:
    return word[0].isupper() and word.upper() in known and (word.isupper() or word.istitle())


def _invented(known: Iterable[str], chance: random.Random) -> list[str]:
    """New names in which every three letters in a row stand in an old one: 400 per length."""
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for name in known:
        letters = f"{_END}{_END}{name}{_END}"
        for (a, b), c in zip(pairwise(letters), letters[2:], strict=False):
            after[a + b][c] += 1
    lengths = {len(name): 0 for name in known}
    made: list[str] = []
    for _ in range(100 * _INVENTED):
        name = _one(after, chance)
        if lengths.get(len(name), _INVENTED) < _INVENTED:
            lengths[len(name)] += 1
            made.append(name)
    return made


def _one(after: dict[str, Counter[str]], chance: random.Random) -> str:
    name = _END * 2
    while True:
        counts = after[name[-2:]]
        letter = chance.choices(list(counts), weights=list(counts.values()))[0]
        if letter == _END:
            return name[2:]
        name += letter
