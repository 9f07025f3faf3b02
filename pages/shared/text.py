"""Words on the screen: the session's language, its gettext catalogue, lessons, numbers.

English text is the key: the pages import `_` and write `_("…")`. A third language is one more `.po`
file and one more folder of lessons (CONTRIBUTING.md).
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import streamlit as st
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from engine.errors import N_, InputError
from engine.figures import numbers
from engine.figures.numbers import decimal, number
from engine.figures.numbers import share as percent

__all__ = [
    "LANGUAGES",
    "N_",
    "_",
    "counter",
    "decimal",
    "displayed",
    "harmless",
    "in_language",
    "language",
    "lesson",
    "listing",
    "literal",
    "message",
    "number",
    "numeral",
    "option_names",
    "percent",
    "translator",
]

Option = TypeVar("Option")

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SOURCE = "en"  # the language of the keys: it needs no catalogue

LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}
"""Every language of the app and what it calls itself."""

CELL_LIMIT = 500
"""Characters of a text that the table on the screen shows; the file has all."""

Value = TypeVar("Value")
_FORMULA = "=+-@＝＋－＠"

_PART = re.compile(r"^<!-- ([a-z_]+) -->\n", re.MULTILINE)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&])")


def language() -> str:
    """The session's language. Before the header has settled it: the browser's, or English."""
    chosen = st.session_state.get("lang")
    return chosen if chosen in LANGUAGES else browser_language()


def in_language(texts: Mapping[str, Value]) -> Value:
    """Of what there is by language the one in the session's; in English where there is none."""
    return texts.get(language(), texts[SOURCE])


def browser_language() -> str:
    """The language of `LANGUAGES` that the visitor's browser asks for; English without one."""
    wanted = (st.context.locale or SOURCE).split("-")[0].lower()
    return wanted if wanted in LANGUAGES else SOURCE


numbers.follow(language)


def _(text: str) -> str:
    """`text` in the session's language."""
    return _catalogue(language()).gettext(text)


def translator(lang: str | None = None) -> Callable[[str], str]:
    """The function from English to the session's language (or to `lang`), for one run."""
    return _catalogue(lang or language()).gettext


def counter() -> Callable[[str, str, int], str]:
    """gettext's plural form, to be called `n_`: n_("{n} model", "{n} models", n).format(n=n)."""
    return _catalogue(language()).ngettext


def message(error: InputError) -> str:
    """What the error says, in the session's language, as Markdown that its values cannot change."""
    return error.fill(_(error.template), literal, shortest)


def shortest(value: float) -> str:
    """A count, or a size with one decimal."""
    return decimal(value, 0 if isinstance(value, int) else 1)


def literal(text: str) -> str:
    """`text` so that Markdown shows it as it is: nobody's input becomes a link or a picture."""
    return _SPECIAL.sub(r"\\\1", text)


def starts_formula(cell: str) -> bool:
    """Whether a spreadsheet might compute the cell instead of showing it."""
    return cell.lstrip()[:1] in tuple(_FORMULA) or cell[:1] in ("\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell for a file that a spreadsheet will open: never a formula.

    A leading apostrophe makes Excel, LibreOffice and Google Sheets take a cell that begins with
    = + - @ (or with a tab or line break, which some skip) as text, as OWASP advises against
    "CSV injection": a review "=HYPERLINK(…)" stays a review.
    """
    return f"'{cell}" if starts_formula(cell) else cell


def displayed(text: str) -> str:
    """A text for the table on the screen, shortened.

    The table's own menu can save it too, without `harmless`: there a no-break space, which cannot
    be seen, keeps a formula from being one.
    """
    short = text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
    return f"\u00a0{short}" if starts_formula(short) else short


def lesson(page: str) -> dict[str, str]:
    """The prose of a page by part: each part of the Markdown file starts with `<!-- name -->`.

    A language that lacks the page gets the English one.
    """
    for lang in (language(), SOURCE):
        path = ASSETS / "lessons" / lang / f"{page}.md"
        if path.is_file():
            return _lesson(path, path.stat().st_mtime_ns)
    raise LookupError(f"no lesson for the page {page}")


@lru_cache(maxsize=64)
def _lesson(path: Path, changed: int) -> dict[str, str]:  # noqa: ARG001 (part of the cache's key)
    """The parts of a lesson; every run asks for some, an edited file is read again."""
    return parts(path.read_text(encoding="utf-8"))


def parts(markdown: str) -> dict[str, str]:
    """Splits the text of a lesson at its `<!-- name -->` lines."""
    pieces = _PART.split(markdown)[1:]
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def numeral(id: str) -> str:
    """A number that is written as an id, with the digits that it has there; a word stays."""
    try:
        value = float(id)
    except ValueError:
        return id
    return decimal(value, len(id.partition(".")[2]))


def listing(items: list[str]) -> str:
    """ "a, b and c" in the session's language."""
    return format_list(items, locale=language())


def option_names(
    options: Iterable[Option], name: Callable[[Option], str]
) -> Callable[[Option], str]:
    """A widget's `format_func`: what its options are called in the language of this run.

    Streamlit asks for names outside of runs, too, where no session says which language it is: in
    another one the chosen option would not be among those that are shown.
    """
    names = {option: name(option) for option in options}
    return lambda option: names[option] if option in names else str(option)


def _catalogue(lang: str) -> NullTranslations:
    now, (looked, found) = time.monotonic(), _found.get(lang, (-math.inf, _NONE))
    if now - looked >= FRESH:
        path = ASSETS / "locale" / lang / "LC_MESSAGES" / "app.po"
        absent = lang == SOURCE or not path.is_file()
        found = _NONE if absent else _compiled(path, path.stat().st_mtime_ns)
        _found[lang] = now, found
    return found


FRESH = 1.0
"""Seconds after which a catalogue's file is looked at again; a page asks for some 200 texts."""
_NONE = NullTranslations()
_found: dict[str, tuple[float, NullTranslations]] = {}
"""By language: when its file was looked at, and what was in it."""


@lru_cache(maxsize=8)
def _compiled(path: Path, changed: int) -> GNUTranslations:  # noqa: ARG001 (part of the cache's key)
    """The catalogue, compiled in memory; edited files are read again without a restart."""
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=path.parts[-3]))
    compiled.seek(0)
    return GNUTranslations(compiled)
