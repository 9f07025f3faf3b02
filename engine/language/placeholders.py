"""What is copied and not translated: long numbers, addresses, unknown names, strange signs, tags.

Each such part of a source is replaced by a placeholder, one character that the network has learnt
to carry over to where it belongs, and put back in its translation (as Luong et al. 2015 did with
unknown words). So nothing is lost, however strange it is, and no digit is mistaken for another.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from engine.language import numbers
from engine.language.names import NameFinder, titles
from engine.language.text import WORD

PLACEHOLDERS = tuple(chr(0xE000 + k) for k in range(8))
"""Characters for private use, each of which stands for a copied part of a text."""

_ADDRESS = r"https?://\S*[^\s.,;:!?)<]|www\.\S*[^\s.,;:!?)<]|[\w.+-]+@[\w-]+\.[\w.-]*\w|[#@]\w+"
TAG = r"</?[A-Za-z][^<>]{0,100}>"
_FIELD = (
    r"\$?\{\{?[^{}\s]{0,40}\}\}?|%\(\w+\)[sdifr]"
    r"|(?<![\w%])%(?:\d+\$)?[-+0#]?\d*(?:\.\d+)?[sdifxX@](?!\w)"
)
"""What a program fills in: "{name}", "${x}", "%s", "%(count)d"."""
ENTITY = r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#[xX][\da-fA-F]{1,5});"
KEPT = re.compile(f"{TAG}|{_FIELD}|{ENTITY}|{_ADDRESS}")
"""What is no text of a language: tags, fields, entities and addresses."""
TAGGED = re.compile(r"(<([A-Za-z]\w*)\b[^<>]{0,100}>)([^<>]{1,200})(</\2>)")
"""A tag, its name, the words that it is around, and its end."""
_PICTURES = (
    "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
    "\u200d\ufe0f\u20e3\U000e0020-\U000e007f]+"
)
EMOJI = rf"(?:{_PICTURES}|(?<!\S)[:;=]-?[()DPp](?!\w)|(?<!\S)<3(?!\S))"
_ALWAYS = f"{KEPT.pattern}|{numbers.COPIED}"
_LEARNT = re.compile(rf"{numbers.LONG}|{WORD.pattern}")


class Masked(NamedTuple):
    """A text with placeholders, and what each of them stands for, in their order."""

    text: str
    copied: tuple[str, ...]


def mask(text: str, alphabet: frozenset[str], names: NameFinder, *, tagged: bool = False) -> Masked:
    """Placeholders for what is to be copied; what finds no free one stays.

    `alphabet` is what the pieces can spell: a word with a letter that they cannot is copied whole.
    Placeholders that were typed mean nothing: they go. With `tagged`, words between two tags are
    one part with them, and the caller translates them.
    """
    text = without_placeholders(text)
    strange = {c for c in text if c not in alphabet and not c.isspace()}
    sign = f"[{re.escape(''.join(sorted(strange)))}]+"
    unspelled = rf"|{sign}(?:\s+{sign})*" if strange else ""
    spans = [m.span() for m in re.finditer(_ALWAYS + unspelled, text)]
    spans += [m.span() for m in TAGGED.finditer(text) if tagged]
    spans += [m.span() for m in WORD.finditer(text) if not strange.isdisjoint(m[0])]
    spans += names.spans(text)
    spans += numbers.spelt_numbers(text, names.language)
    copied: list[str] = []
    masked, end = "", 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < end or len(copied) == len(PLACEHOLDERS):
            continue
        masked += text[end:start] + PLACEHOLDERS[len(copied)]
        copied.append(text[start:stop])
        end = stop
    return Masked(masked + text[end:], tuple(copied))


def unmask(text: str, copied: tuple[str, ...], source: str, target: str) -> str:
    """The text with what its placeholders stand for, numbers as `target`'s readers write them."""
    for placeholder, part in zip(PLACEHOLDERS, copied, strict=False):
        text = text.replace(placeholder, localise(part, source, target))
    return without_placeholders(text)


def without_placeholders(text: str) -> str:
    """The text without such characters."""
    return text.translate({ord(placeholder): None for placeholder in PLACEHOLDERS})


def localise(part: str, source: str, target: str) -> str:
    """A number with the points, or a name with the title, of the language `target`; anything else
    as it is."""
    if source != target and (number := numbers.localised(part, source, target)):
        return number
    first, space, name = part.partition(" ")
    title = titles(source, target).get(first)
    return f"{title} {name}" if title and space else part


def mask_pair(
    pair: tuple[str, str], languages: tuple[str, str], share: float, generator: random.Random
) -> tuple[str, str]:
    """A pair to learn from with placeholders, now and then, where both sides have the same number
    or name once: so a network learns to carry them over."""
    source, target = pair
    free = generator.sample(PLACEHOLDERS, len(PLACEHOLDERS))
    # In the order of the text: that of a set is another one in every process.
    for word in dict.fromkeys(m[0] for m in _LEARNT.finditer(source)):
        translated = localise(word, *languages)
        common = word[0].islower() or len(word) < 2
        if common or generator.random() >= share or not free:
            continue
        patterns = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in (word, translated)]
        if len(re.findall(patterns[0], source)) == len(re.findall(patterns[1], target)) == 1:
            placeholder = free.pop()
            source = re.sub(patterns[0], placeholder, source)
            target = re.sub(patterns[1], placeholder, target)
    if free and generator.random() < share / 10:
        placeholder = free.pop()
        source, target = f"{source} {placeholder}", f"{target} {placeholder}"
    return source, target
