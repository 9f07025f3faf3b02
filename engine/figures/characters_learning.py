"""A character model as it learns (slide 54): the losses by iteration, and where it is now."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.figures.style import (
    MARK,
    NEUTRAL,
    Number,
    Translate,
    cell_style,
    frame,
    grouped,
    localised,
)
from engine.results import Floats, LearningCurve


def losses(curve: LearningCurve, now: int, _: Translate, number: Number) -> go.Figure:
    """Both losses in nats per character over the iterations (log); a line marks iteration `now`."""
    figure = frame(290)
    lines = (
        (curve.training, _("training"), NEUTRAL, "dash"),
        (curve.held_out, _("held-out text"), cell_style("lstm").colour, "solid"),
    )
    for values, name, colour, dash in lines:
        figure.add_scatter(
            x=curve.iterations,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"size": 5},
            hovertemplate="%{x}: %{y:.2f}<extra>" + name + "</extra>",
        )
    figure.add_vline(x=now, line={"color": MARK, "width": 2, "dash": "dot"})
    figure.update_xaxes(type="log", title={"text": _("iteration (log)")}, dtick=1)
    figure.update_xaxes(tickvals=_ticks(curve), ticktext=[grouped(t) for t in _ticks(curve)])
    figure.update_yaxes(title={"text": _("nats per character")}, automargin=True)
    return localised(figure, number)


def _ticks(curve: LearningCurve) -> list[int]:
    """1, 3, 10, 30 … within the curve."""
    low, high = int(curve.iterations[0]), int(curve.iterations[-1])
    powers = range(int(math.log10(max(1, high))) + 1)
    return [k for p in powers for k in (10**p, 3 * 10**p) if low <= k <= high]


def held_out(curve: LearningCurve, now: int) -> float:
    """Nats per character on held-out text at the last look at `now` or before it."""
    place = int(np.searchsorted(curve.iterations, now, side="right")) - 1
    return float(curve.held_out[max(0, place)])


def losses_alt(curve: LearningCurve, now: int, _: Translate, number: Number) -> str:
    """The curve in words."""
    return _(
        "Loss on held-out text: {first} nats per character at iteration {start}, {last} at "
        "iteration {end}; at iteration {now} it is {here}."
    ).format(
        first=number(float(curve.held_out[0])),
        start=int(curve.iterations[0]),
        last=number(float(curve.held_out[-1])),
        end=int(curve.iterations[-1]),
        now=now,
        here=number(held_out(curve, now)),
    )


def points(eigenvalues: NDArray[np.complex128]) -> Floats:
    """Complex numbers (N,) as real and imaginary parts (N, 2)."""
    return np.stack([eigenvalues.real, eigenvalues.imag], axis=1).astype(np.float64)


def eigenvalue_sentence(eigenvalues: NDArray[np.complex128], _: Translate, number: Number) -> str:
    """How many directions one step keeps, from the moduli."""
    modulus = np.abs(eigenvalues)
    kept = int((modulus > 0.9).sum())
    return _(
        "In one step back, {kept} of {count} directions keep more than 90% of their length; the "
        "largest modulus is {largest}."
    ).format(kept=kept, count=len(modulus), largest=number(float(modulus.max())))
