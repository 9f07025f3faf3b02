"""Figures of one reading: the verdict as bars, and the probability after each token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float

from engine.figures import updates
from engine.figures.numbers import percent
from engine.figures.style import (
    LABEL_COLOURS,
    MARK,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    Translate,
    cells,
    frame,
    label_name,
    plain,
    word_ticks,
)
from engine.results import UNCERTAIN_MARGIN, Floats, Piece, Reading, Verdict

PADDING = 2
"""Room around each token, in characters."""


def verdict_alt(verdict: Verdict, _: Translate) -> str:
    """The bars in words: `positive 93%, negative 7%`."""
    order = np.argsort(-verdict.probabilities)
    return ", ".join(
        f"{label_name(verdict.labels[k], _)} {percent(verdict.probabilities[k])}" for k in order
    )


def widths(pieces: Sequence[Piece]) -> list[int]:
    """Room that each token takes on the reading axis, in characters."""
    return [max(cells(piece.text.strip()), 1) + PADDING for piece in pieces]


def centres(pieces: Sequence[Piece]) -> Float[Floats, " T"]:
    """(T,) where each token's middle lies on an axis from 0 to the sum of the widths."""
    room = np.asarray(widths(pieces), dtype=np.float64)
    return np.cumsum(room) - room / 2


def probability_line(reading: Reading, _: Translate, selected: int | None = None) -> go.Figure:
    """The probability after each token, along the text; token `selected` is marked.

    Two classes make one line, P(positive), with the uncertain band across; three make three.
    Points are hollow where the text so far is uncertain.
    """
    figure = frame(240)
    labels = reading.verdict.labels
    one = len(labels) == 2
    for label in ("positive",) if one else labels:
        figure.add_scatter(**_line(reading, label, _))
    if one:
        low, high = 0.5 - UNCERTAIN_MARGIN / 2, 0.5 + UNCERTAIN_MARGIN / 2
        figure.add_hrect(y0=low, y1=high, fillcolor=NEUTRAL, opacity=0.18, line_width=0)
        position = {"x": 1, "xref": "paper", "xanchor": "right", "y": 0.5, "showarrow": False}
        figure.add_annotation(text=_("uncertain"), opacity=0.8, **position)
    positions = centres(reading.pieces)
    words = [piece.text.strip() for piece in reading.pieces]
    updates.xaxes(figure, range=[0, sum(widths(reading.pieces))], **word_ticks(words, positions))
    title = _("P(positive) after each token") if one else _("probability after each token")
    updates.yaxes(figure, range=[-0.03, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    updates.yaxes(figure, title={"text": title, "standoff": 6}, automargin=False)
    if selected is not None and 0 <= selected < len(reading.pieces):
        x = positions[selected]
        updates.vline(figure, x, line={"color": MARK, "width": 2, "dash": "dot"})
        points = [line.y[selected] for line in figure.data]
        ring = {"size": 17, "color": MARK, "symbol": "circle-open", "line": {"width": 2}}
        hidden = {"showlegend": False, "hoverinfo": "skip"}
        figure.add_scatter(x=[x] * len(points), y=points, mode="markers", marker=ring, **hidden)
    return figure


def probability_line_alt(reading: Reading, _: Translate) -> str:
    """The line in words: its first value, its largest change, its last value."""
    values = reading.course()
    turn = int(np.abs(np.diff(values)).argmax()) + 1 if len(values) > 1 else 0
    positive = reading.verdict.labels.index("positive")
    return _(
        "Probability of “positive” after each of {count} tokens: {first} after the first, "
        "{last} after the last; the largest change is at “{token}”."
    ).format(
        count=len(reading.pieces),
        first=percent(reading.after[0, positive]),
        last=percent(reading.after[-1, positive]),
        token=reading.pieces[turn].text.strip(),
    )


def undecided(after: Float[Floats, "T K"]) -> Bool[np.ndarray, " T"]:
    """(T,) true where the two best probabilities of a row are closer than the margin."""
    best = np.sort(after, axis=1)
    return np.asarray(best[:, -1] - best[:, -2] < UNCERTAIN_MARGIN)


def _line(reading: Reading, label: str, _: Translate) -> dict[str, object]:
    """One class's probabilities as a Plotly trace."""
    values = reading.after[:, reading.verdict.labels.index(label)]
    colour = LABEL_COLOURS.get(label, NEUTRAL)
    one = len(reading.verdict.labels) == 2
    points = [POSITIVE if v >= 0.5 else NEGATIVE for v in values] if one else colour
    hollow = undecided(reading.after)
    size: object = 9
    if reading.computed is not None:  # between its points the line is interpolated
        size = np.where(np.isin(np.arange(1, len(values) + 1), reading.computed), 9, 0)
    return {
        "x": centres(reading.pieces),
        "y": values,
        "name": label_name(label, _),
        "mode": "lines+markers",
        "line": {"color": MARK if one else colour, "width": 2},
        "marker": {
            "size": size,
            "color": points,
            "symbol": np.where(hollow, "circle-open", "circle"),
            "line": {"width": 2, "color": points},
        },
        "text": [plain(piece.text.strip()) for piece in reading.pieces],
        "hovertemplate": "%{text}: %{y:.0%}<extra>" + label_name(label, _) + "</extra>",
        "showlegend": not one,
    }
