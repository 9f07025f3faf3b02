"""Figures of the three poolings of slides 51 to 53.

`steps` shows how one verdict adds up over the steps; `summarise` and `by_length` what the small
models score. A row of their table is one trained network, with the columns of
`assets/models/sentiment-pooling.csv`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.numbers import percent, share, signed
from engine.figures.style import (
    CELL_STYLES,
    MARK,
    NEUTRAL,
    QUIET,
    Translate,
    cell_style,
    frame,
    label_name,
    plain,
    word_ticks,
)
from engine.results import Contributions, Verdict

POOLINGS = ("last", "sum", "both")
"""Ways to make one vector of all states, in the order of slides 51 to 53."""

TICKS = 30
"""Words that fit below the panels."""

DRAWN, PANEL = 190, 180
"""Pixels: height of the drawn network, and of the bars below it."""

ROOM = 0.16
"""Room beside the tokens for the classifier, as a share of their number."""

PLATE = {
    "bgcolor": "#ffffff",
    "bordercolor": MARK,
    "borderpad": 4,
    "font": {"size": 14, "color": "#1b2733"},
}
"""How the classifier is written: on paper of its own, in either theme."""

TOGETHER = "#8a6bc1"
"""The dash at the sum of both directions, seen on blue, magenta, olive and grey."""

TOP, BOTTOM = 30, 40

Row = Mapping[str, str]

LENGTHS = ("up_to_16", "17_to_48", "over_48")
"""The table's columns for groups of texts by their number of pieces."""

ALL = "accuracy"

LINES = {
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


def title(pooling: str, _: Translate) -> str:
    """What a pooling is called, with its slide."""
    names = {
        "last": _("last state (slide 51)"),
        "sum": _("sum of states (slide 52)"),
        "both": _("sum over both directions (slide 53)"),
    }
    return names[pooling]


def steps(part: Contributions, _: Translate) -> go.Figure:
    """The network as on the slide, above what each step adds to its margin, on one token axis.

    Both directions are stacked, the backward one hatched; a dash marks their sum.
    """
    figure = frame(DRAWN + PANEL + TOP + BOTTOM)
    share = PANEL / (DRAWN + PANEL)
    for trace in _traces(part, _, legend=part.backward is not None):
        figure.add_trace(trace)
    _draw_network(figure, part, _)
    words = [piece.text.strip() for piece in part.pieces]
    count = len(words)
    updates.xaxes(
        figure,
        title={"text": _("token, first to last")},
        range=[-0.7, count - 1 + max(1.6, ROOM * count)],
        **word_ticks(words, most=TICKS),
    )
    scale = {"domain": [0, share - 0.04], "zeroline": True, "zerolinecolor": MARK, "nticks": 6}
    scale |= {"title": {"text": _("logits (up: positive)"), "standoff": 6}, "automargin": False}
    hidden = {"domain": [share, 1], "range": [0, 4], "visible": False, "fixedrange": True}
    updates.layout(figure, yaxis=scale, yaxis2={**hidden, "anchor": "x"})
    updates.layout(figure, barmode="relative", bargap=0.25, margin={"t": TOP, "b": BOTTOM})
    return figure


def _draw_network(figure: go.Figure, part: Contributions, _: Translate) -> None:
    """States h_t from left to right (and back), and what of them reaches the classifier."""
    count = len(part.pieces)
    steps, end = list(range(count)), count - 1 + max(1.0, ROOM * count / 2)
    rows = [(1.0, 1)] if part.backward is None else [(0.6, 1), (1.7, -1)]
    colour, size = cell_style(part.cell).colour, 22 if count <= TICKS else 9
    lines: list[tuple[float, float, float, float]] = []
    for height, way in rows:
        order = steps[::way]
        lines += [(a, height, b - 0.3 * way, height) for a, b in pairwise(order)]
        taken = [order[-1]] if part.pooling == "last" else order
        lines += [(k, height, k if part.pooling != "last" else end, 3.2) for k in taken]
    if part.pooling != "last":
        lines.append((0, 3.2, end, 3.2))
    arrows: dict[str, list[Any]] = {"x": [], "y": [], "sizes": []}
    for x, y, x_end, y_end in lines:
        arrows["x"] += [x, x_end, None]
        arrows["y"] += [y, y_end, None]
        arrows["sizes"] += [0, 9 if count <= TICKS else 0, 0]
    marker = {"symbol": "arrow", "size": arrows["sizes"], "angleref": "previous", "color": MARK}
    shared = {"yaxis": "y2", **QUIET}
    line = {"color": MARK, "width": 1.5}
    where = {"x": arrows["x"], "y": arrows["y"]}
    figure.add_scatter(**where, mode="lines+markers", line=line, marker=marker, **shared)
    for height, way in rows:
        paint = colour if way > 0 else NEUTRAL
        figure.add_scatter(
            x=steps,
            y=[height] * count,
            mode="markers+text",
            text=["h"] * count if count <= TICKS else None,
            textfont={"color": "#ffffff", "size": 13},
            marker={"symbol": "square", "size": size, "color": paint},
            **shared,
        )
    label = label_name(part.verdict.label, _)
    sign = "hₙ" if part.pooling == "last" else "Σ"
    text = f"<b>{sign}</b> → softmax<br>{label} {percent(part.verdict.confidence)}"
    figure.add_annotation(x=end, y=3.2, yref="y2", text=text, showarrow=False, **PLATE)


def steps_alt(part: Contributions, _: Translate) -> str:
    """The figure in words: the pooling, and the step that adds most."""
    return f"{title(part.pooling, _)}: {strongest_step(part, _)}"


def strongest_step(part: Contributions, _: Translate) -> str:
    """Which step weighs most, and how much of all movement is its own."""
    step = int(np.abs(part.total).argmax())
    moved = float(np.abs(part.total).sum())
    return _(
        "“{token}” (step {step} of {count}) weighs most with {value}, {share} of all that the "
        "steps move."
    ).format(
        token=part.pieces[step].text.strip(),
        step=step + 1,
        count=len(part.pieces),
        value=signed(float(part.total[step])),
        share=share(abs(float(part.total[step])) / moved if moved else 0),
    )


def margin_from(verdict: Verdict, temperature: float) -> float:
    """Logit of "positive" minus that of "negative", from the probabilities that the model gave.

    They are softmax(logits / temperature), so this way to the margin knows nothing of the steps.
    """
    smallest = np.finfo(np.float64).tiny
    logs = np.log(np.maximum(verdict.probabilities, smallest))
    positive, negative = verdict.labels.index("positive"), verdict.labels.index("negative")
    return float(temperature * (logs[positive] - logs[negative]))


def _traces(part: Contributions, _: Translate, *, legend: bool) -> list[go.Bar | go.Scatter]:
    """One bar per step and direction; with two, a dash at their sum."""
    x = np.arange(len(part.pieces))
    texts = [plain(piece.text.strip()) for piece in part.pieces]
    shared = {"x": x, "text": texts, "textposition": "none", "showlegend": legend}
    hover = "%{text}: %{y:.2f}<extra>"
    ahead, back, total = _("reading forward"), _("reading backward"), _("both together")
    forward = go.Bar(
        **shared,
        y=part.forward,
        name=ahead,
        marker={"color": cell_style(part.cell).colour},
        hovertemplate=f"{hover}{ahead}</extra>",
    )
    if part.backward is None:
        return [forward]
    backward = go.Bar(
        **shared,
        y=part.backward,
        name=back,
        marker={"color": NEUTRAL, "pattern": {"shape": "/", "size": 5}},
        hovertemplate=f"{hover}{back}</extra>",
    )
    marker = {"symbol": "line-ew", "size": 13, "line": {"width": 4, "color": TOGETHER}}
    dash = go.Scatter(
        x=x,
        y=part.total,
        text=texts,
        name=total,
        mode="markers",
        marker=marker,
        hovertemplate=f"{hover}{total}</extra>",
        showlegend=legend,
    )
    return [forward, backward, dash]


def summarise(rows: Sequence[Row], language: str) -> list[Score]:
    """A score per cell and pooling of `language`, in the order of the lecture."""
    found = []
    for cell in CELL_STYLES:
        for pooling in POOLINGS:
            wanted = (language, cell, pooling)
            runs = [r for r in rows if (r["language"], r["cell"], r["pooling"]) == wanted]
            if not runs:
                continue
            values = {c: np.asarray([float(run[c]) for run in runs]) for c in (ALL, *LENGTHS)}
            means = {column: float(v.mean()) for column, v in values.items()}
            # Of a sample: divided by n − 1; one seed alone has no spread to show.
            spreads = {c: float(v.std(ddof=1)) if len(v) > 1 else 0.0 for c, v in values.items()}
            size = int(runs[0]["parameters"])
            found.append(Score(cell, pooling, size, len(runs), means, spreads))
    return found


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
        colour, symbol, dash = LINES[score.pooling]
        figure.add_scatter(
            x=[x + 0.09 * (k - (len(scores) - 1) / 2) for x in range(len(LENGTHS))],
            y=[score.means[column] for column in LENGTHS],
            error_y={"array": [score.spreads[column] for column in LENGTHS], "thickness": 1.5},
            name=short_title(score.pooling, _),
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"symbol": symbol, "size": 9},
            hovertemplate="%{y:.1%}<extra>" + short_title(score.pooling, _) + "</extra>",
        )
    names = [length_name(column, _) for column in LENGTHS]
    updates.xaxes(figure, tickvals=list(range(len(LENGTHS))), ticktext=names, range=[-0.3, 2.3])
    updates.xaxes(figure, title={"text": _("pieces in the text")})
    updates.yaxes(figure, range=[low, 1], tickformat=".0%", nticks=6)
    updates.yaxes(figure, title={"text": _("accuracy"), "standoff": 6})
    updates.layout(figure, margin={"t": 58})  # the legend stays clear of the button that saves
    return figure


def by_length_alt(scores: Sequence[Score], _: Translate) -> str:
    """The lines in words: pooling by pooling, group by group."""
    return " ".join(
        f"{cell_style(score.cell).title}, {short_title(score.pooling, _)}: "
        + ", ".join(f"{length_name(c, _)} {share(score.means[c])}" for c in LENGTHS)
        + "."
        for score in scores
    )


def lowest_accuracy(scores: Sequence[Score]) -> float:
    """Where the axis of all figures begins: the round ten per cent below the lowest bar."""
    low = min(score.means[c] - score.spreads[c] for score in scores for c in LENGTHS)
    return max(0.0, math.floor(10 * low) / 10)


def short_title(pooling: str, _: Translate) -> str:
    """A pooling's name without its slide, for legends and lists."""
    names = {"last": _("last state"), "sum": _("sum"), "both": _("both directions")}
    return names[pooling]


def length_name(column: str, _: Translate) -> str:
    """What a group of lengths is called."""
    names = {"up_to_16": _("up to 16"), "17_to_48": _("17 to 48"), "over_48": _("over 48")}
    return names[column]
