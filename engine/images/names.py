"""File names that can stand in a sentence, whoever made them up."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
_TAIL = 24  # of a name too long: enough to keep its number and its ending
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def safe_name(name: str) -> str:
    """The last part of the path, on one line, without what cannot be seen; "…" if nothing is left.

    Control characters and bidirectional overrides could make a name read as another one. What is
    too long loses its middle.
    """
    last = re.split(r"[/\\]", name)[-1]
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", last))
    plain = "".join(c for c in spaced if unicodedata.category(c) not in _HIDDEN).strip()
    if len(plain) > LONGEST:
        plain = f"{plain[: LONGEST - _TAIL - 1]}…{plain[-_TAIL:]}"
    return plain or "…"
