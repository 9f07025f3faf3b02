"""View "Many photos": every photo of the page with its sentence, on the screen, as CSV, as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

import pandas as pd
import streamlit as st

from engine.figures.style import Translate
from engine.results import Description
from pages.parts.captions import inputs
from pages.parts.captions.session import LoadedPhoto, Selection, cache
from pages.shared import views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, displayed, harmless


@dataclass(frozen=True)
class Row:
    """A photo and what was found for it; `name` is the file's."""

    name: str
    photo: LoadedPhoto
    description: Description


def draw(selection: Selection, _side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """The table, and what can be taken along."""
    rows, columns = described(selection), headings(_)
    st.dataframe(
        screen(
            rows,
            columns,
            lambda row: row.photo.thumbnail,
        ),
        key="captions_table",
        hide_index=True,
        row_height=64,
        height=min(500, 40 + 64 * len(rows)),
        column_config={
            columns["photo"]: st.column_config.ImageColumn(width="small"),
            columns["caption"]: st.column_config.TextColumn(width="large"),
            columns["score"]: st.column_config.NumberColumn(width="small", format="%.3f"),
        },
        alt=_("Every photo with its sentence and its score; sortable by each column"),
    )
    if all(row.photo.example for row in rows):
        st.caption(
            _(
                "Add several photos: each gets a row as soon as it is described. Examples "
                "are described when they are looked at."
            )
        )
    # Made at once, not when it is asked for: the page runs again with every new sentence, and what
    # a click on the run before had asked for would be gone.
    with st.container(horizontal=True, gap="small"):
        label, data = _("Download (CSV)"), as_csv(rows, columns)
        views.download(label, data, "captions.csv", "text/csv", "captions_csv")
        label, data = _("Download (JSON)"), as_json(rows)
        views.download(label, data, "captions.json", "application/json", "captions_json")


def described(selection: Selection) -> list[Row]:
    """The photos that have a sentence by now, one's own first, in the order in which they came."""
    found = [(cache().photo(id), selection.query.key(id)) for id in inputs.ids()]
    return [
        Row(inputs.title(photo), photo, cache().descriptions[key])
        for photo, key in found
        if photo is not None and key in cache().descriptions
    ]


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
    best = [row.description.captions[0] for row in rows]
    table = {
        "photo": [picture(row) for row in rows],
        "file": [displayed(row.name) for row in rows],
        "caption": [caption.text for caption in best],
        "score": [caption.score for caption in best],
    }
    return pd.DataFrame(table).rename(columns=dict(columns))


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
            "unfamiliar": row.description.unfamiliar,
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
