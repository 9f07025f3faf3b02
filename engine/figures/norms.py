"""Pictures of how far back the gradient reaches, and the sentence that sums them up.

What may be compared (slide 42): the LSTM's ∂e/∂h_t leaves out the path through c_t, so both are
drawn, each divided by its value at the last step, and slopes are compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import characters
from engine.figures.style import MARK, SUPERSCRIPTS, Translate, cell_style, count, frame, plain
from engine.results import Floats, GradientProfile

HARDLY = 2.0
"""A first and last gradient within this factor of each other are called nearly equal."""

TICKS = 36
"""More words than this below one axis cannot be read: every second, third … is written."""

FEW_DECADES = 1.5
"""Below this span the powers of ten alone would leave the axis nearly bare."""


def decay(profiles: Sequence[GradientProfile], _: Translate, by: str = "token") -> go.Figure:
    """Gradient norms relative to the last step's, on a log axis; `by` is "token" or "lag"."""
    figure = frame(360)
    for profile in profiles:
        for which in profile.by_lag.states:
            figure.add_scatter(**_curve(profile, which, by))
    figure.add_hline(y=1, line={"color": MARK, "width": 1, "dash": "dot"})
    norms = [p.by_lag.relative(which) for p in profiles for which in p.by_lag.states]
    figure.update_yaxes(type="log", **ticks(norms))
    title = _("gradient norm ÷ the last step's (log)")
    figure.update_yaxes(title={"text": title, "standoff": 14}, automargin=True)
    _words(figure, profiles[0], _) if by == "token" else _lags(figure, _)
    return figure


def decay_alt(profiles: Sequence[GradientProfile], _: Translate) -> str:
    """The curves in words: each cell's sentence."""
    return " ".join(
        f"{cell_style(profile.cell).title}: {sentence(profile, _)}" for profile in profiles
    )


def sentence(profile: GradientProfile, _: Translate) -> str:
    """What the numbers say of this text, along the state that is compared between cells."""
    relative = profile.by_lag.relative()
    if len(relative) < 2:
        return _("One token only: there is nowhere for the gradient to travel.")
    if relative[0] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    ratio = profile.ratio
    if ratio == 0:
        return _("Here nothing that 64-bit numbers can hold reaches the first token.")
    if ratio * HARDLY <= 1:
        text = _("Here the first token's gradient is {times} times smaller than the last's.")
        return text.format(times=count(1 / ratio))
    if ratio >= HARDLY:
        text = _("Here the first token's gradient is {times} times larger than the last's.")
        return text.format(times=count(ratio))
    text = _("It hardly decays here: the first token's gradient is {percent} of the last's.")
    return text.format(percent=f"{ratio:.0%}")


def factor(ratio: float, _: Translate) -> str:
    """First over last in two words: `28 times smaller`."""
    if ratio == 0:
        return _("nothing arrives")
    if 1 < ratio * HARDLY < HARDLY**2:
        return _("about as large")
    if ratio < 1:
        return _("{times} times smaller").format(times=count(1 / ratio))
    return _("{times} times larger").format(times=count(ratio))


def decimal(text: str, _: Translate) -> str:
    """A number as Python writes it, with the decimal mark and the minus sign of the language."""
    mark = _("1.5")[1]  # translated as one and a half is written: "1,5"
    return text.replace("-", "−").replace(".", mark)


def power(log: float, _: Translate) -> str:
    """10 to the power of `log` in few characters: 0.02, 3.6, 64 000, 10⁻¹⁸."""
    if log == -math.inf:
        return "0"
    if not -2.5 < log < 6:
        return "10" + str(round(log)).translate(SUPERSCRIPTS)
    return count(10**log) if log >= 1 else decimal(f"{10**log:.2g}", _)


def positive_only(values: Float[Floats, " N"]) -> Float[Floats, " N"]:
    """A log axis has no zero: what is not positive becomes a gap."""
    return np.where(values > 0, values, np.nan)


def _curve(profile: GradientProfile, which: str, by: str) -> dict[str, object]:
    """One state's norms as a Plotly trace; dashed where it is not the one to compare."""
    style, norms = cell_style(profile.cell), profile.by_lag
    values = norms.relative(which)[::-1]
    steps = np.arange(len(values))
    tokens = [plain(piece.text.strip()) for piece in profile.pieces]
    few = len(values) <= 60
    return {
        "x": steps if by == "token" else steps[::-1],
        "y": positive_only(values),
        "name": f"{style.title} ∂e/∂{which}",
        "mode": "lines+markers" if few and which == norms.path else "lines",
        "line": {
            "color": style.colour,
            "width": 2.5 if which == norms.path else 2,
            "dash": "solid" if which == norms.path else "dash",
        },
        "marker": {"symbol": style.symbol, "size": 7},
        "text": tokens,
        "hovertemplate": f"%{{text}}: %{{y:.2g}}<extra>{style.title} ∂e/∂{which}</extra>",
    }


def ticks(norms: Sequence[Float[Floats, " _"]]) -> dict[str, object]:
    """The log axis's ticks: percentages at 1, 2, 5 within each power of ten where there are few
    powers, else the powers themselves, so many apart that at most about eight are drawn.
    """
    values = np.log10(np.concatenate([positive_only(each) for each in norms]))
    span = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
    if span < FEW_DECADES:
        return {"dtick": "D2", "tickformat": "~%"}
    return {"dtick": max(1, round(span / 8)), "exponentformat": "power"}


def _words(figure: go.Figure, profile: GradientProfile, _: Translate) -> None:
    if max(len(piece.text) for piece in profile.pieces) == 1:
        text = "".join(piece.text for piece in profile.pieces)
        figure.update_xaxes(automargin="height", **characters.ticks(text))
        figure.update_xaxes(title={"text": _("token, first to last")})
        return
    every = -(-len(profile.pieces) // TICKS)
    words = [plain(piece.text.strip(), 14) for piece in profile.pieces[::every]]
    steps = list(range(0, len(profile.pieces), every))
    figure.update_xaxes(
        tickvals=steps, ticktext=words, automargin="height", autotickangles=[0, -90]
    )
    figure.update_xaxes(title={"text": _("token, first to last")})


def _lags(figure: go.Figure, _: Translate) -> None:
    figure.update_xaxes(title={"text": _("lag: tokens back from the last")})
