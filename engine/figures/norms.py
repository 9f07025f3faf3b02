"""Pictures of how far back the gradient reaches, and the sentence that sums them up.

What may be compared (slide 42): the LSTM's ∂e/∂h_t leaves out the path through c_t, so both are
drawn, each divided by its value at the last step, and slopes are compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Shaped

from engine.figures import characters, updates
from engine.figures.numbers import SUPERSCRIPTS, count, general, number
from engine.figures.style import MARK, Translate, cell_style, frame, plain, word_ticks
from engine.results import Floats, GradientProfile

BARELY = (0.8, 1.25)
"""A first gradient of so many times the last one barely differs from it."""

FEW_DECADES = 1.5
"""Below this span the powers of ten alone would leave the axis nearly bare."""


def decay(profiles: Sequence[GradientProfile], _: Translate, by: str = "token") -> go.Figure:
    """Gradient norms relative to the last step's, on a log axis; `by` is "token" or "lag"."""
    figure = frame(360)
    for profile in profiles:
        symbol, tokens = cell_style(profile.cell).symbol, [p.text.strip() for p in profile.pieces]
        for which in profile.by_lag.states:
            values = profile.by_lag.relative(which)[::-1]
            steps, compared = np.arange(len(values)), which == profile.by_lag.path
            curve = state_trace(
                profile.cell,
                which,
                steps if by == "token" else steps[::-1],
                positive_only(values),
                compared,
                marker={"symbol": symbol, "size": 7},
                points=compared and len(values) <= 60,
                text=[plain(token) for token in tokens],
            )
            figure.add_scatter(**curve)
    norms = [p.by_lag.relative(which) for p in profiles for which in p.by_lag.states]
    norm_axis(figure, _("gradient norm ÷ the last step's (log)"), ticks(norms))
    if by == "lag":
        return updates.xaxes(figure, title={"text": _("lag: tokens back from the last")})
    words = [piece.text for piece in profiles[0].pieces]
    if max(map(len, words)) == 1:
        updates.xaxes(figure, automargin="height", **characters.ticks("".join(words)))
    else:
        updates.xaxes(figure, **word_ticks([word.strip() for word in words]))
    return updates.xaxes(figure, title={"text": _("token, first to last")})


def decay_alt(profiles: Sequence[GradientProfile], _: Translate) -> str:
    """The curves in words: each cell's sentence."""
    return " ".join(
        f"{cell_style(profile.cell).title}: {sentence(profile, _)}" for profile in profiles
    )


def sentence(profile: GradientProfile, _: Translate, first: str = "") -> str:
    """What the numbers say of this text, along the state that is compared between cells. `first` is
    what the first of what is read is called: "the first token" if nothing else is."""
    relative = profile.by_lag.relative()
    if len(relative) < 2:
        return _("One token only: there is nowhere for the gradient to travel.")
    if relative[0] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    ratio = float(profile.ratio)
    if ratio == 0:
        text = _("Here nothing that 64-bit numbers can hold reaches {place}.")
        return text.format(place=first or _("the first token"))
    return change(ratio, first or _("the first token"), _)


def change(ratio: float, place: str, _: Translate) -> str:
    """What the gradient at a `place`, divided by the last one, says: decay, growth or neither."""
    if ratio < BARELY[0]:
        text = _("At {place} the gradient is {times} times smaller than at the last step.")
        return text.format(place=place, times=times(1 / ratio))
    if ratio > BARELY[1]:
        text = _("The gradient grows: at {place} it is {times} times its value at the last step.")
        return text.format(place=place, times=times(ratio))
    text = _("The gradient barely changes: at {place} it is {times} times the last step's.")
    return text.format(place=place, times=number(ratio))


def times(ratio: float) -> str:
    """A ratio in two digits: 1.4, 28, 3,100."""
    return general(ratio, 2) if ratio < 9.95 else count(ratio)


def factor(ratio: float, _: Translate) -> str:
    """First over last in two words: `28 times smaller`."""
    if ratio == 0:
        return _("nothing arrives")
    if BARELY[0] <= ratio <= BARELY[1]:
        return _("about as large")
    if ratio < 1:
        return _("{times} times smaller").format(times=times(1 / ratio))
    return _("{times} times as large").format(times=times(ratio))


def power(log: float, _: Translate) -> str:
    """10 to the power of `log` in few characters: 0.02, 3.6, 64 000, 10⁻¹⁸."""
    if log == -math.inf:
        return "0"
    if not -2.5 < log < 6:
        return "10" + str(round(log)).translate(SUPERSCRIPTS)
    return count(10**log) if log >= 1 else general(10**log, 2)


def positive_only(values: Float[Floats, " N"]) -> Float[Floats, " N"]:
    """A log axis has no zero: what is not positive becomes a gap."""
    return np.where(values > 0, values, np.nan)


def state_trace(
    cell: str,
    which: str,
    x: Shaped[np.ndarray, " N"],
    y: Float[Floats, " N"],
    compared: bool,
    aside: float = 2,
    **others: Any,
) -> dict[str, Any]:
    """The norms of one state of a cell, "h" or "c", as a Plotly trace in the cell's colour; dashed
    and `aside` wide where it is not the one that is compared between cells."""
    style = cell_style(cell)
    width, dash = (2.5, "solid") if compared else (aside, "dash")
    line = {"color": style.colour, "width": width, "dash": dash}
    return trace(f"{style.title} ∂e/∂{which}", x, y, line, **others)


def trace(
    name: str,
    x: Sequence[float | None] | Shaped[np.ndarray, " N"],
    y: Float[Floats, " N"],
    line: Mapping[str, object],
    **others: Any,
) -> dict[str, Any]:
    """A line of norms as a Plotly trace: points on it where `points` is true, and what hovers: the
    point's `text` if it has one, else its x, and the norm. All others are Plotly's."""
    points = others.pop("points", False)
    before = "%{text}" if "text" in others else "%{x}"
    return {
        "x": x,
        "y": y,
        "name": name,
        "mode": "lines+markers" if points else "lines",
        "line": line,
        "hovertemplate": f"{before}: %{{y:.2g}}<extra>{name}</extra>",
        **others,
    }


def norm_axis(
    figure: go.Figure, title: str, ticks: Mapping[str, object], standoff: int = 14
) -> None:
    """A log axis of norms that are shares of one of them, where a dotted line stands: 1."""
    updates.hline(figure, 1, line={"color": MARK, "width": 1, "dash": "dot"})
    named = {"text": title, "standoff": standoff}
    updates.yaxes(figure, type="log", title=named, automargin=True, **ticks)


def ticks(norms: Sequence[Float[Floats, " _"]]) -> dict[str, object]:
    """The log axis's ticks: percentages at 1, 2, 5 within each power of ten where there are few
    powers, else the powers themselves, so many apart that at most about eight are drawn.
    """
    values = np.log10(np.concatenate([positive_only(each) for each in norms]))
    span = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
    if span < FEW_DECADES:
        return {"dtick": "D2", "tickformat": "~%"}
    return {"dtick": max(1, round(span / 8)), "exponentformat": "power"}


def powers(low: int, high: int, most: int = 8) -> dict[str, object]:
    """Ticks at powers of ten from 10^low to 10^high, about `most` of them, in the axis's own type.

    Plotly's own powers are a quarter larger than all other ticks.
    """
    found = range(low, high + 1, max(1, round((high - low) / most)))
    texts = ["1" if k == 0 else f"10{str(k).translate(SUPERSCRIPTS)}" for k in found]
    return {"tickvals": [10.0**k for k in found], "ticktext": texts}


def plain_ticks(norms: Sequence[Float[Floats, " _"]]) -> dict[str, object]:
    """The same for norms as they are: at 1, 2 and 5 each number is written out, 0.5 as "0.5"."""
    values = positive_only(np.concatenate(norms))
    values = np.log10(values[np.isfinite(values)]) if np.isfinite(values).any() else np.zeros(1)
    low, high = math.floor(values.min()), math.ceil(values.max())
    if values.max() - values.min() >= FEW_DECADES:
        return powers(low, high)
    found = [digit * 10.0**power for power in range(low, high + 1) for digit in (1, 2, 5)]
    return {"tickvals": found, "ticktext": [general(value, 1) for value in found]}
