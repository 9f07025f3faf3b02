"""Words between tags: they are read in their sentence, and the tags put around their translation.

Of `The <b>red</b> car` a network reads "The red car". Each word of its translation belongs to the
piece of the source that it looked at most, and so the tags go around "rouge" in "La voiture rouge".
Words that stand on buttons ("Save") mean something else there, and are translated by a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from engine.language import lexicon
from engine.language.placeholders import PLACEHOLDERS, TAGGED, Masked
from engine.results import Floats
from engine.tasks.translation.tokenizer import SPACE

_SIGNS = re.compile(r"^([^\w<]*)(.*?)([^\w>]*)$", re.DOTALL)


class Tags(NamedTuple):
    """Two tags, and which words of the text, or pieces of a source, they are around."""

    opening: str
    closing: str
    around: frozenset[int]


@cache
def _buttons(source: str, target: str) -> dict[str, str]:
    """What is written on buttons in one language, in small letters, and in another."""
    read, written = (lexicon.read(name, "buttons")["words"] for name in (source, target))
    return {
        text.lower(): written[name].split("/")[0]
        for name, texts in read.items()
        for text in texts.split("/")
    }


def is_button(text: str, language: str) -> bool:
    """Whether buttons say this."""
    return text.strip().lower() in _buttons(language, language)


def button(text: str, source: str, target: str) -> str | None:
    """What a button says, in another language; None if it is not known for a button's text."""
    found = _buttons(source, target).get(text.strip().lower())
    return found.upper() if found and len(text) > 2 and text.isupper() else found


def cut_tags(text: str, source: str, target: str) -> tuple[str, tuple[Tags, ...]]:
    """The text without pairs of tags, but for those around a button's text; and which of its words,
    which spaces separate, each pair was around."""
    plain, end = "", 0
    found = []
    for match in TAGGED.finditer(text):
        if button(match[3], source, target):
            continue
        plain += text[end : match.start()]
        blank = match[3][: len(match[3]) - len(match[3].lstrip())]
        first = len(f"{plain}{blank}x".split()) - 1
        plain += match[3]
        last = max(len(plain.split()), first + 1)
        found.append(Tags(match[1], match[4], frozenset(range(first, last))))
        end = match.end()
    return plain + text[end:], tuple(found)


def around_pieces(tags: Sequence[Tags], masked: Masked, pieces: Sequence[str]) -> tuple[Tags, ...]:
    """The same tags around pieces of the source, a masked text, instead of its words."""
    before: list[int] = []  # of each word as it was before copied parts gave way
    for k, word in enumerate(masked.text.split()):
        parts = [p for c, p in zip(PLACEHOLDERS, masked.copied, strict=False) if c in word]
        before += [k] * (1 + sum(len(part.split()) - 1 for part in parts))
    words = np.cumsum([piece.startswith(SPACE) for piece in pieces]) - 1
    found = []
    for each in tags:
        own = {before[word] for word in each.around if word < len(before)}
        places = frozenset(k for k, word in enumerate(words.tolist()) if word in own)
        found.append(Tags(each.opening, each.closing, places))
    return tuple(found)


def place_tags(
    words: Sequence[str], tags: Sequence[Tags], attention: Float[Floats, "N M"]
) -> list[str]:
    """The words of a translation with the tags around those that looked most at what they were
    around in the source.

    Args:
        attention: of each word to each piece of the source.
    """
    tagged = list(words)
    for each in tags:
        columns = sorted(each.around)
        if not columns or not words:
            continue
        best = int(attention[:, columns].sum(1).argmax())
        inside = np.isin(attention.argmax(1), columns)
        first = last = best
        while first > 0 and inside[first - 1]:
            first -= 1
        while last + 1 < len(words) and inside[last + 1]:
            last += 1
        before, word, after = _parts(tagged[first])
        tagged[first] = f"{before}{each.opening}{word}{after}"
        before, word, after = _parts(tagged[last])
        tagged[last] = f"{before}{word}{each.closing}{after}"
    return tagged


def _parts(word: str) -> tuple[str, str, str]:
    """The signs before a word, the word with the tags around it, and the signs after it."""
    match = _SIGNS.match(word)
    before, inner, after = match.groups() if match else ("", word, "")
    return before, inner, after
