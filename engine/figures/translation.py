"""Attention between two sentences as a table of shares, one row in words, and the words to tap.

A row is a word of the translation, a column a word of the source: what is said of pieces in
`translation_words` is put together here for people to read.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures.style import MARK, Translate, frame, percent, plain
from engine.figures.translation_words import Group, groups, probability, shares
from engine.results import STOP_WORD, Floats, Sentence, Translation

INK = "227, 0, 125"
"""Magenta, as over photos: colour-blind people tell it from either theme's paper."""

STRONGEST = 0.85
"""Opacity of a cell that has the whole attention: what is not looked at stays clear."""

FEW, MOST = 12, 26
"""More source words than `FEW` are named in small letters; of more than `MOST` only some are
named: no more names fit side by side on a phone."""

ROW, ABOVE, UPRIGHT = 25, 58, 44
"""Pixels: of a written word, of the source's words above them, and more where these stand upright.
"""

WIDE = 34
"""Letters of a source that fit side by side on a phone."""

NAMED = 4
"""Letters of a word that is worth looking at before any was tapped."""

LISTED = 3
"""Source words that are named in a sentence."""


def first(sentence: Sentence, translation: Translation) -> int:
    """The word that is looked at before any was tapped: of the longer ones that with the most
    peaked attention, without attention the first of them."""
    written = groups(translation.words)
    table = shares(sentence.read, translation)
    named = [k for k, group in enumerate(written) if _names(group)]
    if not named:
        return 0
    peaks = [0.0 if table is None else float(table[k].max()) for k in named]
    return named[int(np.argmax(peaks))]


def _names(group: Group) -> bool:
    return group.text != STOP_WORD and sum(c.isalpha() for c in group.text) >= NAMED


def told(group: Group, translation: Translation) -> str:
    """The word and its probability: `temple: 43%`."""
    return f"{group.text}: {percent(probability(group, translation))}"


def confidence(group: Group, translation: Translation) -> float:
    """−1 … 1 for the diverging scale: teal where p is near 1, orange where it is near 0."""
    return 2 * probability(group, translation) - 1


def attention(sentence: Sentence, translation: Translation, at: int, _: Translate) -> go.Figure:
    """The shares as a heat map, first word top left; row `at` is framed. Needs attention."""
    table = _table(sentence, translation)
    read, written = groups(sentence.read), groups(translation.words)
    upright = UPRIGHT if sum(len(group.text) + 1 for group in read) > WIDE else 0
    figure = frame(ROW * len(written) + ABOVE + upright + 8)
    figure.add_heatmap(
        z=table.round(4).tolist(),
        customdata=[
            [f"{plain(row.text)} ← {plain(column.text)}" for column in read] for row in written
        ],
        zmin=0,
        zmax=1,
        colorscale=[[0, f"rgba({INK}, 0.02)"], [1, f"rgba({INK}, {STRONGEST})"]],
        showscale=False,
        hovertemplate="%{customdata}: %{z:.0%}<extra></extra>",
        xgap=1,
        ygap=1,
    )
    figure.update_xaxes(
        side="top", title={"text": _("word of the source"), "standoff": 4}, **_columns(read)
    )
    figure.update_yaxes(
        title={"text": _("word of the translation")},
        autorange="reversed",
        showgrid=False,
        tickvals=list(range(len(written))),
        ticktext=[plain(group.text, 12) for group in written],
        automargin=True,
    )
    figure.add_shape(
        type="rect",
        x0=-0.5,
        x1=len(read) - 0.5,
        y0=at - 0.5,
        y1=at + 0.5,
        line={"color": MARK, "width": 2},
    )
    return figure.update_layout(margin={"t": ABOVE + upright, "b": 8, "l": 92, "r": 8})


def _columns(read: list[Group]) -> dict[str, object]:
    """The source's words above the table, upright where they would not fit otherwise."""
    step = -(-len(read) // MOST)
    places = list(range(0, len(read), step))
    return {
        "tickvals": places,
        "ticktext": [plain(read[k].text, 10) for k in places],
        "tickfont": {"size": 13 if len(read) <= FEW else 11},
        "autotickangles": [0, -90],
        "automargin": True,
    }


def attention_alt(sentence: Sentence, translation: Translation, _: Translate) -> str:
    """The table in words: each written word with what it looked at most."""
    table = _table(sentence, translation)
    read, written = groups(sentence.read), groups(translation.words)
    listed = "; ".join(
        f"{group.text} ← {read[int(row.argmax())].text} {percent(float(row.max()))}"
        for group, row in zip(written, table, strict=True)
    )
    return _(
        "Shares of attention, a row for each word of the translation. Strongest in each: {list}."
    ).format(list=listed)


def row(sentence: Sentence, translation: Translation, at: int) -> list[tuple[str, float]] | None:
    """The source's words, in order, with their shares for one written word; None without."""
    table = shares(sentence.read, translation)
    if table is None:
        return None
    return [
        (group.text, float(share))
        for group, share in zip(groups(sentence.read), table[at], strict=True)
    ]


def looked(sentence: Sentence, translation: Translation, at: int, _: Translate) -> str:
    """What one written word looked at most, in a sentence. Needs attention."""
    shown = row(sentence, translation, at) or []
    best = sorted(shown, key=lambda pair: -pair[1])[:LISTED]
    listed = ", ".join(f"“{text}” {percent(share)}" for text, share in best)
    word = groups(translation.words)[at].text
    return _("For “{word}” it looked most at: {list}.").format(word=word, list=listed)


def _table(sentence: Sentence, translation: Translation) -> Floats:
    table = shares(sentence.read, translation)
    if table is None:
        raise ValueError("this model has no attention")
    return table
