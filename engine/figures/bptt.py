"""Back-propagation by hand as a picture: the copies of one shared weight add up to its gradient."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures.spectral_words import decimal
from engine.figures.style import MARK, NEGATIVE, POSITIVE, Translate, frame
from engine.results import ByHand, Floats


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
    figure.add_hline(y=value, line=line)
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": value, "yanchor": "bottom"}
    figure.add_annotation(text=_("autograd"), showarrow=False, **place)
    _room(figure, np.concatenate([ends, ends - parts, [value]]))
    figure.update_xaxes(title={"text": _("copy of the weight at step t")})
    title = {"text": f"∂e/∂{entry_name(which, row, column)}", "standoff": 16}
    figure.update_yaxes(title=title, zeroline=True, zerolinecolor=MARK, automargin=True)
    return figure.update_layout(showlegend=False, bargap=0.3)


def copies_alt(hand: ByHand, which: str, row: int, column: int, _: Translate) -> str:
    """The stair in words: every contribution, and the sum."""
    parts = hand.copies[which][:, row, column]
    said = ", ".join(_signed(part, _) for part in parts)
    return _("The copies of {name} at t = 1 to {steps} add {parts}: together {total}.").format(
        name=entry_name(which, row, column),
        steps=hand.steps,
        parts=said,
        total=_signed(parts.sum(), _),
    )


def _signed(value: float, _: Translate) -> str:
    """Three decimals with a sign, and a plain 0."""
    return decimal(f"{value:+.3f}", _) if value else "0"


def _room(figure: go.Figure, values: Floats) -> None:
    """Zero and the labels outside the bars stay inside the axis."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.14 * (high - low) or 1.0
    figure.update_yaxes(range=[low - room, high + room])
