"""What each word of a translation looked at in the source, as a table of shares (slide 57).

A row for each written word from the top down, a column for each source word: pieces are put
together to words. Colours run from clear to magenta, so that either theme shines through.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures.captions import ATTENTION
from engine.figures.style import MARK, Translate, frame, percent, plain
from engine.figures.translation_words import groups, shares
from engine.results import Floats, SourceWord, Translation

ROW = 26
"""Pixels."""

WRITTEN_IN = 12
"""Of more columns none has room on a phone for its share."""

FEW = 6
"""So many columns have room on a phone for words that lie flat."""

STRENGTH = ((0.0, 0.0), (0.1, 0.25), (0.4, 0.75), (1.0, 1.0))
"""Opacity by share."""

TOLD = 0.4
"""A smaller share is not written in: white would not stand out from it in the light theme."""

LETTER = 7.5
"""Pixels of a letter on an axis, about."""


def matrix(
    read: Sequence[SourceWord], translation: Translation, _: Translate, marked: int | None = None
) -> go.Figure:
    """Shares of attention, source words across, written words down; row `marked` is framed.

    Without attention the table is empty.
    """
    cells = shares(read, translation)
    rows = [plain(group.text, 14) for group in groups(translation.words)]
    columns = [plain(group.text, 14) for group in groups(read)]
    flat = len(columns) <= FEW and max(map(len, columns)) <= FEW
    top = 52 if flat else round(48 + LETTER * max(map(len, columns)))
    figure = frame(ROW * len(rows) + top + 8)
    if cells is not None:
        figure.add_heatmap(**_heat(cells, columns, rows, _))
        if len(columns) <= WRITTEN_IN:
            _numbers(figure, cells)
    if marked is not None:
        rows[marked] = f"<b>{rows[marked]}</b>"
        figure.add_shape(**_frame(marked, len(columns)))
    _axes(figure, columns, rows, 0 if flat else -90, _)
    return figure.update_layout(margin={"l": 8, "r": 8, "t": top, "b": 8}, showlegend=False)


def matrix_alt(
    read: Sequence[SourceWord],
    translation: Translation,
    _: Translate,
    marked: int | None = None,
    most: int = 30,
) -> str:
    """The table in words: for each written word the source word it looked at most."""
    cells = shares(read, translation)
    if cells is None:
        return _("This model has no attention.")
    written, sources = groups(translation.words), groups(read)
    told = [
        f"{written[k].text} ← {sources[int(row.argmax())].text} {percent(float(row.max()))}"
        for k, row in enumerate(cells[:most])
    ]
    text = _("Attention, for each written word the source word that it looked at most: {list}.")
    said = text.format(list=", ".join(told))
    if marked is None:
        return said
    line = _("The marked word, “{word}”, looked at: {list}.")
    listed = looked_at(read, translation, marked)
    return f"{said} {line.format(word=written[marked].text, list=listed)}"


def looked_at(read: Sequence[SourceWord], translation: Translation, at: int, most: int = 4) -> str:
    """The source words that written word `at` looked at most: `temple 87%, un 6%`; "" without."""
    cells = shares(read, translation)
    return "" if cells is None else top([group.text for group in groups(read)], cells[at], most)


def top(texts: Sequence[str], row: Floats, most: int) -> str:
    """The largest shares of a row, with what they belong to."""
    best = [int(k) for k in np.argsort(-row, kind="stable")[:most]]
    return ", ".join(f"{texts[k]} {percent(float(row[k]))}" for k in best)


def _heat(
    cells: Floats, columns: Sequence[str], rows: Sequence[str], _: Translate
) -> dict[str, object]:
    ink = ", ".join(str(int(ATTENTION[k : k + 2], 16)) for k in (1, 3, 5))
    pairs = [[f"{row} ← {column}" for column in columns] for row in rows]
    return {
        "z": cells.round(4).tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[share, f"rgba({ink}, {strength:g})"] for share, strength in STRENGTH],
        "showscale": False,
        "customdata": pairs,
        "hovertemplate": "%{customdata}: %{z:.1%}<extra></extra>",
        "xgap": 1,
        "ygap": 1,
    }


def _numbers(figure: go.Figure, cells: Floats) -> None:
    """The large shares in their cells."""
    chosen = [(int(row), int(column)) for row, column in np.argwhere(cells >= TOLD)]
    figure.add_scatter(
        x=[column for _row, column in chosen],
        y=[row for row, _column in chosen],
        mode="text",
        text=[f"<b>{plain(percent(float(cells[place])))}</b>" for place in chosen],
        textfont={"size": 11, "color": "#ffffff"},
        hoverinfo="skip",
    )


def _frame(row: int, columns: int) -> dict[str, object]:
    """An outline around the marked word's row."""
    line = {"color": MARK, "width": 2}
    edges = {"x0": -0.5, "x1": columns - 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", "line": line, "layer": "above", **edges}


def _axes(
    figure: go.Figure, columns: Sequence[str], rows: Sequence[str], angle: int, _: Translate
) -> None:
    crowded = len(columns) > WRITTEN_IN
    figure.update_xaxes(
        side="top",
        range=[-0.5, len(columns) - 0.5],
        tickvals=list(range(len(columns))),
        ticktext=list(columns),
        tickangle=angle,
        tickfont={"size": 10 if crowded else 13},
        title={"text": _("source, word by word"), "standoff": 12},
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=list(rows),
        showgrid=False,
        automargin=True,
        title={"text": _("translation"), "standoff": 6},
    )
