"""Vietnamese letters with and without their marks, and texts as arrays of numbers.

A mark is a breve, a circumflex, a horn, the stroke of đ, or one of five tones. Seven letters can
carry some, a and o even seventeen combinations. Taking marks off never changes a text's length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int16, Int64, UInt8
from numpy.typing import NDArray

FORMS = {
    "a": "aàáảãạăằắẳẵặâầấẩẫậ",
    "d": "dđ",
    "e": "eèéẻẽẹêềếểễệ",
    "i": "iìíỉĩị",
    "o": "oòóỏõọôồốổỗộơờớởỡợ",
    "u": "uùúủũụưừứửữự",
    "y": "yỳýỷỹỵ",
}
"""Each letter that can carry marks, with all its forms; the first has none."""

CLASSES = "".join(FORMS.values())
"""The 74 forms: what a character is labelled with."""

GROUPS = tuple(map(len, FORMS.values()))
"""How many of the classes each letter has."""

WORD = re.compile(r"[^\W\d_]+")
TOKEN = re.compile(r"[^\W\d_]{1,20}|\d{1,6}|[^\w\s]|_|\n")
"""What is read at one step: a word, digits, or a single sign."""

JOINT, PAIR_BASE = "_", 1 << 15
"""What joins a pair of words, in writing and as a number."""

SEPARATOR = "\n"
"""Stands between texts, and is read before and after each."""

_PLAIN = {ord(form): base for base, forms in FORMS.items() for form in forms} | {
    ord(form.upper()): base.upper() for base, forms in FORMS.items() for form in forms
}

CODES = 0x3000
"""Characters from this code on are not told apart."""

MOST_CHARACTERS = 255
"""Characters that an alphabet can list, so that a number is a byte."""

_SMALL = {
    code: small
    for code in range(CODES)
    if len(small := chr(code).lower()) == 1 and ord(small) != code
}
_LOWER = np.array([ord(_SMALL.get(code, chr(code))) for code in range(CODES)], dtype=np.uint32)


def strip_marks(text: str) -> str:
    """The text (NFC) without Vietnamese marks, as long as it was: 'Đặng Müller' -> 'Dang Müller'.

    Letters of other languages keep theirs, so this is not `strip_accents`.
    """
    return text.translate(_PLAIN)


def nfc(text: str) -> str:
    """The text with each letter and its marks in one character, as all functions here expect."""
    return unicodedata.normalize("NFC", text)


class Coded(NamedTuple):
    """A text as numbers: N tokens and the M characters that they consist of.

    words, pairs, cases: (N,) which word a token is, 0 for one that is not listed, 1 for digits and
    signs; which pair it is with the token before, 0 for one that is not listed; 0 small,
    1 capitalised, 2 all in capitals. starts: (N + 1,) a token's first character among the M.

    places, characters, plain, marked, groups, targets: (M,) where a character stands in the text;
    its number as typed, and without marks, lower-case both; whether it has a mark; which letter of
    `FORMS` it is, from 1, and 0 for characters that carry no marks; which of the `CLASSES`, 0 where
    the group is 0.
    """

    words: Int16[NDArray[np.int16], " N"]
    pairs: Int16[NDArray[np.int16], " N"]
    cases: UInt8[NDArray[np.uint8], " N"]
    starts: Int64[NDArray[np.int64], " _"]
    places: Int64[NDArray[np.int64], " M"]
    characters: UInt8[NDArray[np.uint8], " M"]
    plain: UInt8[NDArray[np.uint8], " M"]
    marked: Bool[NDArray[np.bool_], " M"]
    groups: UInt8[NDArray[np.uint8], " M"]
    targets: UInt8[NDArray[np.uint8], " M"]


class Coder:
    """Texts to numbers: which characters and words are listed.

    Args:
        alphabet: the lower-case characters; their numbers count from 1. At most
            `MOST_CHARACTERS`.
        words: the words, lower-case and without marks; their numbers count from 2.
        pairs: pairs of such words, joined by "_"; their numbers count from 1. ValueError for a pair
            of words that are not listed.
    """

    def __init__(self, alphabet: str, words: Iterable[str], pairs: Iterable[str] = ()) -> None:
        self.alphabet, self.words, self.pairs = alphabet, tuple(words), tuple(pairs)
        self._words = {word: k for k, word in enumerate(self.words, 2)}
        if not all(part in self._words for pair in self.pairs for part in pair.split(JOINT)):
            raise ValueError("a pair of words that are not listed")
        parts = [[self._words[part] for part in pair.split(JOINT)] for pair in self.pairs]
        keys = np.array([first * PAIR_BASE + second for first, second in parts], dtype=np.int64)
        self._pair_order = keys.argsort()
        self._pair_keys = keys[self._pair_order]
        self._characters = _table(alphabet, range(1, len(alphabet) + 1))
        self._targets = _table(CLASSES, range(len(CLASSES)))
        self._groups = _table(CLASSES, np.repeat(range(1, len(GROUPS) + 1), GROUPS).tolist())
        self._plain = np.arange(CODES, dtype=np.uint32)
        for base, forms in FORMS.items():
            self._plain[[ord(form) for form in forms]] = ord(base)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many numbers characters, words and pairs have."""
        return len(self.alphabet) + 1, len(self.words) + 2, len(self.pairs) + 1

    def __call__(self, text: str) -> Coded:
        """The numbers of a text (NFC)."""
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        codes = np.where(codes < CODES, codes, 0)
        spans = [match.span() for match in TOKEN.finditer(text)]
        edges = np.array(spans, dtype=np.int64).reshape(-1, 2)
        lengths = edges[:, 1] - edges[:, 0]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(starts[-1]) + np.repeat(edges[:, 0] - starts[:-1], lengths)
        lower = _LOWER[codes[places]]
        plain = self._plain[lower]
        words = self._numbers(text, spans)
        return Coded(
            words,
            self._pairs(words),
            _cases((codes[places] != lower).astype(np.int64), starts),
            starts,
            places,
            self._characters[lower],
            self._characters[plain],
            plain != lower,
            self._groups[lower],
            self._targets[lower],
        )

    def _numbers(self, text: str, spans: Iterable[tuple[int, int]]) -> NDArray[np.int16]:
        plain, listed = strip_marks(text).translate(_SMALL), self._words
        tokens = (plain[first:last] for first, last in spans)
        numbers = [listed.get(token, 0) if token[0].isalpha() else 1 for token in tokens]
        return np.array(numbers, dtype=np.int16)

    def _pairs(self, words: NDArray[np.int16]) -> NDArray[np.int16]:
        """(N,) the number of each token's pair with the one before."""
        if not self.pairs:
            return np.zeros(len(words), dtype=np.int16)
        keys = pair_keys(words)
        place = np.searchsorted(self._pair_keys, keys).clip(max=len(self.pairs) - 1)
        return np.where(self._pair_keys[place] == keys, self._pair_order[place] + 1, 0).astype(
            np.int16
        )


def pair_keys(
    words: Int16[NDArray[np.int16], " N"],
) -> Int64[NDArray[np.int64], " N"]:
    """(N,) one number for each token and the one before, 0 unless both are listed words."""
    second = words.astype(np.int64)
    first = np.concatenate([[0], second[:-1]])
    return np.where((first > 1) & (second > 1), first * PAIR_BASE + second, 0)


def _cases(capitals: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(N,) from which of the M characters are capitals: 0 if the first is none, 1 if it is, 2 if
    all of several are."""
    total = np.concatenate([[0], np.cumsum(capitals)])
    count, length = total[starts[1:]] - total[starts[:-1]], np.diff(starts)
    first = capitals[starts[:-1]] if len(length) else capitals[:0]
    cases: NDArray[np.uint8] = (first + ((count == length) & (length > 1))).astype(np.uint8)
    return cases


def _table(characters: str, numbers: Iterable[int]) -> NDArray[np.uint8]:
    """From a character's code to its number; 0 for those that have none."""
    table = np.zeros(CODES, dtype=np.uint8)
    for character, number in zip(characters, numbers, strict=True):
        table[ord(character)] = number
    return table
