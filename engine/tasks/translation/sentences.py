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
"""Characters of a sentence after which it is cut where a comma or, at last, a space allows."""

_END = re.compile(r"(?<=[.!?…])(?:[\"'”»)\]]|\s»)*\s+(?=[^\s\d.,;:!?…)»])")
_ABBREVIATED = re.compile(
    r"(?:^|\W)(?:[A-ZĐ]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|p\. ?ex|TP|GS|TS|Mme)\.$"
)


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
        head = sentence[:LONG]
        cut = max(head.rfind(sign) for sign in (", ", "; ", ": ", " – ", " - "))
        cut = cut + 1 if cut > LONG // 3 else head.rfind(" ")
        cut = cut if cut > 0 else LONG
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*parts, sentence] if sentence else parts


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
