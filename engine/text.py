"""Text as people type it: made plain, checked, and told apart by language."""

from __future__ import annotations

import re
import unicodedata

from engine.errors import N_, InputError

MAX_CHARACTERS = 5_000

# What an emoji needs to stay whole: zero-width joiner and variation selector 16.
_KEPT_FORMATS = {"\u200d", "\ufe0f"}
_VIETNAMESE_LETTERS = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\W\d_]+")

# The most frequent words of each language's reviews that the other hardly has; Vietnamese without
# accents, since that is how it is typed when only the words can tell.
_VIETNAMESE = """
    co rat minh khong la va thi quan cung nhung ngon voi cho qua dep ban chat hang lam thay gia
    nen vien lai nhan ko duoc pham noi vi nay nhu luong tinh moi goi dung di mon nhieu gian cua
    vu phuc lan tien kha dang banh giao hon thoi mua nua chu thich uong thu trong phai luon toi
    kem nhat roi chac nuoc bo nhanh tu chua bi cac tuyet nguoi doi van vao thuc biet nao hop
    nhiet lau gi khi nho bao khach mot do hay dich hong phim truyen giang sinh
"""
_ENGLISH = """
    the and a to i of it is this in was s movie you with but as t not have are film one my all
    they good at very great like just if from there about out by or his has what had who time
    would more really we some were up when even well only get story their see bad her its much
    best been she love food which your also place people first other how made here could service
    most ever because way did after any better never little back think then over no don too off
    an be on for so
"""
_VIETNAMESE_WORDS = frozenset(_VIETNAMESE.split())
_ENGLISH_WORDS = frozenset(_ENGLISH.split())


def normalise(text: str) -> str:
    """NFC, one space between words, no control characters and no invisible formatting.

    What is taken out cannot be seen but could mislead: bidirectional overrides, zero-width spaces,
    byte order marks, lone surrogates. Line breaks and tabs become spaces.
    """
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    return "".join(c for c in spaced if _visible(c)).strip()


def _visible(character: str) -> bool:
    return character in _KEPT_FORMATS or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def check(text: str, limit: int = MAX_CHARACTERS) -> str:
    """The normalised text, or InputError saying why it cannot be read."""
    if len(text) > limit:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be read at once."),
            length=f"{len(text):,}",
            limit=f"{limit:,}",
        )
    plain = normalise(text)
    if not plain:
        raise InputError(N_("There is no text yet. Type a sentence, or choose an example."))
    letters = [c for c in plain if c.isalpha()]
    if not letters:
        raise InputError(N_("There are no words in this text: the model reads words."))
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if 2 * latin < len(letters):
        raise InputError(N_("This script cannot be read: the models know English and Vietnamese."))
    return plain


def strip_accents(text: str) -> str:
    """Vietnamese as typed without accents: 'rất đáng xem' -> 'rat dang xem'."""
    base = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in base if not unicodedata.combining(c)))


def detect_language(text: str) -> str:
    """'vi' or 'en': by letters that only Vietnamese has, else by its most frequent words.

    Words decide even against letters when they are mostly the other language's, so that one
    borrowed name turns nothing round. With no evidence at all: 'en'.
    """
    words = [w.lower() for w in _WORD.findall(unicodedata.normalize("NFC", text))]
    marked = sum(bool(_VIETNAMESE_LETTERS.search(w)) for w in words)
    vietnamese = 2 * marked + sum(w in _VIETNAMESE_WORDS for w in words)
    english = sum(w in _ENGLISH_WORDS for w in words)
    return "vi" if vietnamese > english else "en"
