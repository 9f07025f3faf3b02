"""The shipped table of small models, three poolings × three cells × several seeds, summed up.

A row is one trained network; its columns are those of `assets/models/sentiment-pooling.csv`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import plotly.graph_objects as go

from engine.figures.pooling import POOLINGS
from engine.figures.style import CELLS, NEUTRAL, Translate, frame

Row = Mapping[str, str]

LENGTHS = ("up_to_16", "17_to_48", "over_48")
"""The table's columns for groups of texts by their number of pieces."""

ALL = "accuracy"

SHAPES = {
    "last": (NEUTRAL, "circle", "solid"),
    "sum": ("#8a6bc1", "square", "dash"),
    "both": ("#b5772f", "diamond", "dot"),
}
"""Colour, marker and line of each pooling."""


@dataclass(frozen=True)
class Score:
    """The networks of one cell and pooling: mean and standard deviation over seeds, by column."""

    cell: str
    pooling: str
    parameters: int
    seeds: int
    means: dict[str, float]
    spreads: dict[str, float]


@dataclass(frozen=True)
class Difference:
    """How far `better` is ahead of `worse`, and whether that exceeds both spreads together."""

    better: Score
    worse: Score
    points: float
    clear: bool


def summarise(rows: Sequence[Row], language: str) -> list[Score]:
    """A score per cell and pooling of `language`, in the order of the lecture."""
    found = []
    for cell in CELLS:
        for pooling in POOLINGS:
            wanted = (language, cell, pooling)
            runs = [r for r in rows if (r["language"], r["cell"], r["pooling"]) == wanted]
            if runs:
                found.append(_score(cell, pooling, runs))
    return found


def _score(cell: str, pooling: str, runs: Sequence[Row]) -> Score:
    values = {c: np.asarray([float(r[c]) for r in runs]) for c in (ALL, *LENGTHS)}
    return Score(
        cell,
        pooling,
        int(runs[0]["parameters"]),
        len(runs),
        {column: float(v.mean()) for column, v in values.items()},
        # Of a sample: divided by n − 1; one seed alone has no spread to show.
        {column: float(v.std(ddof=1)) if len(v) > 1 else 0.0 for column, v in values.items()},
    )


def differences(scores: Sequence[Score], column: str = ALL) -> list[Difference]:
    """Every two poolings of the same cell, the largest difference first."""
    pairs = [pair for pair in combinations(scores, 2) if pair[0].cell == pair[1].cell]
    found = []
    for pair in pairs:
        worse, better = sorted(pair, key=lambda score: score.means[column])
        gap = better.means[column] - worse.means[column]
        spread = better.spreads[column] + worse.spreads[column]
        found.append(Difference(better, worse, 100 * gap, gap > spread))
    return sorted(found, key=lambda difference: -difference.points)


def by_length(scores: Sequence[Score], _: Translate, low: float = 0.0) -> go.Figure:
    """Accuracy by length of text: one line per pooling of *one* cell, error bars ± one spread."""
    figure = frame(310)
    for k, score in enumerate(scores):
        colour, symbol, dash = SHAPES[score.pooling]
        figure.add_scatter(
            x=[place + 0.09 * (k - (len(scores) - 1) / 2) for place in range(len(LENGTHS))],
            y=[score.means[column] for column in LENGTHS],
            error_y={"array": [score.spreads[column] for column in LENGTHS], "thickness": 1.5},
            name=short(score.pooling, _),
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"symbol": symbol, "size": 9},
            hovertemplate="%{y:.1%}<extra>" + short(score.pooling, _) + "</extra>",
        )
    names = [length(column, _) for column in LENGTHS]
    figure.update_xaxes(tickvals=list(range(len(LENGTHS))), ticktext=names, range=[-0.3, 2.3])
    figure.update_xaxes(title={"text": _("pieces in the text")})
    figure.update_yaxes(range=[low, 1], tickformat=".0%", nticks=6)
    figure.update_yaxes(title={"text": _("accuracy"), "standoff": 6})
    figure.update_layout(margin={"t": 58})  # the legend stays clear of the button that saves
    return figure


def by_length_alt(scores: Sequence[Score], _: Translate) -> str:
    """The lines in words: pooling by pooling, group by group."""
    return " ".join(
        f"{CELLS[score.cell].title}, {short(score.pooling, _)}: "
        + ", ".join(f"{length(c, _)} {score.means[c]:.0%}" for c in LENGTHS)
        + "."
        for score in scores
    )


def floor(scores: Sequence[Score]) -> float:
    """Where the axis of all figures begins: the round ten per cent below the lowest bar."""
    low = min(score.means[c] - score.spreads[c] for score in scores for c in LENGTHS)
    return max(0.0, math.floor(10 * low) / 10)


def short(pooling: str, _: Translate) -> str:
    """A pooling's name without its slide, for legends and lists."""
    names = {"last": _("last state"), "sum": _("sum"), "both": _("both directions")}
    return names[pooling]


def length(column: str, _: Translate) -> str:
    """What a group of lengths is called."""
    names = {"up_to_16": _("up to 16"), "17_to_48": _("17 to 48"), "over_48": _("over 48")}
    return names[column]
