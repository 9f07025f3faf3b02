"""Gradient descent that explodes: norm and loss over the steps, with and without clipping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import plain_ticks, positive_only, power, trace
from engine.figures.numbers import general, percent
from engine.figures.style import MARK, NEGATIVE, POSITIVE, Translate, frame
from engine.results import Descent, Floats

LAST = 30
"""Steps over which the end of a training is averaged."""


def norms(found: Sequence[Descent], _: Translate) -> go.Figure:
    """The gradient's norm before clipping, log scale, with the threshold as a line."""
    figure = frame(300)
    for run in found:
        figure.add_scatter(**_line(run, positive_only(run.norm), _))
    for run in found:
        if run.clip > 0:
            updates.hline(figure, run.clip, line={"color": MARK, "width": 2, "dash": "dot"})
    title = {"text": _("gradient norm before clipping (log)"), "standoff": 16}
    ticks = plain_ticks([run.norm for run in found])
    updates.yaxes(figure, type="log", title=title, automargin=True, **ticks)
    return updates.xaxes(figure, title={"text": _("training step")})


def norms_alt(found: Sequence[Descent], _: Translate) -> str:
    """The largest norm of each training, in words."""
    template = _("{name}: the largest gradient norm is {norm}, at step {step}.")
    return " ".join(
        template.format(
            name=name(run, _),
            norm=power(float(np.log10(run.norm.max())), _) if run.norm.max() > 0 else "0",
            step=int(run.norm.argmax()) + 1,
        )
        for run in found
    )


def losses(found: Sequence[Descent], _: Translate) -> go.Figure:
    """The loss of both trainings, beside the loss of a guess, log 2."""
    figure = frame(300)
    for run in found:
        figure.add_scatter(**_line(run, run.loss, _))
    figure.add_scatter(
        x=[1, max(len(run.loss) for run in found)],
        y=[np.log(2)] * 2,
        name=_("guessing"),
        mode="lines",
        line={"color": MARK, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    top = float(np.clip(max(run.loss.max() for run in found), 1.0, 3.0))
    title = {"text": _("loss e (nats)"), "standoff": 16}
    updates.yaxes(figure, title=title, range=[-0.05 * top, top], automargin=True)
    return updates.xaxes(figure, title={"text": _("training step")})


def losses_alt(found: Sequence[Descent], _: Translate) -> str:
    """How each training ends, in words."""
    return " ".join(outcome(run, _) for run in found)


def name(run: Descent, _: Translate) -> str:
    """What a training is called in the figures and beside them."""
    if run.clip == 0:
        return _("without clipping")
    return _("clipped at {limit}").format(limit=general(run.clip))


def outcome(run: Descent, _: Translate) -> str:
    """Largest norm and share of right answers at the end, as one sentence."""
    right = percent(float(run.accuracy[-LAST:].mean()))
    largest = float(run.norm.max())
    return _("{name}: norm up to {norm}, {right} right at the end.").format(
        name=name(run, _).capitalize(),
        norm=power(float(np.log10(largest)), _) if largest > 0 else "0",
        right=right,
    )


def sentence(found: Sequence[Descent], _: Translate) -> str:
    """What clipping made of this training, computed from both."""
    without, clipped = (float(run.accuracy[-LAST:].mean()) for run in found)
    if clipped >= 0.9 > without:
        return _(
            "Clipping saves this training: without it one step that is too large ruins the weights."
        )
    if clipped < 0.9 and without < 0.9:
        return _("Neither has learnt it within this budget: clipping does not solve everything.")
    if without >= 0.9 > clipped:
        return _("Here clipping only slows the training down: the threshold is too low for it.")
    return _("Both have learnt it: here no step was large enough to do lasting harm.")


def _line(run: Descent, values: Floats, _: Translate) -> dict[str, object]:
    clipped = run.clip > 0
    line = {
        "color": POSITIVE if clipped else NEGATIVE,
        "width": 2.5,
        "dash": "solid" if clipped else "dash",
    }
    return trace(name(run, _), np.arange(1, len(values) + 1), values, line)
