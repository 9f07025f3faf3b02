"""What is known of each language: word lists and regular expressions, as data in assets/lexicon."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import N_

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "lexicon"

NAMES = {"en": N_("English"), "fr": N_("French"), "vi": N_("Vietnamese")}
"""The languages that can be translated, by their codes."""
SEVERAL = "mul"
"""The folder of what belongs to no single language (ISO 639-2: multiple languages)."""


@cache
def read(language: str, name: str) -> dict[str, Any]:
    """The table `name` ("language", "names", …) of a language, by its keys."""
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))


def facts(language: str) -> dict[str, Any]:
    """What the code has to know of a language: number signs, abbreviations, negation."""
    return read(language, "language")
