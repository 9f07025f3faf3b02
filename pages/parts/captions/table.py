"""The table of many sentences: on the screen, as CSV for spreadsheets, as JSON for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

import pandas as pd

from engine.results import Description
from pages.parts.captions.shown import Entry
from pages.shared.cells import displayed, harmless

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """A photo and what was found for it; `name` is the file's."""

    name: str
    entry: Entry
    description: Description

    @property
    def example(self) -> bool:
        return self.entry.example


def headings(_: Translate) -> dict[str, str]:
    """What each column is called, by id, in order."""
    return {
        "photo": _("photo"),
        "file": _("file"),
        "caption": _("sentence"),
        "score": _("score"),
    }


def screen(
    rows: Sequence[Row], columns: Mapping[str, str], picture: Callable[[Row], str]
) -> pd.DataFrame:
    """The table as `st.dataframe` shows it."""
    shown = {
        "photo": [picture(row) for row in rows],
        "file": [displayed(row.name) for row in rows],
        "caption": [row.description.captions[0].text for row in rows],
        "score": [row.description.captions[0].score for row in rows],
    }
    return pd.DataFrame(shown).rename(columns=dict(columns))


def as_csv(rows: Sequence[Row], columns: Mapping[str, str]) -> bytes:
    """A CSV that Excel opens with its accents whole: UTF-8 with a byte order mark."""
    out = StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([harmless(columns[id]) for id in ("file", "caption", "score")])
    for row in rows:
        best = row.description.captions[0]
        write([harmless(row.name), harmless(best.text), f"{best.score:.4f}"])
    return out.getvalue().encode("utf-8-sig", "replace")


def as_json(rows: Sequence[Row]) -> bytes:
    """Every photo with all its sentences, their scores and the words' probabilities."""
    found = [
        {
            "file": row.name,
            "width": row.description.width,
            "penalty": row.description.penalty,
            "captions": [
                {
                    "text": caption.text,
                    "score": round(caption.score, 6),
                    "log_probability": round(caption.log_probability, 6),
                    "words": [[word.text, round(word.probability, 6)] for word in caption.words],
                }
                for caption in row.description.captions
            ],
        }
        for row in rows
    ]
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace")
