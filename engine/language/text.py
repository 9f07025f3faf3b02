"""Text as people type it: made plain, checked, and what a word of it is."""

from __future__ import annotations

import gzip
import re
import unicodedata
import zlib
from pathlib import Path

from engine.errors import N_, InputError
from engine.language.ratings import rating
from engine.language.respelling import plain_letters

MAX_CHARACTERS = 5_000

Span = tuple[int, int]
"""From where to where something goes in a text."""

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
"""A word, with what hyphens and apostrophes tie to it."""
TOKEN = re.compile(r"\w+|[^\w\s]")
"""A run of letters and digits, or a sign."""
BEGINNING = re.compile(r"(?:^|[.!?…:;\"“”«»()–—-])\s*$")
"""What comes before the first word of a sentence or of part of one."""

# What an emoji needs to stay whole: zero-width joiner and variation selector 16.
_KEPT_FORMATS = {"\u200d", "\ufe0f"}


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (.gz too), with \\n line ends; InputError for anything else."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, EOFError, zlib.error):
        raise InputError(N_("{file} cannot be read."), file=path.name) from None
    except UnicodeDecodeError:
        raise InputError(N_("{file} is not UTF-8 text."), file=path.name) from None


def normalise(text: str) -> str:
    """NFC, one space between words, no control characters and no invisible formatting.

    What is taken out cannot be seen but could mislead: bidirectional overrides, zero-width spaces,
    byte order marks, lone surrogates. Line breaks and tabs become spaces.
    """
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    visible = (
        c for c in spaced if c in _KEPT_FORMATS or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return "".join(visible).strip()


def without_surrogates(text: str) -> str:
    """The text without lone surrogates, which stand for bytes that are no text and which neither
    networks nor UTF-8 know."""
    return text.encode("utf-8", "ignore").decode()


def check_length(text: str, limit: int = MAX_CHARACTERS) -> None:
    """InputError for a text of more than `limit` characters."""
    if len(text) > limit:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be read at once."),
            length=len(text),
            limit=limit,
        )


def check(text: str, limit: int = MAX_CHARACTERS) -> str:
    """The normalised text, or InputError saying why it cannot be read."""
    check_length(text, limit)
    plain = normalise(text)
    if not plain:
        raise InputError(N_("There is no text yet. Type a sentence, or choose an example."))
    letters = [c for c in plain_letters(plain) if c.isalpha()]
    if not letters and not has_emoji(plain) and rating(plain) is None:
        raise no_words()
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if 2 * latin < len(letters):
        raise InputError(N_("This script cannot be read: the models know English and Vietnamese."))
    return plain


def no_words() -> InputError:
    """The error for a text without a word that a model can read."""
    return InputError(N_("There are no words in this text: the model reads words."))


def has_emoji(text: str) -> bool:
    """Whether it has an emoji or another pictorial sign."""
    return any(unicodedata.category(c) == "So" for c in text)


def is_latin(text: str) -> bool:
    """Whether most of a text's letters are Latin ones: nothing else can be translated."""
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c < "ɐ" or "Ḁ" <= c <= "ỿ" for c in letters) >= len(letters)


def strip_accents(text: str) -> str:
    """Vietnamese as typed without accents: 'rất đáng xem' -> 'rat dang xem'."""
    base = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in base if not unicodedata.combining(c)))
