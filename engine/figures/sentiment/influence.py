"""Figures of what each word does to the verdict.

Influence is occlusion on the logit margin: the text is read again without the word.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.numbers import number, signed
from engine.figures.style import LABELLED, MARK, NEGATIVE, POSITIVE, Translate, frame, plain
from engine.results import Influence

STRONGEST = 12
"""Bars that one figure holds; the coloured text above it shows all words."""

NEGLIGIBLE = 0.05
"""Logits: a shift that rounds to 0.0 is not called an influence."""


def strongest(found: Influence, most: int = STRONGEST) -> list[int]:
    """Indices of the words that move the margin furthest, the strongest first."""
    order = np.argsort(-np.abs(found.shifts), kind="stable")  # what was not measured comes last
    return [int(k) for k in order[: min(most, found.measured)]]


def relative_shifts(found: Influence) -> list[float]:
    """Per word −1 … 1: its shift by the largest one's size; NaN where it was not measured."""
    largest = float(np.nanmax(np.abs(found.shifts), initial=0.0))
    return [float(shift) / largest if largest else 0.0 for shift in found.shifts]


def bars(found: Influence, _: Translate, selected: int | None = None) -> go.Figure:
    """The strongest words, the strongest on top, to the right what speaks for positive.

    `selected` is framed.
    """
    order = strongest(found)
    shifts = [float(found.shifts[k]) for k in order]
    rows = list(range(len(order)))[::-1]
    figure = frame(26 * len(order) + 100)
    figure.add_bar(
        x=shifts,
        y=rows,
        marker={
            "color": [POSITIVE if shift >= 0 else NEGATIVE for shift in shifts],
            "line": {"color": MARK, "width": [3 if k == selected else 0 for k in order]},
        },
        text=[signed(shift) for shift in shifts],
        **LABELLED,
    )
    words = [plain(found.words[k].text.strip(), 16) for k in order]
    updates.yaxes(figure, tickvals=rows, ticktext=words, showgrid=False, automargin=True)
    low, high = min([0.0, *shifts]), max([0.0, *shifts])
    room = max(high - low, NEGLIGIBLE) * 0.2  # for the number at a bar's end
    reach = [low - room * (low < 0), high + room]
    updates.xaxes(figure, range=reach, zeroline=True, zerolinecolor=MARK)
    updates.xaxes(figure, title={"text": _("margin with the word − without it (logits)")})
    updates.layout(figure, bargap=0.3)
    return figure


def bars_alt(found: Influence, _: Translate) -> str:
    """The bars in words, the strongest first."""
    listed = ", ".join(
        f"“{found.words[k].text.strip()}” {signed(float(found.shifts[k]))}"
        for k in strongest(found)
    )
    return _("Margin with the word minus without it, in logits: {list}.").format(list=listed)


def sentence(found: Influence, _: Translate) -> str:
    """What the strongest word does, from its number."""
    leader = strongest(found, 1)[0]
    shift = float(found.shifts[leader])
    if abs(shift) < NEGLIGIBLE:
        return _("No single word moves the margin by as much as {least}.").format(
            least=number(NEGLIGIBLE)
        )
    if shift > 0:
        text = _(
            "Without “{word}” the margin would fall by {shift}: removing it lowers the margin most."
        )
    else:
        text = _(
            "Without “{word}” the margin would rise by {shift}: removing it raises the margin most."
        )
    return text.format(word=found.words[leader].text.strip(), shift=number(abs(shift)))


def turning(found: Influence) -> list[int]:
    """The words without which the margin has the other sign, the strongest first."""
    without = found.margin - found.shifts
    order = strongest(found, len(found.words))
    return [k for k in order if (without[k] > 0) != (found.margin > 0)]
