"""Figures of a training on one's own text: loss and gradient norms by iteration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import positive_only, power, trace
from engine.figures.numbers import decimal, general, grouped, share
from engine.figures.style import NEGATIVE, POSITIVE, Translate, frame, level
from engine.results import Floats, OwnTrainingRecord

Records = Sequence[OwnTrainingRecord]
Names = Sequence[str]

COLOURS, DASHES = (POSITIVE, NEGATIVE), ("solid", "dash")
"""Of the run and of the other run."""

HEIGHT = 280
POINTS = 600
"""Of a line; of a longer training every few iterations share one."""


def losses(records: Records, names: Names, _: Translate) -> go.Figure:
    """Nats per character by iteration: each batch's thin, the running mean bold; guessing as a
    dotted line."""
    figure = frame(HEIGHT)
    for k, (record, name) in enumerate(zip(records, names, strict=True)):
        thin = {"color": COLOURS[k], "width": 1}
        figure.add_scatter(
            **_line(record.loss, name, thin), opacity=0.4, showlegend=False, hoverinfo="skip"
        )
        bold = {"color": COLOURS[k], "width": 2.5, "dash": DASHES[k]}
        figure.add_scatter(
            **_line(record.average(), name, bold), hovertemplate="%{x}: %{y:.2f}<extra></extra>"
        )
    top = max(record.guess for record in records)
    highest = max(top, *(float(record.average().max(initial=0.0)) for record in records))
    level(figure, top, _("guessing: {loss}").format(loss=decimal(top, 2)))
    updates.yaxes(figure, title={"text": _("loss e (nats per character)"), "standoff": 14})
    updates.yaxes(figure, range=[0, 1.15 * highest])
    return _iterations(figure, records, _)


def losses_alt(records: Records, names: Names, _: Translate) -> str:
    """The lines in words: where each run stands."""
    text = _(
        "{name}: loss {loss} nats per character after {count} iterations; guessing is {guess}."
    )
    return " ".join(
        text.format(
            name=name,
            loss=decimal(r.nats, 2),
            count=grouped(r.taken),
            guess=decimal(r.guess, 2),
        )
        for r, name in zip(records, names, strict=True)
    )


def norms(records: Records, names: Names, _: Translate) -> go.Figure:
    """The gradient's norm by iteration, log scale, with the clip line: of one run before and after
    clipping, of two runs before it."""
    figure = frame(HEIGHT)
    if len(records) == 1:
        (record,) = records
        before, after = _("before clipping"), _("after clipping")
        figure.add_scatter(**_norm(record.norm, before, {"color": NEGATIVE, "width": 1.5}))
        figure.add_scatter(**_norm(record.clipped, after, {"color": POSITIVE, "width": 2}))
    else:
        for k, (record, name) in enumerate(zip(records, names, strict=True)):
            line = {"color": COLOURS[k], "width": 2, "dash": DASHES[k]}
            figure.add_scatter(**_norm(record.norm, name, line))
    for limit in sorted({record.clip for record in records if record.clip > 0}):
        text = _("clipped at {limit}").format(limit=general(limit))
        level(figure, limit, text, log=True)
    values = np.concatenate([r.norm[r.norm > 0] for r in records])
    limits = [r.clip for r in records if r.clip > 0]
    low, high = min([*values, *limits], default=0.1), max([*values, *limits], default=10.0)
    span = float(np.log10(low)) - 0.1, float(np.log10(high)) + 0.25
    # 1, 2, 5, 10 … where there are few powers of ten, else the powers, at most about six.
    width = span[1] - span[0]
    apart, factors = (1, (1, 2, 5)) if width < 2 else (max(1, round(width / 6)), (1,))
    powers = range(math.floor(span[0]), math.ceil(span[1]) + 1, apart)
    logs = [k + math.log10(factor) for k in powers for factor in factors]
    updates.yaxes(figure, type="log", range=span, automargin=True)
    updates.yaxes(figure, tickvals=[10**k for k in logs], ticktext=[power(k, _) for k in logs])
    title = _("gradient norm (log)") if len(records) == 1 else _("norm before clipping (log)")
    updates.yaxes(figure, title={"text": title, "standoff": 14})
    return _iterations(figure, records, _)


def norms_alt(records: Records, names: Names, _: Translate) -> str:
    """How large the gradient grew and how often it was clipped, in words."""
    return " ".join(
        f"{name}: {clip_sentence(record, _)}" for record, name in zip(records, names, strict=True)
    )


def clip_sentence(record: OwnTrainingRecord, _: Translate) -> str:
    """What clipping did, from the numbers."""
    if not record.taken:
        return _("Not trained yet.")
    largest = general(record.norm.max(), 2)
    if record.clip == 0:
        return _("Never clipped; the largest gradient norm is {norm}.").format(norm=largest)
    if record.clipped_share == 0:
        text = _("The largest gradient norm is {norm}: clipping at {limit} never had to act.")
        return text.format(norm=largest, limit=general(record.clip))
    text = _("The largest gradient norm is {norm}; {share} of the iterations were clipped.")
    return text.format(norm=largest, share=measured_share(record.clipped_share))


def outcome(record: OwnTrainingRecord, _: Translate) -> str:
    """Where a training stands."""
    done = {"count": grouped(record.taken), "budget": grouped(record.budget)}
    if record.outcome == "finished":
        return _("Finished after {count} iterations.").format(**done)
    if record.outcome == "time":
        return _("Its time is up after {count} of {budget} iterations.").format(**done)
    if record.outcome == "stopped":
        return _("Stopped after {count} of {budget} iterations.").format(**done)
    if record.outcome == "blew_up":
        text = _("Training diverged at iteration {step} (NaN/∞): lower the rate or clip more.")
        return text.format(step=grouped(record.taken + 1))
    return _("Iteration {count} of {budget}.").format(**done)


def comparison(mine: OwnTrainingRecord, other: OwnTrainingRecord, _: Translate) -> str:
    """Which of two runs has the lower loss after as many iterations, and by how much."""
    same = min(mine.taken, other.taken)
    if same == 0:
        return _("One of the two has not been trained yet.")
    here, there = (float(r.average()[same - 1]) for r in (mine, other))
    losses = [decimal(loss, 2) for loss in (here, there)]
    values = {"count": grouped(same), "mine": losses[0], "other": losses[1]}
    if abs(here - there) < 0.02:
        text = _("After {count} iterations both are at about the same loss: {mine} and {other}.")
    elif here < there:
        text = _("After {count} iterations this run is ahead: {mine} against {other} nats.")
    else:
        text = _("After {count} iterations the other run is ahead: {other} against {mine} nats.")
    return text.format(**values)


def _line(values: Floats, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """A line by iteration."""
    every = max(1, -(-len(values) // POINTS))
    iterations = np.arange(1, len(values) + 1)
    return {
        "x": iterations[::-every][::-1],
        "y": values[::-every][::-1],
        "name": name,
        "mode": "lines",
        "line": line,
    }


def _norm(values: Floats, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """The same for norms; where iterations share a point, it is the largest norm among them."""
    every = max(1, -(-len(values) // POINTS))
    firsts = np.arange(0, len(values), every)
    x = np.array([k + int(np.argmax(values[k : k + every])) for k in firsts], dtype=int)
    return trace(name, x + 1, positive_only(values[x]), line)


def _iterations(figure: go.Figure, records: Records, _: Translate) -> go.Figure:
    """An axis over the whole budget: it does not move while the lines grow."""
    end = max(max(record.budget, record.taken) for record in records)
    return updates.xaxes(figure, title={"text": _("iteration")}, range=[0, 1.02 * end])


def measured_share(value: float) -> str:
    """Measured shares may be 100%, but what happened once in a thousand is not 0%."""
    return share(value, 1 if 0 < value < 0.02 else 0)
