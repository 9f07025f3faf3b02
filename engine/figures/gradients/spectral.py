"""The spectral lab: the gradient by lag, the eigenvalues with the unit circle, and in words what
the gradient does and how that fits with the eigenvalues.
"""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from numpy.typing import NDArray

from engine.figures import updates
from engine.figures.norms import power
from engine.figures.numbers import decimal, share
from engine.figures.style import (
    GRID,
    MARK,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    PURPLE,
    QUIET,
    Translate,
    frame,
)
from engine.results import DECADE, SATURATED, Floats, Spectrum

TICKS = 7
"""About as many powers of ten as an axis can name on a phone."""

COLOURS = {"vanishes": NEGATIVE, "explodes": PURPLE, "stays": POSITIVE}
"""How a curve is coloured by what it does; a hump has the colour of what it ends as."""


def by_lag(spectrum: Spectrum, _: Translate, *, hidden: bool = False) -> go.Figure:
    """log₁₀ ‖∂h_n/∂h_k‖ by lag n − k; with `hidden` the axes and a question mark only."""
    figure = frame(330)
    name = _("ReLU network") if spectrum.activation == "relu" else _("tanh network")
    lags = np.arange(spectrum.length + 1)
    if hidden:
        # Lag 0, which is 1 for every network, and a question mark where the curve will be.
        dot = {"size": 11, "color": MARK}
        figure.add_scatter(x=[0], y=[0], mode="markers", marker=dot, **QUIET)
        place = {"x": spectrum.length / 2, "y": 0, "showarrow": False}
        figure.add_annotation(text="?", font={"size": 64, "color": MARK}, **place)
        _log_axis(figure, np.asarray([-8.0, 8.0]))
    else:
        _curve(figure, lags, spectrum.linear, _("linear network"), NEUTRAL, "dash")
        colour = COLOURS.get(spectrum.outcome, NEGATIVE)
        _curve(figure, lags, spectrum.network, name, colour, "solid")
        _log_axis(figure, np.concatenate([spectrum.network, spectrum.linear]))
        if spectrum.outcome == "hump":
            # The largest value is named: it is the point of such a curve.
            top = float(spectrum.network[spectrum.peak])
            ring = {"size": 12, "color": colour, "symbol": "circle-open", "line": {"width": 3}}
            figure.add_scatter(x=[spectrum.peak], y=[top], mode="markers", marker=ring, **QUIET)
            figure.add_annotation(
                x=spectrum.peak, y=top, text=power(top, _), showarrow=False, yshift=16
            )
    figure.add_hrect(y0=-DECADE, y1=DECADE, fillcolor=NEUTRAL, opacity=0.14, line_width=0)
    updates.hline(figure, 0, line={"color": MARK, "width": 1, "dash": "dot"})
    updates.xaxes(figure, title={"text": _("lag n − k (steps back)")})
    updates.xaxes(figure, range=[0, spectrum.length])
    title = {"text": _("‖∂h<sub>n</sub>/∂h<sub>k</sub>‖ (log)"), "standoff": 18}
    return updates.yaxes(figure, title=title, automargin=True)


def by_lag_alt(spectrum: Spectrum, _: Translate, *, hidden: bool = False) -> str:
    """The curves in words."""
    if hidden:
        return _("The gradient by lag, covered until you have bet on what it does.")
    linear = _("The linear network with the same matrix: {size} at lag {lag}.").format(
        size=factor(float(spectrum.linear[-1]), _), lag=spectrum.length
    )
    return f"{sentence(spectrum, _)} {linear}"


def saturation(spectrum: Spectrum, _: Translate) -> go.Figure:
    """The activation with this network's units on it, at the last step; shaded: saturated."""
    figure = frame(340)
    relu = spectrum.activation == "relu"
    end = float(np.clip(np.ceil(np.abs(spectrum.a).max()) + 0.5, 4.0, 21.0))
    grid = np.linspace(-end, end, 241)
    curve, points = (np.maximum(v, 0) if relu else np.tanh(v) for v in (grid, spectrum.a))
    slope = (grid > 0).astype(np.float64) if relu else 1 - np.tanh(grid) ** 2
    names = ("ReLU", _("slope")) if relu else ("tanh(a)", "1 − tanh²(a)")
    line = {"mode": "lines", "hoverinfo": "skip"}
    look = {"color": POSITIVE, "width": 2.5}
    figure.add_scatter(x=grid, y=curve, name=names[0], line=look, **line)
    dashed = {"color": NEGATIVE, "width": 2, "dash": "dash"}
    figure.add_scatter(x=grid, y=slope, name=names[1], line=dashed, **line)
    if not relu:
        edge = math.atanh(math.sqrt(1 - SATURATED))
        for x0, x1 in ((-end, -edge), (edge, end)):
            figure.add_vrect(x0=x0, x1=x1, fillcolor=GRID, line_width=0, layer="below")
    figure.add_scatter(
        x=spectrum.a,
        y=points,
        mode="markers",
        name=_("the units"),
        marker={"size": 9, "color": PURPLE, "opacity": 0.6, "line": {"width": 0}},
        hovertemplate="a = %{x:.2f}<extra></extra>",
    )
    updates.xaxes(figure, range=[-end, end], title={"text": _("pre-activation a at the last step")})
    return updates.yaxes(figure, title={"text": _("value"), "standoff": 6})


def saturation_alt(spectrum: Spectrum, _: Translate) -> str:
    """How many units are saturated, in words."""
    if spectrum.activation == "relu":
        text = _("{count} units on ReLU: the slope of {active} of them is 1, of the others 0.")
        return text.format(count=len(spectrum.a), active=int((spectrum.a > 0).sum()))
    text = _("{count} units on tanh: {percent} of them are where its slope is below a tenth.")
    return text.format(count=len(spectrum.a), percent=share(spectrum.saturated))


def eigenvalues(spectrum: Spectrum, _: Translate) -> go.Figure:
    """The eigenvalues of W_h in the complex plane with the unit circle."""
    return plane(spectrum.eigenvalues, _)


def eigenvalues_alt(spectrum: Spectrum, _: Translate) -> str:
    """Where the eigenvalues lie, in words."""
    return plane_alt(spectrum.eigenvalues, _)


def plane(eigenvalues: Float[Floats, "N 2"], _: Translate) -> go.Figure:
    """Eigenvalues (N, 2), real and imaginary parts, with the unit circle; those outside it have
    another shape."""
    figure = frame(290)
    turn = np.linspace(0, 2 * np.pi, 181)
    figure.add_scatter(
        x=np.cos(turn),
        y=np.sin(turn),
        mode="lines",
        name=_("unit circle"),
        line={"color": MARK, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    _points(figure, eigenvalues, _)
    reach = 1.12 * max(1.0, _radius(eigenvalues))
    halves = [k / 2 for k in range(-6, 7) if abs(k / 2) <= reach and (reach < 2 or k % 2 == 0)]
    ticks = {"tickvals": halves, "tickformat": "~g"}
    updates.xaxes(figure, range=[-reach, reach], title={"text": _("real part")}, **ticks)
    updates.xaxes(figure, showgrid=True, gridcolor=GRID, constrain="domain")
    updates.yaxes(figure, range=[-reach, reach], title={"text": _("imaginary part")}, **ticks)
    updates.yaxes(figure, scaleanchor="x", constrain="domain")
    return figure


def plane_alt(eigenvalues: Float[Floats, "N 2"], _: Translate) -> str:
    """The same in words."""
    modulus = np.hypot(*eigenvalues.T)
    return _(
        "{count} eigenvalues in the complex plane, {outside} of them outside the unit circle; the "
        "largest modulus is {radius}."
    ).format(
        count=len(modulus),
        outside=int((modulus > 1 + 1e-9).sum()),
        radius=decimal(_radius(eigenvalues), 2),
    )


def _radius(eigenvalues: Floats) -> float:
    return float(np.hypot(*eigenvalues.T).max())


def _curve(
    figure: go.Figure, lags: NDArray[np.int64], logs: Floats, name: str, colour: str, dash: str
) -> None:
    figure.add_scatter(
        x=lags,
        y=np.where(np.isfinite(logs), logs, np.nan),
        name=name,
        mode="lines",
        line={"color": colour, "width": 3 if dash == "solid" else 2, "dash": dash},
        hovertemplate="%{x}: 10<sup>%{y:.1f}</sup><extra>" + name + "</extra>",
    )


def _log_axis(figure: go.Figure, logs: Floats) -> None:
    """Powers of ten for the ticks of values that are logarithms already, with room for the band."""
    finite = logs[np.isfinite(logs)]
    low, high = min(-2.0, float(finite.min())), max(2.0, float(finite.max()))
    step = max(1, math.ceil((high - low) / TICKS))
    ticks = [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    room = 0.08 * (high - low)
    updates.yaxes(
        figure,
        range=[low - room, high + room],
        tickvals=ticks,
        ticktext=["1" if k == 0 else f"10<sup>{str(k).replace('-', '−')}</sup>" for k in ticks],
    )


def _points(figure: go.Figure, eigenvalues: Floats, _: Translate) -> None:
    """Eigenvalues inside and outside the circle differ in colour and in shape."""
    real, imaginary = eigenvalues.T
    outside = np.hypot(real, imaginary) > 1 + 1e-9
    kinds = (
        (~outside, _("modulus at most 1"), NEUTRAL, "circle"),
        (outside, _("above 1"), PURPLE, "diamond"),
    )
    for which, name, colour, symbol in kinds:
        if which.any():
            figure.add_scatter(
                x=real[which],
                y=imaginary[which],
                mode="markers",
                name=name,
                marker={"color": colour, "symbol": symbol, "size": 7},
                hovertemplate="%{x:.2f} + %{y:.2f}i<extra></extra>",
            )


def outcome_name(outcome: str, _: Translate) -> str:
    """What the gradient does, as it is called on the page."""
    names = {
        "vanishes": _("vanishes"),
        "stays": _("stays"),
        "hump": _("grows first, then vanishes"),
        "explodes": _("explodes"),
    }
    return names[outcome]


def factor(log: float, _: Translate) -> str:
    """The gradient against lag 0 in words: `10⁹ times smaller`."""
    if log == -math.inf:
        return _("nothing arrives")
    if abs(log) < math.log10(1.5):
        return _("about as large")
    if log < 0:
        return _("{times} times smaller").format(times=power(-log, _))
    return _("{times} times larger").format(times=power(log, _))


def sentence(spectrum: Spectrum, _: Translate) -> str:
    """What the numbers say, in one sentence."""
    lag, size = spectrum.length, factor(spectrum.end, _)
    if spectrum.outcome == "hump":
        text = _(
            "It grows first, then vanishes: {peak} times larger at lag {top}, and from there "
            "{fall} times smaller by lag {lag}."
        )
        peak = float(spectrum.network[spectrum.peak])
        fall = power(peak - spectrum.end, _) if spectrum.end > -math.inf else "∞"
        return text.format(peak=power(peak, _), top=spectrum.peak, fall=fall, lag=lag)
    texts = {
        "vanishes": _("It vanishes: at lag {lag} the gradient is {size} than at lag 0."),
        "explodes": _("It explodes: at lag {lag} the gradient is {size} than at lag 0."),
        "stays": _("It stays: at lag {lag} the gradient is {percent} of what it is at lag 0."),
    }
    if spectrum.end == -math.inf:
        return _("It vanishes: nothing at all arrives at lag {lag}.").format(lag=lag)
    percent = share(10**spectrum.end) if spectrum.outcome == "stays" else ""
    return texts[spectrum.outcome].format(lag=lag, size=size, percent=percent)


def remark(spectrum: Spectrum, _: Translate) -> str:
    """How the outcome fits with ρ, σ_max and saturation, computed from the numbers."""
    values = {
        "rho": spectrum.radius,
        "sigma": spectrum.largest_singular,
        "slope": spectrum.slope,
        "effective": spectrum.effective,
    }
    written = {name: decimal(value, 2) for name, value in values.items()}
    return _remark(spectrum, _).format(**written)


def _remark(spectrum: Spectrum, _: Translate) -> str:
    outcome, below = spectrum.outcome, spectrum.radius < 1 - 1e-9
    if spectrum.largest_singular < 1 - 1e-9:
        return _("σₘₐₓ = {sigma} is below 1, which is sufficient: it vanishes for every input.")
    if spectrum.activation == "relu":
        return _("ReLU has slope 1 where a unit is active: here {slope} on average, not saturated.")
    return {
        ("explodes", True): _(
            "Every eigenvalue has modulus {rho} or less, and yet it grows: what is multiplied is "
            "diag(1 − tanh²)·W_h, whose largest eigenvalue here has modulus {effective}."
        ),
        ("hump", True): _(
            "Every eigenvalue has modulus {rho} or less, but σₘₐₓ is {sigma}: a matrix that is not "
            "normal can stretch a vector many times over before its eigenvalues win. For that tanh "
            "has to be nearly linear: here 1 − tanh² is {slope} on average."
        ),
        ("vanishes", True): _(
            "ρ = {rho} is below 1 and it vanishes. With σₘₐₓ = {sigma} that was no certainty: for "
            "tanh ρ < 1 is not sufficient."
        ),
        ("stays", True): _(
            "ρ = {rho} is below 1, but over so few lags that does not decide anything yet."
        ),
        ("vanishes", False): _(
            "ρ = {rho} is not below 1, and yet it vanishes: saturation takes its part at every "
            "step, 1 − tanh² is {slope} on average."
        ),
        ("hump", False): _(
            "ρ = {rho} lets it grow at first; then saturation wins: 1 − tanh² is {slope} on "
            "average."
        ),
        ("explodes", False): _(
            "ρ = {rho} is above 1, and saturation is too weak to make up for it: 1 − tanh² is "
            "{slope} on average."
        ),
        ("stays", False): _(
            "ρ = {rho} and the mean 1 − tanh² = {slope} just about balance over these lags."
        ),
    }[outcome, below]
