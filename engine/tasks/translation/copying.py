"""What is copied and not translated: long numbers, addresses, unknown names, strange signs, tags.

Each such part of a source is replaced by a mark, one character that the network has learnt to carry
over to where it belongs, and put back in its translation (as Luong et al. 2015 did with unknown
words). So nothing is lost, however strange it is, and no digit is mistaken for another.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from engine.tasks.translation.given_names import TITLES
from engine.tasks.translation.names import Names
from engine.tasks.translation.pieces import MARKS
from engine.tasks.translation.words import WORD

_ADDRESS = r"https?://\S*[^\s.,;:!?)]|www\.\S*[^\s.,;:!?)]|[\w.+-]+@[\w-]+\.[\w.-]*\w|[#@]\w+"
_TAG = r"</?[A-Za-z][^<>]{0,100}>"
# Vietnamese numbers its months, where other languages name them.
_NUMBER = r"\d+(?:[.,:/-]\d+)+|\d{3,}|(?<!tháng )\d\d"
_SPACED = r"(?<![\d.,])\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)"
_ALWAYS = re.compile(f"{_TAG}|{_ADDRESS}|{_SPACED}|{_NUMBER}")
_LEARNT = re.compile(rf"{_NUMBER}|{WORD.pattern}")
_GROUPED = re.compile(r"\d{1,3}(?:([., ])\d{3})+(?:([.,])\d+)?")
_DECIMAL = re.compile(r"\d+([.,])\d{1,2}")

POINTS = {"en": (",", "."), "vi": (".", ","), "fr": (" ", ",")}
"""What separates thousands, and what decimals."""


class Hidden(NamedTuple):
    """A text with marks, and what each of them stands for, in the order of `MARKS`."""

    text: str
    parts: tuple[str, ...]


def hide(text: str, alphabet: frozenset[str], names: Names) -> Hidden:
    """Marks in place of what is to be copied; what finds no free mark stays.

    `alphabet` is what the pieces can spell: a word with a letter that they cannot is copied whole.
    Marks that were typed mean nothing: they go.
    """
    text = _without_marks(text)
    strange = {c for c in text if c not in alphabet and not c.isspace()}
    sign = f"[{re.escape(''.join(sorted(strange)))}]+"
    unspelled = rf"|{sign}(?:\s+{sign})*" if strange else ""
    spans = [m.span() for m in re.finditer(_ALWAYS.pattern + unspelled, text)]
    spans += [m.span() for m in WORD.finditer(text) if not strange.isdisjoint(m[0])]
    spans += names.spans(text)
    parts: list[str] = []
    out, end = "", 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < end or len(parts) == len(MARKS):
            continue
        out += text[end:start] + MARKS[len(parts)]
        parts.append(text[start:stop])
        end = stop
    return Hidden(out + text[end:], tuple(parts))


def show(text: str, parts: tuple[str, ...], source: str, target: str) -> str:
    """The text with what its marks stand for, numbers as `target`'s readers write them."""
    for mark, part in zip(MARKS, parts, strict=False):
        text = text.replace(mark, localised(part, source, target))
    return _without_marks(text)


def _without_marks(text: str) -> str:
    return text.translate({ord(mark): None for mark in MARKS})


def localised(part: str, source: str, target: str) -> str:
    """A number with the points, or a name with the title, of the language `target`; anything else
    as it is."""
    first, space, name = part.partition(" ")
    title = TITLES.get((source, target), {}).get(first)
    if title and space:
        return f"{title} {name}"
    thousands, decimal = POINTS[source]
    found = _GROUPED.fullmatch(part) or _DECIMAL.fullmatch(part)
    if not found or (source == target):
        return part
    first, last = found[1], found[found.lastindex or 1]
    grouped = found.re is _GROUPED
    if first != (thousands if grouped else decimal) or (
        grouped and found[2] not in (None, decimal)
    ):
        return part
    if grouped and found[2] is None:
        return part.replace(first, POINTS[target][0])
    whole, _, rest = part.rpartition(last)
    return whole.replace(thousands, POINTS[target][0]) + POINTS[target][1] + rest


def practise(
    pair: tuple[str, str], languages: tuple[str, str], share: float, chance: random.Random
) -> tuple[str, str]:
    """A pair with marks, now and then, where both sides have the same number or name once: so
    a network learns to carry marks over."""
    source, target = pair
    marks = chance.sample(MARKS, len(MARKS))
    # In the order of the text: that of a set is another one in every process.
    for word in dict.fromkeys(m[0] for m in _LEARNT.finditer(source)):
        there = localised(word, *languages)
        common = word[0].islower() or len(word) < 2
        if common or chance.random() >= share or not marks:
            continue
        if _once(word, source) and _once(there, target):
            mark = marks.pop()
            source, target = _put(word, mark, source), _put(there, mark, target)
    if marks and chance.random() < share / 10:
        mark = marks.pop()
        source, target = f"{source} {mark}", f"{target} {mark}"
    return source, target


def _once(word: str, text: str) -> bool:
    return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text)) == 1


def _put(word: str, mark: str, text: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", mark, text)
