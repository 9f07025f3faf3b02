"""Texts as people type them, in the spelling that the networks have learnt from.

Keyboards put other signs in the place of the apostrophe, people leave it out, chats have a spelling
of their own, and some letters can be typed in two ways. Every rule here has one right answer that
does not depend on the sentence's meaning; where it does ("its", "ill"), nothing is changed, or only
where the neighbouring words decide. What was changed is returned, so that a page can show it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from functools import partial
from typing import NamedTuple

from engine.language import lexicon

_LETTER = r"[^\W\d_]"
_APOSTROPHE = re.compile(rf"(?<={_LETTER})[´`′＇ʼ‘’ʹ‛ˈ](?={_LETTER})")
_SPLIT_NOT = re.compile(
    r"\b(ca|do|wo|is|are|was|were|has|have|had|does|did|could|should|would|must|need)n t\b",
    re.IGNORECASE,
)
_LETS = re.compile(r"(?<![^.!?\n])(\s*)(Lets|lets)(?= [a-z])")
_TONE_ON_LAST = re.compile(
    r"(?<![qQ])([oO])([àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ])\b|(?<![qQ])([uU])([ỳýỷỹỵỲÝỶỸỴ])\b"
)
_ETH = {"ð": "đ", "Ð": "Đ", "ɖ": "đ", "Ɖ": "Đ"}
_LONG = re.compile(rf"\b(?!www\b|(?-i:[IVXLCDM]+)\b)\w*?({_LETTER})\1\1+\w*", re.IGNORECASE)
"""A word with a letter three times in a row, but for Roman numerals."""
_RUN = re.compile(rf"({_LETTER})\1\1+", re.IGNORECASE)
_HIP = re.compile(r"\b(?:bên|vòng|xương|cái|hai|khớp|đau|eo|sườn|ở|lắc|cạnh)\s+$", re.IGNORECASE)
_BROKEN_OR_HIP = re.compile(r"\b(?:bị|đã|hư|làm|may|máy|đồ|xe|bên)\s+$", re.IGNORECASE)

Cost = Callable[[str], float]
"""How unusual a word is to a network, such as the number of its pieces."""


_BEFORE, _AT_THE_END = (
    "|".join(lexicon.read("en", "spelling")["its"][key]) for key in ("before", "at_the_end")
)
_ITS = re.compile(
    rf"\bits(?= (?:(?:{_BEFORE})\b|(?:{_AT_THE_END}) *(?:[.!?,;:)]|$)))", re.IGNORECASE
)
""" "its" where it is "it's": by the word that follows, some only at the end of a clause."""


class Respelling(NamedTuple):
    """A text as it is read, and the words that differ from what was typed: (typed, read)."""

    text: str
    changes: tuple[tuple[str, str], ...]


def respell(
    text: str, language: str, cost: Cost | None = None, learnt: Container[str] = ()
) -> Respelling:
    """The text in the spelling that networks of `language` ("en", "fr", "vi") have learnt from.

    Args:
        cost: tells which form of a drawn-out word ("baaaad") a network knows best; without it,
            such words stay as they are.
        learnt: words of chats that stay too, since the network has learnt what they mean.
    """
    changes: dict[str, str] = {}
    replace = partial(_replaced, changes)
    text = plain_letters(_APOSTROPHE.sub("'", unicodedata.normalize("NFC", text)))
    if language == "en":
        words = lexicon.read("en", "spelling")["contractions"]
        text = replace(text, _any_of(words), lambda m: with_case_of(m[0], words[m[0].lower()]))
        text = replace(text, _SPLIT_NOT, lambda m: f"{m[1]}n't")
        text = replace(text, _ITS, lambda m: with_case_of(m[0], "it's"))
        text = replace(text, _LETS, lambda m: f"{m[1]}{m[2][:-1]}'s")
    if language == "fr":
        ligatures = lexicon.read("fr", "spelling")["ligatures"]
        text = replace(
            text, _any_of(ligatures), lambda m: with_case_of(m[0], ligatures[m[0].lower()])
        )
    if language == "vi":
        text = "".join(_ETH.get(c, c) for c in text)
        chat = lexicon.read("vi", "spelling")["chat"]
        text = replace(
            text, _any_of(chat), lambda m: m[0] if m[0].lower() in learnt else _from_chat(m, chat)
        )
        text = _TONE_ON_LAST.sub(lambda m: tone_on_first(m[0]), text)
    if cost is not None:
        double_wins = language != "vi"  # hardly a Vietnamese syllable has a letter twice
        text = replace(text, _LONG, lambda m: shortened(m[0], cost, double_wins))
    return Respelling(text, tuple(changes.items()))


def _replaced(
    changes: dict[str, str],
    text: str,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
) -> str:
    """The text with `new` of each match; what differs is added to `changes`."""
    parts, end = [], 0
    for match in pattern.finditer(text):
        found = new(match)
        if found != match[0]:
            changes[match[0]] = found
        parts += [text[end : match.start()], found]
        end = match.end()
    return "".join([*parts, text[end:]])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, as a whole word, in small letters or capitals."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def plain_letters(text: str) -> str:
    """NFC, with mathematical, full-width and other styled letters and digits as plain ones, and
    full-width signs.

    Raised digits ("m²") and fractions keep their form, which has a meaning.
    """
    return unicodedata.normalize("NFC", "".join(map(_plain_letter, text)))


def _plain_letter(character: str) -> str:
    styled = unicodedata.decomposition(character).partition(" ")[0] in _STYLES
    plain = unicodedata.normalize("NFKC", character)
    known = unicodedata.category(character)[0] in "LN" or "！" <= character <= "～"
    return plain if styled and (known or (len(plain) == 1 and plain.isalpha())) else character


_STYLES = {"<font>", "<wide>", "<narrow>", "<circle>", "<compat>"}


def with_case_of(typed: str, word: str) -> str:
    """`word` in capitals or with a capital where `typed` has them: "CANT" -> "CAN'T"."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def _from_chat(match: re.Match[str], words: dict[str, str]) -> str:
    """A chat word's meaning, unless its neighbours say that it is something else."""
    typed, before = match[0], match.string[: match.start()]
    after = match.string[match.end() :]
    unit = before.rstrip()[-1:].isdigit()  # 20 k, 2 kg
    word = re.match(r"\s+le\b", after) and typed.lower() == "éo"  # "éo le"
    word = word or (typed.lower() == "hổng" and before.lower().endswith("lỗ "))
    word = word or (typed.lower() == "hông" and _HIP.search(before) is not None)
    shouted = typed.isascii() and typed.isupper() and typed not in ("KO", "KHONG", "HOK", "KHUM")
    abbreviation = shouted and not match.string.isupper()  # "SP 500", "Washington DC"
    letter = len(typed) == 1 and typed.isupper()  # vitamin K, plan Z
    joined = before[-1:] in {"-", "/", ".", "@", "#", "'"} or after[:1] in {"-", "/", "@", "'"}
    # "may hong roi" is "máy hỏng rồi", typed without accents.
    broken = typed.lower() in ("hong", "hem") and (
        not re.match(r"\s+\w", after) or _BROKEN_OR_HIP.search(before) is not None
    )
    if unit or letter or joined or broken or word or abbreviation:
        return typed
    return with_case_of(typed, words[typed.lower()])


def tone_on_first(syllable: str) -> str:
    """An open syllable's tone on the first of its two vowels, as most texts have it: "hoà" ->
    "hòa", "tuỳ" -> "tùy"."""
    spelt = unicodedata.normalize("NFD", syllable[1])
    return unicodedata.normalize("NFC", syllable[0] + spelt[1:]) + spelt[0]


def shortened(word: str, cost: Cost, double_wins: bool) -> str:
    """A drawn-out word with the letter once or twice, whichever is cheaper: "baaaad" -> "bad",
    "goooood" -> "good". Where both cost the same, twice if `double_wins`."""
    once, twice = _RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)
    one, two = cost(once.lower()), cost(twice.lower())
    return twice if two < one or (two == one and double_wins) else once
