"""The text of an uploaded file, whatever programme has written it."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st

from engine.errors import N_, InputError
from pages.shared.text import _

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip, which .xlsx is, and the older Office's files
_MB = 1024**2

UTF8 = "UTF-8"
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class TextFile(NamedTuple):
    """A file's text, and the coding it was in: "UTF-8", "UTF-16" or "UTF-32"."""

    text: str
    coding: str


def decode(name: str, data: bytes, most: int) -> TextFile:
    """The text of a file in UTF-8, UTF-16 or UTF-32; else InputError.

    Older codings (Windows-1252 and -1258, Mac Roman, code page 850, Shift-JIS) cannot be told apart
    surely in a few lines: such a file is refused, and how to save it is said.

    Args:
        most: bytes that are read at once.
    """
    if len(data) > most:
        raise _too_large(name, len(data), most)
    if data.startswith(_EXCEL):
        raise InputError(_template(name, _SHEET), file=name)
    coding = next((c for mark, c in _MARKS.items() if data.startswith(mark)), "")
    order = "" if coding else _byte_order(data)
    try:
        text = data.decode(f"utf-16-{order}" if order else coding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _undecodable(name, data, error) from None
    text = text.removesuffix("\x1a")  # how DOS ended a file
    if _is_binary(text):
        raise InputError(N_("{file} is not a text file."), file=name)
    if not text.strip("\ufeff\x1a \t\r\n"):
        raise InputError(N_("{file} is empty."), file=name)
    return TextFile(text, "UTF-16" if order else coding or UTF8)


def note_coding(coding: str) -> None:
    """Says how a file was read, where it was not as people are asked to save it."""
    if coding != UTF8:
        st.caption(_("This file was read as {coding}.").format(coding=coding))


def _byte_order(data: bytes) -> str:
    """ "le" or "be" for UTF-16 without a byte order mark, else "".

    Letters, digits, blanks and signs of European languages have a byte 0 at one side, so one side
    of the first characters is mostly 0 and the other never.
    """
    head = data[:4096]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if len(data) % 2 or not max(zeros) or min(zeros):
        return ""
    return ("be" if zeros[0] else "le") if max(zeros) * 4 > len(head) else ""


_SHEET = (
    N_("{file} is a spreadsheet or an archive. Please save the sheet as “CSV UTF-8” first."),
    N_("{file} is a spreadsheet or an archive, not a text file."),
)
_OTHER = (
    N_("{file} is not UTF-8 text (see line {line}). Please save it as “CSV UTF-8” first."),
    N_("{file} is not UTF-8 text (see line {line}). Please save it as UTF-8 first."),
)


def _template(name: str, of: tuple[str, str]) -> str:
    """What is said of a table, or of a plain text."""
    return of[PurePath(name).suffix.lower() == ".txt"]


def _too_large(name: str, size: int, most: int) -> InputError:
    if most < _MB:
        return InputError(
            N_("{file} has {size} kB; at most {limit} kB are read at once."),
            file=name,
            size=round(size / 1000),
            limit=most // 1000,
        )
    return InputError(
        N_("{file} has {size} MB; at most {limit} MB are read at once."),
        file=name,
        size=round(size / _MB, 1),
        limit=most // _MB,
    )


def _undecodable(name: str, data: bytes, error: UnicodeDecodeError) -> InputError:
    # Bytes above 127 are letters and signs in the older codings.
    if _is_binary(bytes(byte for byte in data[:4096] if byte < 128).decode()):
        return InputError(N_("{file} is not a text file."), file=name)
    line = data.count(b"\n", 0, error.start) + 1
    return InputError(_template(name, _OTHER), file=name, line=line)


def _is_binary(text: str) -> bool:
    """By control characters: no text has a NUL, or one such character in a hundred."""
    odd = sum(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f\v\x85" for c in text[:4096])
    return "\0" in text or odd * 100 > len(text[:4096])
