"""Which capitals in a Vietnamese sentence are somebody's: most names are words of the language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.tasks.translation.given_names import FAMILIES, TAUGHT, VIETNAMESE, WESTERN, WORDS
from engine.tasks.translation.words import BEGINNING, WORD, Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words("anh chị cô ông bà em bạn thầy chú bác cậu dì")
"""Before a name, and with a capital at the beginning of a sentence."""
COUNTRIES = _words("Đức Nga Nhật Trung Việt")
PLACES = frozenset(("Hà Giang", "Hà Lan", "Hà Nam", "Hải Nam", "Long An"))
"""Names that are more often something else."""
_LEADING = _words("""
    người tiếng nước chữ miền phía phương hướng sông tỉnh thành núi hồ đảo vịnh biển đường phố quận
    huyện xã
""")
"""What is before the name of a place or a people."""
_FULL = 4
"""Words of a whole name at most."""

_TOGETHER = re.compile(r" (?:và|với|cùng) [^\W\d_]")


def spans(text: str, is_common: Callable[[str], bool]) -> list[Span]:
    """From where to where people's names go. `is_common` says whether a word is a frequent one in
    small letters: at the beginning of a sentence it is taken for that, unless "and" is followed by
    another name."""
    found = []
    for words in _runs(text):
        begins = BEGINNING.search(text[: words[0].start()]) is not None
        first = words[0][0]
        if begins and first not in FAMILIES and first not in VIETNAMESE | WESTERN:
            words, begins = words[1:], False
        if words and _is_name(text, words, begins, is_common):
            found.append((words[0].start(), words[-1].end()))
    return found


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words with a capital that follow each other."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if run and (not word[0][0].isupper() or text[run[-1].end() : word.start()] != " "):
            yield run
            run = []
        if word[0][0].isupper():
            run.append(word)
    if run:
        yield run


def _is_name(
    text: str, words: list[re.Match[str]], begins: bool, is_common: Callable[[str], bool]
) -> bool:
    first, together = words[0][0], " ".join(word[0] for word in words)
    if first in WESTERN:
        return together not in TAUGHT and not (begins and first in WORDS["vi"])
    parts = {word[0] for word in words}
    if first in FAMILIES and 1 < len(words) <= _FULL:
        return first != "Hồ"  # lakes, and a city
    if len(words) > 2 or not parts <= VIETNAMESE - COUNTRIES or together in PLACES:
        return False
    if begins and len(words) == 1:
        follows = _TOGETHER.match(text, words[0].end())
        return not is_common(first) or bool(follows and follows[0][-1].isupper())
    before = WORD.findall(text[: words[0].start()])
    return not before or before[-1].lower() not in _LEADING
