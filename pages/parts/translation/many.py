"""View "Many lines": every line beside its translation, as a table and as a file."""

from __future__ import annotations

import streamlit as st

from pages.parts.translation import compute, table
from pages.parts.translation.shown import Shown
from pages.shared import live
from pages.shared.text import translator


def draw(shown: Shown) -> None:
    """The table as far as it is known, and what can be taken along."""
    if compute.working() is None:
        _table(shown)
    else:
        st.fragment(_table, run_every=live.TICK)(shown)


def _table(shown: Shown) -> None:
    _ = translator()
    rows = compute.rows()
    columns = table.headings(_)
    st.dataframe(
        table.screen(rows, columns),
        key="translation_table",
        hide_index=True,
        height=min(500, 40 + 36 * len(rows)),
        column_config={
            columns["line"]: st.column_config.NumberColumn(width=48),
            columns["source"]: st.column_config.TextColumn(width=150),
            columns["translation"]: st.column_config.TextColumn(width=150),
        },
        alt=_("Every line of the text beside its translation"),
    )
    if len(rows) == 1:
        st.caption(
            _("Type several lines above, or upload a text: each line is translated for itself.")
        )
    st.download_button(
        _("Download (TSV)"),
        table.as_tsv(rows),
        f"translation-{shown.direction}.tsv",
        "text/tab-separated-values",
        key="translation_tsv",
        on_click="ignore",
        icon=":material/download:",
        disabled=compute.working() is not None,
    )
