"""A text in sentences, which are translated one by one, and how it is put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from engine.errors import N_, InputError
from engine.tasks.translation.pieces import MARKS
from engine.text import normalise

MAX_CHARACTERS = 2_000
"""Of one text."""
LONG = 240
"""Characters of a sentence after which it is cut, in its last half if it can be: see `_CUTS`."""

_END = re.compile(r"(?<=[.!?…])(?:[\"'”»)\]]|\s»)*\s+(?=[^\s\d.,;:!?…)»])")
_ABBREVIATED = re.compile(
    r"(?:^|\W)(?:[A-ZĐ]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|p\. ?ex|TP|GS|TS|Mme)\.$"
)

_CUTS = (
    re.compile(r"(?<=;)\s"),
    re.compile(r"(?<=:)\s|\s(?=[–—-]\s)"),
    re.compile(r"(?<=,)\s"),
    re.compile(r"\s(?=(?:and|or|but|because|et|ou|mais|puis|và|hoặc|nhưng|vì)\s)"),
    re.compile(r"\s"),
)
"""Spaces where a long sentence may be cut in two, the best first: after a semicolon, after a colon
or before a dash, after a comma, before a conjunction, anywhere."""


def prepared(text: str, limit: int = MAX_CHARACTERS) -> str:
    """The text as it will be translated; InputError if there is nothing to translate in it."""
    if len(text) > limit:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be translated at once."),
            length=f"{len(text):,}",
            limit=f"{limit:,}",
        )
    plain = normalise(text.translate({ord(mark): None for mark in MARKS}))
    if not plain:
        raise InputError(N_("There is no text yet. Type a sentence, or choose an example."))
    letters = [c for c in plain if c.isalpha()]
    if not letters:
        raise InputError(N_("There are no words in this text: nothing can be translated."))
    return plain


def sentences(text: str) -> list[str]:
    """The text in parts of at most `LONG` characters, cut where sentences end."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.end()].strip()
        if _goes_on(before, text[end.end()]):
            continue
        found.append(before)
        start = end.end()
    found.append(text[start:].strip())
    return [part for sentence in found if sentence for part in _short(sentence)]


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on after what looks like its end: an abbreviation, or, where a small
    letter follows, someone's words ("Stop!" he said) or dots."""
    if after.islower() and not re.search(r"(?<!\.)[.!?]$", before):
        return True
    return _ABBREVIATED.search(before) is not None


def _short(sentence: str) -> list[str]:
    parts = []
    while len(sentence) > LONG:
        cut = _cut(sentence)
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*parts, sentence] if sentence else parts


def _cut(sentence: str) -> int:
    """Where a long sentence is cut: at the last of the best spaces in the second half of what may
    stay together; in the middle of a word only if it has no space there."""
    for kind in _CUTS:
        places = [m.start() for m in kind.finditer(sentence, LONG // 2) if m.start() <= LONG]
        if places:
            return places[-1]
    return max(sentence.rfind(" ", 0, LONG), 0) or LONG


def written(
    texts: Sequence[str], translate: Callable[[list[str]], Iterable[tuple[int, str]]]
) -> list[str]:
    """Texts translated sentence by sentence, all side by side; an empty one stays empty.

    `translate` gives the translation of each sentence with its number, in any order.
    """
    parts = [(k, part) for k, text in enumerate(texts) for part in sentences(text)]
    found = dict(translate([part for _, part in parts]))
    whole: list[list[str]] = [[] for _ in texts]
    for place, (k, _) in enumerate(parts):
        whole[k].append(found[place])
    return [" ".join(each) for each in whole]
