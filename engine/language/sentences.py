"""A text in sentences, which are translated one by one, and how it is put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from engine.errors import N_, InputError
from engine.language import lexicon
from engine.language.placeholders import without_placeholders
from engine.language.text import normalise

MAX_CHARACTERS = 2_000
"""Of one text."""
LONGEST = 240
"""Characters of a sentence after which it is cut, in its last half if it can be."""

_FACTS = [lexicon.facts(language) for language in lexicon.NAMES]
_END = re.compile(r"(?<=[.!?…])(?:[\"'”»)\]]|\s»)*\s+(?=[^\s\d.,;:!?…)»])")
_ABBREVIATIONS = "|".join(re.escape(short) for facts in _FACTS for short in facts["abbreviations"])
_ABBREVIATED = re.compile(rf"(?:^|\W)(?:[A-ZĐ]|{_ABBREVIATIONS})\.$")
_NUMBERED = re.compile(
    r"(?:[-–—*•>]\s*)*\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})[.)]"
)
"""The beginning of a line of a list: "1.", "b)"."""
_CONJUNCTIONS = "|".join(word for facts in _FACTS for word in facts["conjunctions"].split())

_CUTS = (
    re.compile(r"(?<=;)\s"),
    re.compile(r"(?<=:)\s|\s(?=[–—-]\s)"),
    re.compile(r"(?<=,)\s"),
    re.compile(rf"\s(?=(?:{_CONJUNCTIONS})\s)"),
    re.compile(r"\s"),
)
"""Spaces where a long sentence may be cut in two, the best first: after a semicolon, after a colon
or before a dash, after a comma, before a conjunction, anywhere."""


def check_translatable(text: str, limit: int = MAX_CHARACTERS) -> str:
    """The text as it will be translated; InputError if there is nothing to translate in it."""
    if len(text) > limit:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be translated at once."),
            length=len(text),
            limit=limit,
        )
    plain = normalise(without_placeholders(text))
    if not plain:
        raise InputError(N_("There is no text yet. Type a sentence, or choose an example."))
    if not any(c.isalpha() for c in plain):
        raise InputError(N_("There are no words in this text: nothing can be translated."))
    return plain


def split_sentences(text: str) -> list[str]:
    """The text in parts of at most `LONGEST` characters, cut where sentences end."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.end()].strip()
        # What looks like an end may be none: after a number in a list, after an abbreviation, or,
        # where a small letter follows, after someone's words ("Stop!" he said) or dots.
        continues = text[end.end()].islower() and not re.search(r"(?<!\.)[.!?]$", before)
        if continues or _NUMBERED.fullmatch(before) or _ABBREVIATED.search(before):
            continue
        found.append(before)
        start = end.end()
    found.append(text[start:].strip())
    return [part for sentence in found if sentence for part in _cut_to_length(sentence)]


def _cut_to_length(sentence: str) -> list[str]:
    """The parts of a sentence, each cut at the last of the best spaces in the second half of what
    may stay together; in the middle of a word only if it has no space there."""
    parts = []
    while len(sentence) > LONGEST:
        cut = max(sentence.rfind(" ", 0, LONGEST), 0) or LONGEST
        for kind in _CUTS:
            spaces = [m.start() for m in kind.finditer(sentence, LONGEST // 2)]
            if near := [space for space in spaces if space <= LONGEST]:
                cut = near[-1]
                break
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*parts, sentence] if sentence else parts


def translate_by_sentence(
    texts: Sequence[str], translate: Callable[[list[str]], Iterable[tuple[int, str]]]
) -> list[str]:
    """Texts translated sentence by sentence, all side by side; an empty one stays empty.

    `translate` gives the translation of each sentence with its number, in any order.
    """
    parts = [(k, part) for k, text in enumerate(texts) for part in split_sentences(text)]
    found = dict(translate([part for _, part in parts]))
    whole: list[list[str]] = [[] for _ in texts]
    for index, (k, _) in enumerate(parts):
        whole[k].append(found[index])
    return [" ".join(each) for each in whole]
