"""A translation's words, put together from pieces, and what each looked at in the source.

In the table of attention (slide 57) there is a row for each written word from the top down and a
column for each source word. Colours run from clear to magenta, so that either theme shines through.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import updates
from engine.figures.captions.photo import ATTENTION
from engine.figures.numbers import percent
from engine.figures.style import MARK, Translate, frame, plain, rgba
from engine.results import STOP_WORD, Floats, Sentence, SourceWord, Translation, WrittenWord

BLANK = "␣"
"""The text of a piece that is a space and nothing else."""

NAMED = 4
"""Letters of a word that is worth looking at before any was tapped."""

LISTED = 3
"""Source words that are named in a sentence."""

ROW = 26
"""Pixels."""

WRITTEN_IN = 12
"""Of more columns none has room on a phone for its share."""

FEW = 6
"""So many columns have room on a phone for words that lie flat."""

STRENGTH = ((0.0, 0.0), (0.1, 0.25), (0.4, 0.75), (1.0, 1.0))
"""Opacity by share."""

WRITTEN_SHARE = 0.4
"""A smaller share is not written in: white would not stand out from it in the light theme."""

LETTER = 7.5
"""Pixels of a letter on an axis, about."""


@dataclass(frozen=True)
class Group:
    """A whole word: its text, and which pieces it is made of, the last one excluded; `at` is the
    first of them that is no blank."""

    text: str
    first: int
    last: int
    copied: bool
    at: int


def groups(words: Sequence[SourceWord | WrittenWord]) -> list[Group]:
    """The words that pieces make up, in order."""
    starts = [k for k, word in enumerate(words) if k == 0 or not word.continues]
    return [
        Group(
            "".join(word.text for word in words[a + _blank(words[a:b]) : b]),
            a,
            b,
            any(word.copied for word in words[a:b]),
            a + _blank(words[a:b]),
        )
        for a, b in zip(starts, [*starts[1:], len(words)], strict=True)
    ]


def _blank(words: Sequence[SourceWord | WrittenWord]) -> bool:
    """Whether a word's first piece is a blank, which is no part of it; alone it is the word."""
    return len(words) > 1 and words[0].text == BLANK and not words[0].copied


def probability(group: Group, translation: Translation) -> float:
    """That of a whole word: the product of its pieces'."""
    return math.prod(word.probability for word in translation.words[group.first : group.last])


def attention_shares(
    read: Sequence[SourceWord], translation: Translation
) -> Float[Floats, "written source"] | None:
    """(words of the translation, words of the source): how attention was shared, of a source word's
    pieces the sum and of a written word's the mean. None without attention."""
    rows = [word.attention for word in translation.words]
    if not rows or any(row is None for row in rows):
        return None
    pieces = np.array(rows)
    columns = np.add.reduceat(pieces, [group.first for group in groups(read)], axis=1)
    written = groups(translation.words)
    return np.array([columns[group.first : group.last].mean(0) for group in written])


def default_word(sentence: Sentence, translation: Translation) -> int:
    """The word that is looked at before any was tapped: of the longer ones that with the most
    peaked attention, without attention the first of them."""
    written = groups(translation.words)
    table = attention_shares(sentence.read, translation)
    named = [
        k
        for k, group in enumerate(written)
        if group.text != STOP_WORD and sum(map(str.isalpha, group.text)) >= NAMED
    ]
    if not named:
        return 0
    peaks = [0.0 if table is None else float(table[k].max()) for k in named]
    return named[int(np.argmax(peaks))]


def attention_row(
    sentence: Sentence, translation: Translation, at: int
) -> list[tuple[str, float]] | None:
    """The source's words, in order, with their shares for one written word; None without."""
    table = attention_shares(sentence.read, translation)
    if table is None:
        return None
    return [
        (group.text, float(share))
        for group, share in zip(groups(sentence.read), table[at], strict=True)
    ]


def attention_sentence(sentence: Sentence, translation: Translation, at: int, _: Translate) -> str:
    """What one written word looked at most, in a sentence. Needs attention."""
    shown = attention_row(sentence, translation, at) or []
    best = sorted(shown, key=lambda pair: -pair[1])[:LISTED]
    listed = ", ".join(f"“{text}” {percent(share)}" for text, share in best)
    word = groups(translation.words)[at].text
    return _("For “{word}” it looked most at: {list}.").format(word=word, list=listed)


def attention_matrix(
    read: Sequence[SourceWord], translation: Translation, _: Translate, marked: int | None = None
) -> go.Figure:
    """Shares of attention, source words across, written words down; row `marked` is framed.

    Without attention the table is empty.
    """
    cells = attention_shares(read, translation)
    rows = [plain(group.text, 14) for group in groups(translation.words)]
    columns = [plain(group.text, 14) for group in groups(read)]
    flat = len(columns) <= FEW and max(map(len, columns)) <= FEW
    top = 52 if flat else round(48 + LETTER * max(map(len, columns)))
    figure = frame(ROW * len(rows) + top + 8)
    if cells is not None:
        figure.add_heatmap(**_heat(cells, columns, rows, _))
        if len(columns) <= WRITTEN_IN:
            # The large shares are written in their cells.
            chosen = [
                (int(row), int(column)) for row, column in np.argwhere(cells >= WRITTEN_SHARE)
            ]
            figure.add_scatter(
                x=[column for _row, column in chosen],
                y=[row for row, _column in chosen],
                mode="text",
                text=[f"<b>{plain(percent(float(cells[place])))}</b>" for place in chosen],
                textfont={"size": 11, "color": "#ffffff"},
                hoverinfo="skip",
            )
    if marked is not None:
        rows[marked] = f"<b>{rows[marked]}</b>"
        edges = {"x0": -0.5, "x1": len(columns) - 0.5, "y0": marked - 0.5, "y1": marked + 0.5}
        line = {"color": MARK, "width": 2}
        figure.add_shape(type="rect", line=line, layer="above", **edges)
    _axes(figure, columns, rows, 0 if flat else -90, _)
    return updates.layout(figure, margin={"l": 8, "r": 8, "t": top, "b": 8}, showlegend=False)


def attention_matrix_alt(
    read: Sequence[SourceWord],
    translation: Translation,
    _: Translate,
    marked: int | None = None,
    most: int = 30,
) -> str:
    """The table in words: for each written word the source word it looked at most."""
    cells = attention_shares(read, translation)
    if cells is None:
        return _("This model has no attention.")
    written, sources = groups(translation.words), groups(read)
    looked = [
        f"{written[k].text} ← {sources[int(row.argmax())].text} {percent(float(row.max()))}"
        for k, row in enumerate(cells[:most])
    ]
    text = _("Attention, for each written word the source word that it looked at most: {list}.")
    summary = text.format(list=", ".join(looked))
    if marked is None:
        return summary
    line = _("The marked word, “{word}”, looked at: {list}.")
    listed = looked_at(read, translation, marked)
    return f"{summary} {line.format(word=written[marked].text, list=listed)}"


def looked_at(read: Sequence[SourceWord], translation: Translation, at: int, most: int = 4) -> str:
    """The source words that written word `at` looked at most: `temple 87%, un 6%`; "" without."""
    cells = attention_shares(read, translation)
    return (
        ""
        if cells is None
        else largest_shares([group.text for group in groups(read)], cells[at], most)
    )


def largest_shares(texts: Sequence[str], row: Float[Floats, " n"], most: int) -> str:
    """The largest shares of a row, with what they belong to."""
    best = [int(k) for k in np.argsort(-row, kind="stable")[:most]]
    return ", ".join(f"{texts[k]} {percent(float(row[k]))}" for k in best)


def _heat(
    cells: Floats, columns: Sequence[str], rows: Sequence[str], _: Translate
) -> dict[str, object]:
    pairs = [[f"{row} ← {column}" for column in columns] for row in rows]
    return {
        "z": cells.round(4).tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[share, rgba(ATTENTION, strength)] for share, strength in STRENGTH],
        "showscale": False,
        "customdata": pairs,
        "hovertemplate": "%{customdata}: %{z:.1%}<extra></extra>",
        "xgap": 1,
        "ygap": 1,
    }


def _axes(
    figure: go.Figure, columns: Sequence[str], rows: Sequence[str], angle: int, _: Translate
) -> None:
    crowded = len(columns) > WRITTEN_IN
    updates.xaxes(
        figure,
        side="top",
        range=[-0.5, len(columns) - 0.5],
        tickvals=list(range(len(columns))),
        ticktext=list(columns),
        tickangle=angle,
        tickfont={"size": 10 if crowded else 13},
        title={"text": _("source, word by word"), "standoff": 12},
    )
    updates.yaxes(
        figure,
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=list(rows),
        showgrid=False,
        automargin=True,
        title={"text": _("translation"), "standoff": 6},
    )
