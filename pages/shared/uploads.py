"""The text of an uploaded file, whatever programme has written it."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import PurePath

from engine.errors import N_, InputError

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip, which .xlsx is, and the older Office's files
_MB = 1024**2


def decode(name: str, data: bytes, most: int) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark; else InputError.

    Args:
        most: bytes that are read at once.
    """
    if len(data) > most:
        raise _too_large(name, len(data), most)
    if data.startswith(_EXCEL):
        raise InputError(_template(name, _SHEET), file=name)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _undecodable(name, data, error) from None
    if _is_binary(text):
        raise InputError(N_("{file} is not a text file."), file=name)
    if not text.strip("\ufeff\x1a \t\r\n"):
        raise InputError(N_("{file} is empty."), file=name)
    return text


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
            size=f"{size / 1000:.0f}",
            limit=most // 1000,
        )
    return InputError(
        N_("{file} has {size} MB; at most {limit} MB are read at once."),
        file=name,
        size=f"{size / _MB:.1f}",
        limit=most // _MB,
    )


def _undecodable(name: str, data: bytes, error: UnicodeDecodeError) -> InputError:
    if _is_binary(data[:4096].decode("latin-1")):
        return InputError(N_("{file} is not a text file."), file=name)
    line = data.count(b"\n", 0, error.start) + 1
    return InputError(_template(name, _OTHER), file=name, line=line)


def _is_binary(text: str) -> bool:
    """By control characters: no text has a NUL, or one such character in a hundred."""
    odd = sum(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f\v\x85" for c in text[:4096])
    return "\0" in text or odd * 100 > len(text[:4096])
