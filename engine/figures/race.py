"""Pictures of a race: accuracy over training, gradient by lag, how far it reaches, timings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import powers, state_trace
from engine.figures.numbers import count, decimal, general, grouped, share, share_left
from engine.figures.style import LABELLED, Translate, cell_style, frame, level
from engine.results import REACHES, Floats, Lane, RaceResult, StepTiming

FIRST = 10
"""The step at which the log axis begins, unless somebody steps through earlier ones."""

LARGER = 2.0
"""From here on a gradient that has grown on its way back is said to be so many times as large."""

NOBODY = "nobody"
"""Who wins where no cell learns it."""

TIE = 0.03
"""Two accuracies on 256 sequences that are closer than this do not tell who leads."""

FLOOR = 1e-8
"""Below this the gradient by lag is off the picture: a hundred-thousandth of `REACHES`."""


def progress(race: RaceResult, _: Translate) -> go.Figure:
    """Accuracy on fresh sequences over training steps, with chance and the finish as lines."""
    figure = _frame()
    for lane in race.lanes:
        figure.add_scatter(**_line(lane, lane.steps, lane.accuracy), hovertemplate="%{x}: %{y:.0%}")
    level(figure, race.threshold, _("learnt"), left=True)
    label = _("chance: {percent}").format(percent=_share(race.chance_level))
    level(figure, race.chance_level, label, left=True, down=10)  # curves lie on it
    _steps_axis(figure, race, _)
    updates.yaxes(figure, range=[-0.07, 1.03], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    updates.yaxes(figure, title={"text": _("accuracy on fresh sequences"), "standoff": 6})
    return figure


def progress_alt(race: RaceResult, _: Translate) -> str:
    """The lines in words: where each cell stands."""
    template = _("{cell}: {percent} after {steps} steps.")
    lanes = " ".join(
        template.format(
            cell=cell_style(lane.cell).title,
            percent=_share(lane.accuracy[-1]),
            steps=grouped(int(lane.steps[-1])),
        )
        for lane in race.lanes
    )
    head = _("Accuracy on fresh sequences over training steps; chance is {percent}.")
    return f"{head.format(percent=_share(race.chance_level))} {lanes}"


def by_lag(race: RaceResult, _: Translate, step: float = np.inf) -> go.Figure:
    """Gradient norms relative to lag 0 on a log axis, as measured last at `step` or before."""
    figure = _frame()
    for lane in race.lanes:
        norms, symbol = lane.by_lag(lane.at(step)), cell_style(lane.cell).symbol
        for which in norms.states:
            values, compared = norms.relative(which), which == norms.path
            curve = state_trace(
                lane.cell,
                which,
                np.arange(len(values)),
                np.where(_drawn(values), values, np.nan),
                compared,
                aside=1.5,
                marker={"symbol": symbol, "size": 7, "maxdisplayed": 10},
                points=compared,
            )
            figure.add_scatter(**curve)
    level(figure, REACHES, _("reach ends here"), log=True)
    updates.xaxes(figure, title={"text": _("lag: steps back from the answer")})
    lags = race.lanes[0].h.shape[1]
    updates.xaxes(figure, range=[-0.02 * lags, 1.02 * lags])
    top = max(1.0, *(float(np.max(curve.y[_drawn(curve.y)], initial=1)) for curve in figure.data))
    span = [np.log10(FLOOR), np.log10(top) + 0.4]
    updates.yaxes(figure, type="log", range=span, **powers(math.ceil(span[0]), math.ceil(span[1])))
    updates.yaxes(
        figure, title={"text": _("gradient norm ÷ lag 0's (log)"), "standoff": 10}, automargin=True
    )
    return figure


def by_lag_alt(race: RaceResult, _: Translate, step: float = np.inf) -> str:
    """The curves in words: how far back each one reaches."""
    return " ".join(
        f"{cell_style(lane.cell).title}: {reach_sentence(lane, _, step)}" for lane in race.lanes
    )


def reach_sentence(lane: Lane, _: Translate, step: float = np.inf) -> str:
    """How far back the gradient reaches, and what is left of it at the longest lag."""
    moment = lane.at(step)
    norms = lane.by_lag(moment)
    relative = norms.relative()
    last, reach = len(relative) - 1, norms.reach
    if reach >= last and relative[-1] >= LARGER:
        text = _("The gradient reaches all {lag} steps back, where it is {times} times as large.")
        return text.format(lag=last, times=count(float(relative[-1])))
    if reach >= last:
        text = _("The gradient reaches all {lag} steps back, where {share} of it is left.")
        return text.format(lag=last, share=share_left(float(relative[-1])))
    text = _("The gradient reaches {reach} of {lag} steps back.")
    return text.format(reach=reach, lag=last)


def outcome(lane: Lane, _: Translate) -> str:
    """Where a cell's race stands, from its numbers; never that it "cannot"."""
    steps, seconds = grouped(lane.taken), decimal(lane.seconds[-1], 1)
    if lane.outcome == "learnt":
        return _("Learnt after {steps} steps.").format(steps=steps)
    if lane.outcome == "budget":
        text = _("Has not learnt within this budget ({steps} steps, {seconds} s).")
        return text.format(steps=steps, seconds=seconds)
    if lane.outcome == "blew_up":
        text = _("Training diverged at step {steps} (NaN/∞): lower the rate or clip more.")
        return text.format(steps=grouped(lane.taken + 1))
    if lane.outcome == "stopped":
        return _("Stopped after {steps} steps: had not learnt by then.").format(steps=steps)
    return _("Step {steps} so far.").format(steps=steps) if lane.taken else _("Not trained yet.")


def winner(race: RaceResult) -> str | None:
    """The cell that has learnt it first so far; NOBODY once all have failed."""
    learnt = [lane for lane in race.lanes if lane.outcome == "learnt"]
    if learnt:
        return min(learnt, key=lambda lane: lane.taken).cell
    failed = all(lane.outcome in ("budget", "blew_up") for lane in race.lanes)
    return NOBODY if failed else None


def leader(race: RaceResult, _: Translate) -> str:
    """Who is ahead: learnt first, else most right answers."""
    lanes, names = race.lanes, [cell_style(lane.cell).title for lane in race.lanes]
    if all(lane.taken == 0 for lane in lanes):
        return _("Nobody has started yet.")
    first = next((lane for lane in lanes if lane.cell == winner(race)), None)
    if first is not None:
        text = _("{cell} is first: it learnt this after {steps} steps.")
        return text.format(cell=cell_style(first.cell).title, steps=grouped(first.taken))
    best = max(range(len(lanes)), key=lambda k: lanes[k].accuracy[-1])
    right, second = sorted((lane.accuracy[-1] for lane in lanes), reverse=True)[:2]
    if right - second < TIE:
        text = _("Nobody leads yet: the best has {percent} right, chance is {chance}.")
        return text.format(percent=_share(right), chance=_share(race.chance_level))
    over = all(lane.outcome != "running" for lane in lanes)
    text = (
        _("{cell} led at the end: {percent} right.")
        if over
        else _("{cell} leads: {percent} right.")
    )
    return text.format(cell=names[best], percent=_share(right))


def reach(race: RaceResult, _: Translate) -> go.Figure:
    """How many steps back the gradient reaches, over training."""
    figure = _frame()
    for lane in race.lanes:
        reached = np.asarray(
            [lane.by_lag(k).reach for k in range(len(lane.steps))], dtype=np.float64
        )
        figure.add_scatter(**_line(lane, lane.steps, reached), hovertemplate="%{x}: %{y}")
    lags = race.lanes[0].h.shape[1] - 1
    level(figure, float(lags), _("the whole sequence"), left=True)
    _steps_axis(figure, race, _)
    updates.yaxes(figure, range=[-0.03 * lags, 1.12 * lags])
    updates.yaxes(figure, title={"text": _("reach of the gradient (steps back)"), "standoff": 6})
    return figure


def reach_alt(race: RaceResult, _: Translate) -> str:
    """The lines in words: first and last reach of each cell."""
    template = _("{cell}: {first} steps back at the start, {last} at the end.")
    return " ".join(
        template.format(
            cell=cell_style(lane.cell).title, first=lane.by_lag(0).reach, last=lane.by_lag(-1).reach
        )
        for lane in race.lanes
    )


def timing(rows: Sequence[StepTiming], names: dict[str, str], _: Translate) -> go.Figure:
    """Milliseconds of one training step: one group of bars per cell, one bar per device."""
    figure = frame(60 + 46 * len(rows))
    shades = ("#3d74b8", "#d0702a", "#2a8f88", "#b8478a")
    for k, device in enumerate(dict.fromkeys(row.device for row in rows)):
        own = [row for row in rows if row.device == device][::-1]
        figure.add_bar(
            x=[row.milliseconds for row in own],
            y=[cell_style(row.cell).title for row in own],
            name=names.get(device, device),
            marker={"color": shades[k % len(shades)]},
            text=[f"{general(row.milliseconds, 2)} ms" for row in own],
            **{**LABELLED, "showlegend": True},
        )
    updates.xaxes(figure, title={"text": _("milliseconds per training step")}, rangemode="tozero")
    return updates.layout(figure, bargap=0.3, margin={"r": 70})


def timing_alt(rows: Sequence[StepTiming], names: dict[str, str], _: Translate) -> str:
    """The bars in words."""
    template = _("{cell} on {device}: {milliseconds} ms per training step.")
    return " ".join(
        template.format(
            cell=cell_style(row.cell).title,
            device=names.get(row.device, row.device),
            milliseconds=f"{general(row.milliseconds, 2)}",
        )
        for row in rows
    )


def _line(lane: Lane, x: Floats, y: Floats) -> dict[str, object]:
    """One cell over training: a line with a few markers."""
    style = cell_style(lane.cell)
    return {
        "x": np.maximum(x, 1),  # a log axis has no step 0
        "y": y,
        "name": style.title,
        "mode": "lines+markers",
        "line": {"color": style.colour, "width": 2.5},
        "marker": {"symbol": style.symbol, "size": 8, "maxdisplayed": 8},
    }


def _drawn(values: Floats) -> np.ndarray:
    """A log axis has no zero; what is far below its floor is left out too."""
    return np.asarray(values > FLOOR / 10)


def _frame() -> go.Figure:
    """As high as lets two figures stand on the first screen."""
    return frame(300)


def _steps_axis(figure: go.Figure, race: RaceResult, _: Translate) -> None:
    """A log axis over the whole budget, so that lines grow into a picture that stands still."""
    taken = max(lane.taken for lane in race.lanes)
    first = FIRST if taken == 0 or taken > 2 * FIRST else 1
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if first <= t]
    updates.xaxes(
        figure,
        type="log",
        range=[np.log10(first), np.log10(race.budget) + 0.05],
        tickvals=[t for t in ticks if t <= 1.1 * race.budget],
        ticktext=[grouped(t) for t in ticks if t <= 1.1 * race.budget],
        title={"text": _("training steps (log)")},
    )


def _share(value: float) -> str:
    """Measured shares may be 0% and 100%, unlike a softmax's."""
    return share(value, 1) if value < 0.2 and value != round(value, 2) else share(value)
