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

from engine.language import lexicon

_HEADING = re.compile(r"(?:^|(?<=\n\n))([^\n:]{1,40}):\n")
_WORD = re.compile(r"[A-Za-z]+")
_MID_LINE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
TITLES = frozenset(lexicon.read("en", "plays")["titles"].split())
"""Words of a heading that are no names."""

PASSAGE = (2_000, 15_000)
"""Shortest and longest passage in which everyone keeps a name, in characters."""

_SHORTEST, _INVENTED = 3, 400
_END = "\n"


def names(text: str) -> set[str]:
    """The names in a play, in capitals: words of its headings that are written in capitals, and
    words that stand in mid-line with a capital and never without."""
    speakers = {word for heading in _HEADING.findall(text) for word in _WORD.findall(heading)}
    small = set(re.findall(r"\b[a-z]+\b", text))
    proper = {word for word in _MID_LINE.findall(text) if word.lower() not in small}
    found = {word for word in speakers if word.isupper()} | {word.upper() for word in proper}
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

        def is_name(word: str) -> bool:
            return word.upper() in known and (word.isupper() or word.istitle())

        self._names = [m for m in _WORD.finditer(text) if is_name(m.group())]
        self._starts = [m.start() for m in _HEADING.finditer(text)]
        self._others: dict[int, list[str]] = defaultdict(list)
        for name in [*sorted(known), *_invented(sorted(known), random.Random(seed))]:
            self._others[len(name)].append(name)

    def __call__(self, epoch: int) -> str:
        """The text as epoch number `epoch` reads it; its length is always the same."""
        generator = random.Random(self.seed * 1_000_003 + epoch)
        ends = self._ends(generator)
        pieces: list[str] = []
        new_names: dict[str, str] = {}
        end = last = 0
        for match in self._names:
            if match.start() >= end:
                end, new_names = next(e for e in ends if e > match.start()), {}
            old = match.group().upper()
            if old not in new_names:
                changed = generator.random() < self.share
                new_names[old] = generator.choice(self._others[len(old)]) if changed else old
            new = new_names[old] if match.group().isupper() else new_names[old].capitalize()
            pieces += (self.text[last : match.start()], new)
            last = match.end()
        return "".join([*pieces, self.text[last:]])

    def _ends(self, generator: random.Random) -> Iterator[int]:
        """Where passages end: at the first heading after a random length."""
        end = generator.randint(*PASSAGE)
        for start in self._starts:
            if start >= end:
                yield start
                end = start + generator.randint(*PASSAGE)
        yield len(self.text)


def _invented(known: Iterable[str], generator: random.Random) -> list[str]:
    """New names in which every three letters in a row stand in an old one: 400 per length."""
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for name in known:
        letters = f"{_END}{_END}{name}{_END}"
        for (a, b), c in zip(pairwise(letters), letters[2:], strict=False):
            after[a + b][c] += 1
    lengths = {len(name): 0 for name in known}
    made: list[str] = []
    for _ in range(100 * _INVENTED):
        name = _END * 2
        while len(name) == 2 or name[-1] != _END:
            counts = after[name[-2:]]
            name += generator.choices(list(counts), weights=list(counts.values()))[0]
        name = name.strip(_END)
        if lengths.get(len(name), _INVENTED) < _INVENTED:
            lengths[len(name)] += 1
            made.append(name)
    return made
