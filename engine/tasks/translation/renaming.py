"""Vietnamese names for people whom everyday sentences call Tom and Mary, all of them.

What reads a Vietnamese name as a word of the language says "tomorrow" for Mai. Where a learner's
sentences hold such names in both languages, it learns from what stands around them.
"""

from __future__ import annotations

import random
import re

from engine.tasks.translation import vietnamese_names
from engine.tasks.translation.given_names import FAMILIES, MEN, MIDDLE, WOMEN
from engine.text import strip_accents

TITLES = {MEN: ("anh", "ông", "bạn", "em", "thầy"), WOMEN: ("chị", "cô", "bà", "bạn", "em")}
"""How a Vietnamese sentence may speak of somebody, where an English one has the name alone."""

GIVEN = {"Tom": MEN, "John": MEN, "Mike": MEN, "Mary": WOMEN, "Alice": WOMEN, "Jane": WOMEN}
"""Names that are exchanged, by what for."""

FULL, TITLED, BARE = 0.2, 0.2, 0.2
"""Shares of the new names that are a whole name, have a title, and are written without marks."""

_TITLED = re.compile(rf"\b(?:{'|'.join(sorted(vietnamese_names.TITLES))})\s+$", re.IGNORECASE)


def rename(
    pair: tuple[str, str], languages: tuple[str, str], share: float, chance: random.Random
) -> tuple[str, str]:
    """A pair with Vietnamese names in both languages, now and then, where both have one of `GIVEN`
    equally often. A title is only read, never made up."""
    if share == 0:
        return pair
    for name, others in GIVEN.items():
        found = [re.findall(rf"\b{name}\b", side) for side in pair]
        common = len(found[0]) == len(found[1]) > 0
        if not common or chance.random() >= share:
            continue
        new = _name(others, chance)
        source, target = (re.sub(rf"\b{name}\b", new, side) for side in pair)
        if languages[0] == "vi" and chance.random() < TITLED:
            source = _titled(source, new, chance.choice(TITLES[others]))
        pair = source, target
    return pair


def _name(given: tuple[str, ...], chance: random.Random) -> str:
    name = chance.choice(given)
    if chance.random() < FULL:
        name = f"{chance.choice(FAMILIES)} {chance.choice(MIDDLE[given])} {name}"
    return strip_accents(name) if chance.random() < BARE else name


def _titled(text: str, name: str, title: str) -> str:
    """The text with a title before the name where it first stands, unless it has one."""
    before, name, after = text.partition(name)
    if _TITLED.search(before):
        return text
    return f"{before}{title if before else title.capitalize()} {name}{after}"
