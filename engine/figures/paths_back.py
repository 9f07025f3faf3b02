"""Three cells on the same noise: gradient norms by lag, along all paths and the direct one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures.gradients import positive_only
from engine.figures.spectral_words import decimal, power
from engine.figures.style import MARK, Translate, cell_style, frame
from engine.results import PathsBack

DASHES = {"c": "solid", "h": "solid", "direct": "dot"}
SLOW = 1000
"""Lags per factor of ten beyond which a curve is called flat."""


def curves(found: Sequence[PathsBack], _: Translate, shown: Sequence[str]) -> go.Figure:
    """Norms divided by lag 0's, log scale. `shown`: "all" paths, the "direct" path, or both."""
    figure = frame(390)
    for cell in found:
        for which in _which(cell, shown):
            figure.add_scatter(**_curve(cell, which, _))
    figure.add_hline(y=1, line={"color": MARK, "width": 1, "dash": "dot"})
    title = {"text": _("gradient norm ÷ lag 0's (log)"), "standoff": 16}
    logs = [np.log10(positive_only(c.norms.relative(w))) for c in found for w in _which(c, shown)]
    span = float(np.nanmax(np.concatenate(logs)) - np.nanmin(np.concatenate(logs)))
    ticks = {"dtick": max(1, round(span / 7)), "exponentformat": "power"}
    figure.update_yaxes(type="log", title=title, automargin=True, **ticks)
    return figure.update_xaxes(title={"text": _("lag n − k (steps back)")})


def curves_alt(found: Sequence[PathsBack], _: Translate) -> str:
    """Each cell's sentence."""
    return " ".join(f"{cell_style(cell.cell).title}: {sentence(cell, _)}" for cell in found)


def sentence(cell: PathsBack, _: Translate) -> str:
    """The slope of the state that is compared between cells, in words."""
    lags = cell.norms.lags_per_decade
    if not math.isfinite(lags) or lags > SLOW:
        return _("∂e/∂{state} does not fall over these lags.").format(state=cell.norms.path)
    text = _("∂e/∂{state} falls tenfold every {lags} lags.")
    return text.format(
        state=cell.norms.path, lags=power(math.log10(lags), _) if lags < 10 else round(lags)
    )


def direct_sentence(cell: PathsBack, _: Translate) -> str:
    """What is left on the direct path at the largest lag, and the mean factor on it."""
    if cell.norms.direct is None or cell.keep_factor is None:
        return _("There is no direct path: every step back goes through W_h and tanh.")
    gate = "f" if cell.cell == "lstm" else "1 − z"
    left = float(cell.norms.relative("direct")[-1])
    text = _("Direct path alone, ⊙ {gate} = {kept} on average: {left} at lag {lag}.")
    return text.format(
        gate=gate,
        kept=decimal(f"{cell.keep_factor:.3f}", _),
        left=power(math.log10(left) if left > 0 else -math.inf, _),
        lag=len(cell.norms.direct) - 1,
    )


def _which(cell: PathsBack, shown: Sequence[str]) -> list[str]:
    paths = list(cell.norms.states) if "all" in shown else []
    direct = cell.norms.direct is not None and "direct" in shown
    return paths + ["direct"] * direct


def _curve(cell: PathsBack, which: str, _: Translate) -> dict[str, object]:
    style = cell_style(cell.cell)
    said = _("direct path") if which == "direct" else f"∂e/∂{which}"
    lstm_h = which == "h" and cell.norms.path == "c"
    return {
        "x": np.arange(len(cell.norms.h)),
        "y": positive_only(cell.norms.relative(which)),
        "name": f"{style.title} {said}",
        "mode": "lines",
        "line": {
            "color": style.colour,
            "width": 3 if which == cell.norms.path else 2,
            "dash": "dash" if lstm_h else DASHES[which],
        },
        "hovertemplate": f"%{{x}}: %{{y:.2g}}<extra>{style.title} {said}</extra>",
    }
