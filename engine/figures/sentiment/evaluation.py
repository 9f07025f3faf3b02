"""Figures of many verdicts: their shares, the confusion table, error rates by kind of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float, Int

from engine.figures import updates
from engine.figures.drawing import INK
from engine.figures.failures import most_often, rate_bars, rate_bars_alt
from engine.figures.numbers import grouped, rate, share
from engine.figures.style import LABEL_COLOURS, NEUTRAL, Translate, frame, label_name
from engine.results import Failures

ORDER = ("negative", "neutral", "positive")
UNCERTAIN = "uncertain"

RIGHT, WRONG = ("#d5e6e3", "#6fb9b1"), ("#f0e2d6", "#e3a06b")
"""Cells from a share of 0 to 1: tints of teal and orange, light enough for INK in both themes."""


@dataclass(frozen=True)
class Confusion:
    """`counts` (K, A): texts that are labelled `labels[k]` and were answered `answers[a]`."""

    labels: tuple[str, ...]
    answers: tuple[str, ...]
    counts: Int[np.ndarray, "K A"]

    @property
    def right(self) -> Bool[np.ndarray, "K A"]:
        """(K, A) True where label and answer are the same."""
        return np.array([[k == a for a in self.answers] for k in self.labels])

    @property
    def n(self) -> int:
        """Number of texts."""
        return int(self.counts.sum())

    @property
    def hits(self) -> int:
        """Number of texts whose answer is their label."""
        return int(self.counts[self.right].sum())

    def shares(self) -> Float[np.ndarray, "K A"]:
        """(K, A) each row divided by its sum; zeros where a label has no texts."""
        sums = self.counts.sum(1, keepdims=True)
        return np.asarray(self.counts / np.maximum(sums, 1), dtype=np.float64)


def tally(pairs: list[tuple[str, str]]) -> Confusion:
    """The table of (label, answer) pairs, with the rows and columns that occur."""
    labels = tuple(k for k in ORDER if any(label == k for label, _ in pairs))
    answers = tuple(k for k in ORDER if any(k in pair for pair in pairs))
    counts = np.zeros((len(labels), len(answers)), dtype=np.int64)
    for label, answer in pairs:
        counts[labels.index(label), answers.index(answer)] += 1
    return Confusion(labels, answers, counts)


def confusion_table(table: Confusion, _: Translate) -> go.Figure:
    """One cell per label (down) and answer (across), with its count; right ones teal and bold,
    wrong ones orange, the deeper the larger their share of the row.
    """
    figure = frame(86 + 58 * len(table.labels))
    rows = [label_name(label, _) for label in table.labels]
    columns = [label_name(answer, _) for answer in table.answers]
    shares, right = table.shares(), table.right
    for where, colours in ((right, RIGHT), (~right, WRONG)):
        figure.add_heatmap(
            x=columns,
            y=rows,
            z=np.where(where, shares, np.nan),
            colorscale=[*enumerate(colours)],
            zmin=0,
            zmax=1,
            xgap=4,
            ygap=4,
            showscale=False,
            hoverinfo="skip",
        )
    for row, column in np.ndindex(*table.counts.shape):
        count, part = grouped(int(table.counts[row, column])), share(shares[row, column])
        text = f"<b>{count}</b> ✓<br>{part}" if right[row, column] else f"{count}<br>{part}"
        position = {
            "x": columns[column],
            "y": rows[row],
            "showarrow": False,
            "font": {"size": 14, "color": INK},
        }
        figure.add_annotation(text=text, **position)
    updates.xaxes(figure, side="top", title={"text": _("the model's answer"), "standoff": 4})
    updates.yaxes(figure, autorange="reversed", showgrid=False, automargin=True)
    updates.yaxes(figure, title={"text": _("label"), "standoff": 6})
    return updates.layout(figure, margin={"l": 8, "r": 8, "t": 56, "b": 8})


def confusion_table_alt(table: Confusion, _: Translate) -> str:
    """The table in words: `Of 12 texts labelled negative: 10 answered negative, 2 positive.`"""
    sentences = []
    for label, counts in zip(table.labels, table.counts, strict=True):
        parts = [f"{n} {label_name(a, _)}" for a, n in zip(table.answers, counts, strict=True) if n]
        text = _("Of {count} texts labelled {label} the model answered: {parts}.")
        label = label_name(label, _)
        sentences.append(text.format(count=counts.sum(), label=label, parts=", ".join(parts)))
    return " ".join(sentences)


def shares(counts: Mapping[str, int], _: Translate) -> go.Figure:
    """How many of each kind, as one bar from edge to edge: labels, and "uncertain" hatched."""
    figure = frame(98)
    total = max(sum(counts.values()), 1)
    for kind, count in counts.items():
        figure.add_bar(
            orientation="h",
            x=[count / total],
            y=[""],
            name=f"{verdict_name(kind, _)} {share(count / total)}",
            marker={
                "color": LABEL_COLOURS.get(kind, NEUTRAL),
                "pattern": {"shape": "/" if kind == UNCERTAIN else "", "size": 6},
            },
            hoverinfo="skip",
        )
    updates.xaxes(figure, range=[0, 1], visible=False)
    updates.yaxes(figure, visible=False)
    legend = {"traceorder": "normal", "itemclick": False, "itemdoubleclick": False, "maxheight": 1}
    updates.layout(figure, barmode="stack", bargap=0.1, legend=legend)
    return updates.layout(figure, margin={"l": 0, "r": 0, "t": 56, "b": 4}, showlegend=True)


def shares_alt(counts: Mapping[str, int], _: Translate) -> str:
    """The bar in words: `positive 3 (60%), uncertain 2 (40%)`."""
    total = max(sum(counts.values()), 1)
    return ", ".join(
        f"{verdict_name(kind, _)} {count} ({share(count / total)})"
        for kind, count in counts.items()
    )


def verdict_name(kind: str, _: Translate) -> str:
    """A label's name, or the word for a verdict that is none."""
    return _("uncertain") if kind == UNCERTAIN else label_name(kind, _)


def error_rates(failures: Failures, _: Translate) -> go.Figure:
    """One bar per kind, the most error-prone first, beside a line at the share of all texts."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return updates.xaxes(figure, title={"text": _("misread")})


def error_rates_alt(failures: Failures, _: Translate) -> str:
    """The bars in words, the most error-prone first."""
    return rate_bars_alt(failures.kinds, kind_name, _)


def failures_sentence(failures: Failures, _: Translate) -> str:
    """What is misread most often, against all texts."""
    everything = failures.everything
    overall = _("Of {count} texts that it never learnt from, it misreads {percent}.").format(
        count=grouped(everything.n), percent=rate(everything.rate)
    )
    return overall + most_often(failures, kind_name, _, over=everything.rate)


def kind_name(kind: str, _: Translate) -> str:
    """What a kind of text is called."""
    return {
        "negation": _("negation"),
        "double negation": _("double negation"),
        "contrast": _("contrast (“but”)"),
        "comparison": _("comparison"),
        "intensifier": _("intensifier"),
        "irony": _("irony"),
        "question": _("question"),
        "no accents": _("without accents"),
        "typo": _("typing errors"),
        "emoji": _("emoji"),
        "short": _("very short"),
        "long": _("long"),
        "plain": _("none of these"),
    }[kind]
