"""How the gradient comes back: cells compared on the same noise, along all paths and the direct
one; and by hand, where the copies of one shared weight add up to its gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import norm_axis, plain_ticks, positive_only, power, trace
from engine.figures.numbers import decimal, signed
from engine.figures.style import MARK, NEGATIVE, POSITIVE, Translate, cell_style, frame
from engine.results import ByHand, PathsBack

DASHES = {"c": "solid", "h": "solid", "direct": "dot"}
SLOW = 1000
"""Lags per factor of ten beyond which a curve is called flat."""


def curves(found: Sequence[PathsBack], _: Translate, shown: Sequence[str]) -> go.Figure:
    """Norms divided by lag 0's, log scale. `shown`: "all" paths, the "direct" path, or both."""
    figure = frame(340)
    for cell in found:
        for which in _which(cell, shown):
            style = cell_style(cell.cell)
            path = _("direct path") if which == "direct" else f"∂e/∂{which}"
            lstm_h = which == "h" and cell.norms.path == "c"
            line = {
                "color": style.colour,
                "width": 3 if which == cell.norms.path else 2,
                "dash": "dash" if lstm_h else DASHES[which],
            }
            lags = np.arange(len(cell.norms.h))
            norms = positive_only(cell.norms.relative(which))
            figure.add_scatter(**trace(f"{style.title} {path}", lags, norms, line))
    ticks = plain_ticks([cell.norms.relative(w) for cell in found for w in _which(cell, shown)])
    norm_axis(figure, _("gradient norm ÷ lag 0's (log)"), ticks, standoff=16)
    return updates.xaxes(figure, title={"text": _("lag n − k (steps back)")})


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
    gate = "1 − z" if cell.norms.c is None else "f"
    left = float(cell.norms.relative("direct")[-1])
    text = _("Direct path alone, ⊙ {gate} = {kept} on average: {left} at lag {lag}.")
    return text.format(
        gate=gate,
        kept=decimal(cell.keep_factor, 3),
        left=power(math.log10(left) if left > 0 else -math.inf, _),
        lag=len(cell.norms.direct) - 1,
    )


def _which(cell: PathsBack, shown: Sequence[str]) -> list[str]:
    paths = list(cell.norms.states) if "all" in shown else []
    direct = cell.norms.direct is not None and "direct" in shown
    return paths + ["direct"] * direct


def entry_name(which: str, row: int, column: int) -> str:
    """One number of W_h or W_x, rows and columns counted from 1."""
    return f"W_{which}[{row + 1}, {column + 1}]"


def copies(hand: ByHand, which: str, row: int, column: int, step: int, _: Translate) -> go.Figure:
    """What every copy of one weight adds, as steps of a stair that ends at the gradient.

    The bar of time `step` is drawn full, the others paler; the dotted line is autograd's value.
    """
    parts = hand.copies[which][:, row, column]
    ends = np.cumsum(parts)
    names = [f"t = {t}" for t in range(1, hand.steps + 1)]
    figure = frame(330)
    figure.add_bar(
        x=names,
        y=parts,
        base=(ends - parts).tolist(),
        marker={
            "color": [POSITIVE if part >= 0 else NEGATIVE for part in parts],
            "opacity": [1.0 if t == step else 0.5 for t in range(1, hand.steps + 1)],
        },
        text=[_signed(part, _) for part in parts],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{text}<extra></extra>",
    )
    total = float(ends[-1])
    figure.add_bar(
        x=[_("sum")],
        y=[total],
        marker={"color": MARK},
        text=[_signed(total, _)],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    value = float(hand.autograd[which][row, column])
    line = {"color": MARK, "width": 2, "dash": "dot"}
    updates.hline(figure, value, line=line)
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": value, "yanchor": "bottom"}
    figure.add_annotation(text=_("autograd"), showarrow=False, **place)
    reached = np.concatenate([[0.0, value], ends, ends - parts])
    low, high = float(reached.min()), float(reached.max())
    room = 0.14 * (high - low) or 1.0  # for the labels outside the bars
    updates.yaxes(figure, range=[low - room, high + room])
    updates.xaxes(figure, title={"text": _("copy of the weight at step t")})
    title = {"text": f"∂e/∂{entry_name(which, row, column)}", "standoff": 16}
    updates.yaxes(figure, title=title, zeroline=True, zerolinecolor=MARK, automargin=True)
    return updates.layout(figure, showlegend=False, bargap=0.3)


def copies_alt(hand: ByHand, which: str, row: int, column: int, _: Translate) -> str:
    """The stair in words: every contribution, and the sum."""
    parts = hand.copies[which][:, row, column]
    listed = ", ".join(_signed(part, _) for part in parts)
    return _("The copies of {name} at t = 1 to {steps} add {parts}: together {total}.").format(
        name=entry_name(which, row, column),
        steps=hand.steps,
        parts=listed,
        total=_signed(parts.sum(), _),
    )


def _signed(value: float, _: Translate) -> str:
    """Three decimals with a sign, and a plain 0."""
    return signed(value, lambda part: decimal(part, 3)) if value else "0"
