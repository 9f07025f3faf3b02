"""View "Many photos": every photo of the page with its sentence, as a table and as files."""

from __future__ import annotations

import streamlit as st

from engine.figures import captions as figures
from pages.parts.captions import compute, table
from pages.parts.captions.shown import Shown
from pages.parts.captions.table import Row
from pages.shared.text import translator

THUMBNAIL, LIGHT = 96, 6_000
"""Longest side of a small picture in pixels, and its heaviest in bytes."""


def draw(shown: Shown) -> None:
    """The table, and what can be taken along."""
    _ = translator()
    rows = compute.described(shown)
    columns = table.headings(_)
    st.dataframe(
        table.screen(rows, columns, _picture),
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
    if all(row.example for row in rows):
        st.caption(
            _(
                "Upload several photos above: each gets a row as soon as it is described. Examples "
                "are described when they are looked at."
            )
        )
    with st.container(horizontal=True, gap="small"):
        _download(_("Download (CSV)"), "csv", "text/csv", rows)
        _download(_("Download (JSON)"), "json", "application/json", rows)


def _download(label: str, form: str, mime: str, rows: list[Row]) -> None:
    _ = translator()
    # Made at once, not when it is asked for: the page runs again with every new sentence, and what
    # a click on the run before had asked for would be gone.
    columns = table.headings(_)
    contents = table.as_csv(rows, columns) if form == "csv" else table.as_json(rows)
    st.download_button(
        label,
        contents,
        f"captions.{form}",
        mime,
        key=f"captions_{form}",
        on_click="ignore",
        icon=":material/download:",
    )


def _picture(row: Row) -> str:
    return figures.data_uri(figures.jpeg(row.entry.photo.pixels, THUMBNAIL, LIGHT))
