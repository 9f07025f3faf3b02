"""Plays under other names: the same text but for them, the same names for a whole passage."""

from __future__ import annotations

import re
from itertools import pairwise

from engine.tasks.characters.renaming import PASSAGE, Renaming, names

SCENE = """KING PERICON:
Where is Amalda? The lord would see her.

AMALDA:
Here, Pericon; and Dorsten waits with me in Wessel.

First Lord:
The king, the king!

DORSTEN:
Amalda spoke of Pericon's return.

"""
PLAY = SCENE * 400
NAMES = {"PERICON", "AMALDA", "DORSTEN", "WESSEL"}


def shape(text: str) -> str:
    """The text with every letter of a name in a heading, or of a capitalised word, blotted out."""
    return re.sub(r"\b(?!KING)[A-Z]\w{5,6}\b", lambda m: "_" * len(m.group()), text)


def test_names_are_told_from_titles_and_from_words() -> None:
    assert names(PLAY) == NAMES


def test_only_names_change_and_no_length_does() -> None:
    renamed = Renaming(PLAY, 1.0, seed=0)(0)
    assert renamed != PLAY
    assert len(renamed) == len(PLAY)
    assert shape(renamed) == shape(PLAY)


def test_within_a_passage_a_name_stands_for_one_person() -> None:
    renaming = Renaming(PLAY, 1.0, seed=0)
    scenes = re.findall(r"KING (\w+):\nWhere is (\w+).*\n\n(\w+):\nHere, (\w+);", renaming(0))
    assert len(scenes) == 400
    changed = 0
    for before, after in pairwise(scenes):
        king, other, heading, called = after
        changed += before != after
        # A passage ends at a heading, so that at most one scene of each mixes two castings.
        if before == after:
            assert called == king.capitalize()
            assert heading == other.upper()
    shortest = len(PLAY) / PASSAGE[1]
    assert shortest - 1 <= changed <= 3 * len(PLAY) / PASSAGE[0]


def test_every_epoch_has_other_names_and_the_seed_decides_which() -> None:
    one, same, other = (Renaming(PLAY, 0.8, seed) for seed in (1, 1, 2))
    assert one(3) == same(3)
    assert one(3) != one(4)
    assert one(3) != other(3)
    assert Renaming(PLAY, 0.0, 1)(3) == PLAY


def test_new_names_look_like_the_old_ones() -> None:
    found = set(re.findall(r"KING (\w+):", Renaming(PLAY, 1.0, seed=0)(0)))
    assert all(len(name) == len("PERICON") and name.isupper() for name in found)
    triples = {f"  {name} "[k : k + 3] for name in NAMES for k in range(len(name) + 1)}
    assert all(f"  {name} "[k : k + 3] in triples for name in found for k in range(len(name) + 1))
