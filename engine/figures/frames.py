"""Pictures and sentences of a film's labels: how sure at a frame, what is mistaken for what, and
how much earlier a network that knows what follows changes its mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Int, UInt8
from numpy.typing import NDArray

from engine.figures import updates
from engine.figures.numbers import Number, grouped, percent, rate
from engine.figures.style import N_, NEGATIVE, POSITIVE, QUIET, Translate, frame
from engine.results import Ints, LabelledFilm

NO_LABEL = 255
"""Stands at frames that nobody labelled."""

NAMES = {
    "walk": N_("walking"),
    "sitdown": N_("sitting down"),
    "sit": N_("sitting"),
    "standup": N_("standing up"),
    "stand": N_("standing"),
    "fall": N_("falling"),
    "lie": N_("lying"),
    "left": N_("to the left"),
    "right": N_("to the right"),
    "up": N_("up"),
    "down": N_("down"),
    "nearer": N_("nearer"),
    "farther": N_("farther"),
    "turning": N_("turning"),
    "still": N_("still"),
}
COLOURS = {
    "walk": "#4477aa",
    "sitdown": "#66ccee",
    "sit": "#228833",
    "standup": "#ccbb44",
    "stand": "#aa7733",
    "fall": "#ee3377",
    "lie": "#8c5fa8",
    "left": "#4477aa",
    "right": "#ee7733",
    "up": "#228833",
    "down": "#aa3377",
    "nearer": "#ccbb44",
    "farther": "#66ccee",
    "turning": "#8c5fa8",
    "still": "#8a9199",
}
"""After Paul Tol's bright scheme; every label's name stands beside its colour."""

TESTS = {
    "persons 5 and 6, another day": N_("persons 5 and 6, another day"),
    "made films, with another photo": N_("made films, with another photo"),
}
"""What a model was tried on, by the name in its header."""

NEAR = 15
"""Frames before and after a change of the truth in which a network's change is looked for."""


def label_name(label: str, _: Translate) -> str:
    """What a label is called; one that is unknown here keeps its own name."""
    return _(NAMES[label]) if label in NAMES else label


def trial_name(test: str, _: Translate) -> str:
    """What the films are on which a score was measured."""
    return _(TESTS[test]) if test in TESTS else test


def names(labels: Sequence[str], _: Translate) -> dict[str, str]:
    """The labels' names with their colours."""
    return {label_name(label, _): COLOURS.get(label, "#8a9199") for label in labels}


def truth(labels: UInt8[NDArray[np.uint8], " T"]) -> Int[Ints, " T"]:
    """(T,) labels as numbers, −1 where there is none."""
    return np.where(labels == NO_LABEL, -1, labels.astype(np.int64))


def differences(
    one: Int[Ints, " T"], other: Int[Ints, " T"], true: Int[Ints, " T"] | None
) -> Bool[NDArray[np.bool_], " T"]:
    """(T,) where two networks differ, among the frames with a label if any has one."""
    known = np.ones(len(one), bool) if true is None or (true < 0).all() else true >= 0
    differ: NDArray[np.bool_] = (one != other) & known
    return differ


def differences_sentence(
    one: Int[Ints, " T"], other: Int[Ints, " T"], true: Int[Ints, " T"] | None, _: Translate
) -> str:
    """In how many frames forward and both ways differ, and which of them is right there."""
    where = differences(one, other, true)
    if not where.any():
        return _("Both networks say the same of every frame.")
    if true is None or (true < 0).all():
        return _("The two networks differ in {n} of {total} frames.").format(
            n=grouped(int(where.sum())), total=grouped(len(one))
        )
    text = _(
        "Of {total} labelled frames they differ in {n}: there forward is right {forward} times, "
        "both ways {both} times."
    )
    return text.format(
        total=grouped(int((true >= 0).sum())),
        n=grouped(int(where.sum())),
        forward=grouped(int((where & (one == true)).sum())),
        both=grouped(int((where & (other == true)).sum())),
    )


def change_delay(answers: Int[Ints, " T"], true: Int[Ints, " T"]) -> float | None:
    """By how many frames a network's change to a new action follows the action's, the median over
    the changes that it finds; below 0 it comes first. None where it finds none."""
    delays = []
    known = np.flatnonzero(true >= 0)
    changes = np.flatnonzero(np.diff(true[known])) + 1
    for t in known[changes]:  # between two actions some frames may have no label
        low, high = max(1, t - NEAR), min(len(true), t + NEAR)
        turned = [
            k for k in range(low, high) if answers[k] == true[t] and answers[k - 1] != true[t]
        ]
        delays += [min(turned, key=lambda k: abs(k - t)) - t] if turned else []
    return float(np.median(delays)) if delays else None


def delay_sentence(
    forward: float | None, both: float | None, pace: float, _: Translate, number: Number
) -> str:
    """When each network turns to a new label, against the label's first frame; "" where one never
    does."""
    if forward is None or both is None:
        return ""

    def moment(frames: float) -> str:
        seconds = number(abs(frames) / pace)
        if frames == 0:
            return _("exactly at")
        return (_("{s} s before") if frames < 0 else _("{s} s after")).format(s=seconds)

    text = _(
        "The forward network turns to a new label {forward} its first frame, the one of both "
        "directions {both} that frame (medians)."
    )
    return text.format(forward=moment(forward), both=moment(both))


def chances(found: Mapping[str, LabelledFilm], at: int, true: int, _: Translate) -> go.Figure:
    """How probable each network finds each label at frame `at`: lying bars side by side."""
    (first, *_others), colours = list(found.values()), (NEGATIVE, POSITIVE)
    rows = list(range(len(first.labels)))[::-1]
    figure = frame(38 * len(rows) + 50)
    for (name, film), colour in zip(found.items(), colours, strict=False):
        values = film.probabilities[at]
        figure.add_bar(
            orientation="h",
            x=values,
            y=rows,
            name=name,
            marker={"color": colour},
            text=[percent(float(p)) for p in values],
            textposition="outside",
            textfont={"size": 12},
            constraintext="none",
            cliponaxis=False,
            hoverinfo="skip",
        )
    ticks = [label_name(label, _) + " ◂" * (k == true) for k, label in enumerate(first.labels)]
    updates.yaxes(figure, tickvals=rows, ticktext=ticks, showgrid=False, automargin=True)
    updates.xaxes(figure, range=[0, 1.15], visible=False)
    return updates.layout(figure, margin={"l": 8, "t": 34, "b": 8}, bargap=0.3)


def chances_alt(found: Mapping[str, LabelledFilm], at: int, _: Translate) -> str:
    """The likeliest label of each network in words."""
    parts = []
    for name, film in found.items():
        best = int(film.answers[at])
        share = percent(float(film.probabilities[at, best]))
        parts.append(f"{name}: {label_name(film.labels[best], _)} {share}")
    return ", ".join(parts)


def confusion(table: Int[Ints, "K K"], labels: Sequence[str], _: Translate) -> go.Figure:
    """True labels in rows, answers in columns: each row's shares, as numbers and as depth."""
    shares = table / np.maximum(1, table.sum(1, keepdims=True))
    called = [label_name(label, _) for label in labels]
    figure = frame(44 * len(labels) + 120)
    figure.add_heatmap(
        z=shares,
        x=called,
        y=called,
        text=[[rate(float(p)) if n else "" for p, n in zip(*row, strict=True)]
              for row in zip(shares, table, strict=True)],
        texttemplate="%{text}",
        textfont={"size": 12, "color": "#1e2530"},
        colorscale=[[0, "#f4f7f8"], [1, POSITIVE]],
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        showscale=False,
        **{k: v for k, v in QUIET.items() if k == "hoverinfo"},
    )  # fmt: skip
    updates.xaxes(figure, title={"text": _("answer")}, tickangle=-40, automargin=True)
    title = {"text": _("what it is"), "standoff": 8}
    updates.yaxes(figure, autorange="reversed", title=title, automargin=True, showgrid=False)
    return updates.layout(figure, margin={"l": 8, "r": 8, "t": 8, "b": 8})


def confusion_sentence(table: Int[Ints, "K K"], labels: Sequence[str], _: Translate) -> str:
    """The most frequent mistake in words."""
    wrong = table - np.diag(np.diag(table))
    if not wrong.any():
        return _("No frame got a wrong label.")
    row, column = map(int, np.unravel_index(int(wrong.argmax()), wrong.shape))
    text = _("Most often {truth} is taken for {answer}: {n} of {total} frames.")
    return text.format(
        truth=label_name(labels[row], _),
        answer=label_name(labels[column], _),
        n=grouped(int(wrong[row, column])),
        total=grouped(int(table[row].sum())),
    )
