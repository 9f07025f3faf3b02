"""Where a captioner fails: how often by kind of word, and real sentences of its own that are wrong.

A word of a caption is wrong when nobody who described the photo used it or one that means the same
here, while somebody used another of its kind. People's own sentences are counted, not quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from engine.language import lexicon
from engine.results import CaptionFailures, CaptionMistake
from engine.tasks import failures

QUOTES, PER_KIND = 14, 2
"""Sentences quoted at most: in all, and for one kind."""
AGREED = 3
"""So many of a photo's people have to say the same for a sentence to be quoted."""

Words = Sequence[str]

_WORDS = lexicon.read("en", "captions")
_PREPOSITIONS = frozenset(("in", "on", "with", "of", "at"))
_COUNTED = frozenset(_WORDS["counted"].split())

# Of each kind the groups of words that mean the same, the group's name first.
_GROUPS: dict[str, list[list[str]]] = {
    kind: [line.split() for line in text.strip().splitlines()]
    for kind, text in _WORDS.items()
    if kind != "counted"
}
KINDS: dict[str, tuple[frozenset[str], ...]] = {
    kind: tuple(map(frozenset, groups)) for kind, groups in _GROUPS.items()
}


class _Checked(NamedTuple):
    """One word of a caption that can be wrong, and what the people said of the same kind."""

    text: str
    wrong: bool
    instead: tuple[tuple[str, int], ...]


def collect(captions: Sequence[Words], people: Sequence[Sequence[Words]]) -> CaptionFailures:
    """The failures of captions of photos that `people` described; those are quoted that most people
    disagree with."""
    counts = failures.ErrorCounts(KINDS)
    mistakes: list[CaptionMistake] = []
    for words, others in zip(captions, people, strict=True):
        checked = [(kind, _check(kind, words, others)) for kind in KINDS]
        found = [(kind, word) for kind, word in checked if word is not None]
        counts.add((kind, word.wrong) for kind, word in found)
        mistakes += [
            CaptionMistake(kind, " ".join(words), word.text, word.instead, len(others))
            for kind, word in found
            if word.wrong and word.instead[0][1] >= AGREED
        ]
    mistakes.sort(key=lambda m: (-m.instead[0][1], m.caption))
    quotes = failures.choose_quotes(
        mistakes, lambda m: m.kind, QUOTES, PER_KIND, key=lambda m: m.caption
    )
    return counts.report(quotes)


def _check(kind: str, words: Words, people: Sequence[Words]) -> _Checked | None:
    """The first word of the kind, if the people have something to say of it."""
    own = _groups(kind, words)
    theirs = Counter(group for sentence in people for group in set(_groups(kind, sentence)))
    if not (own and theirs):
        return None
    group = next(iter(own))
    instead = tuple((_GROUPS[kind][g][0], n) for g, n in theirs.most_common(2))
    return _Checked(own[group], group not in theirs, instead)


def _groups(kind: str, words: Words) -> dict[int, str]:
    """Which meanings of the kind a sentence has, and by which word, in the sentence's order."""
    found: dict[int, str] = {}
    for k, word in enumerate(words):
        if kind == "number" and word in ("a", "an", "one"):
            # "A black dog" counts one dog, "a field with dogs" does not.
            following = takewhile(lambda w: w not in _PREPOSITIONS, words[k + 1 : k + 4])
            if _COUNTED.isdisjoint(following):
                continue
        for group, members in enumerate(KINDS[kind]):
            if word in members:
                found.setdefault(group, word)
    return found


def read_failures(path: Path) -> CaptionFailures:
    """The failures that were written beside a captioner."""
    return failures.read(path, CaptionMistake)
