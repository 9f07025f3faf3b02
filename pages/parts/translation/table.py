"""The table of many translations: on the screen, and as TSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pages.shared.cells import displayed, harmless

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """A line, which of the text it is, and its translation once there is one."""

    number: int
    source: str
    translation: str | None


def headings(_: Translate) -> dict[str, str]:
    """What each column is called, by id, in order."""
    return {"line": _("line"), "source": _("source"), "translation": _("translation")}


def screen(rows: Sequence[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """The table as `st.dataframe` shows it."""
    shown = {
        "line": [row.number for row in rows],
        "source": [displayed(row.source) for row in rows],
        "translation": [
            "…" if row.translation is None else displayed(row.translation) for row in rows
        ],
    }
    return pd.DataFrame(shown).rename(columns=dict(columns))


def as_tsv(rows: Sequence[Row]) -> bytes:
    """SOURCE TAB TRANSLATION, a line each, in UTF-8 with a byte order mark, which Excel needs."""
    lines = (f"{_cell(row.source)}\t{_cell(row.translation or '')}\r\n" for row in rows)
    return "".join(lines).encode("utf-8-sig", "replace")


def _cell(text: str) -> str:
    """On one line, without tabs, and never a formula."""
    return harmless(" ".join(text.split()))
