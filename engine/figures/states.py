"""States of several runs one below the other, step by step, on one scale of colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures.strips import canvas, strip, write
from engine.figures.style import MARK, Translate, cell_style, frame, plain
from engine.results import CellRun, Floats

PIXELS = 19
"""Height of one number."""

FEW_DECADES = 2.0

ROOMY = 7
"""Up to so many steps two digits fit a column of a phone's screen."""


def states(rows: Mapping[str, Floats], names: Sequence[str]) -> go.Figure:
    """Each row is a title and its states (T, H): a strip of H numbers per step."""
    steps = len(names)
    heights = [len(values[0]) * PIXELS + 34 for values in rows.values()]
    total = sum(heights) + 26
    drawing = canvas(steps, total, total)
    top = float(total)
    small = steps > ROOMY
    for (title, values), height in zip(rows.items(), heights, strict=True):
        write(drawing, [0.04], [top - 14], [title], 14, "middle right")
        for t, vector in enumerate(values):
            strip(
                drawing,
                (t + 0.5, top - 26 - PIXELS * len(vector) / 2),
                vector,
                width=0.92,
                unit=PIXELS,
                size=10 if small else 12,
                digits=1 if small else 2,
            )
        top -= height
    write(
        drawing,
        [t + 0.5 for t in range(steps)],
        [12] * steps,
        [plain(name, 6) for name in names],
        13,
    )
    return drawing.figure()


def states_alt(rows: Mapping[str, Floats], _: Translate) -> str:
    """The last state of each row, in words."""
    said = [
        f"{title}: ({', '.join(f'{value:.2f}' for value in values[-1])})".replace("-", "−")
        for title, values in rows.items()
    ]
    return _("States after the last step. {states}").format(states="; ".join(said))


def norms(untouched: CellRun, held: CellRun, _: Translate) -> go.Figure:
    """‖∂e/∂h_t‖ (and ‖∂e/∂c_t‖) over the steps, as they are, of a cell and of its held copy.

    Same weights, same input and the same loss, so the norms themselves can be compared.
    """
    figure = frame(330)
    steps = np.arange(untouched.steps)
    style, other = cell_style(untouched.cell), "#c4500c"
    looks = ((untouched, style.colour, _("untouched")), (held, other, _("held")))
    for state in untouched.gradients:
        for run, colour, name in looks:
            size = np.linalg.norm(run.gradients[state], axis=1)
            figure.add_scatter(
                x=steps,
                y=np.where(size > 0, size, np.nan),
                name=f"∂e/∂{state}, {name}",
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": "dash" if state == "h" else "solid"},
                marker={"symbol": style.symbol if run is untouched else "x", "size": 8},
                hovertemplate="%{y:.3g}<extra></extra>",
            )
    figure.update_yaxes(type="log", title={"text": _("gradient norm (log)")}, automargin=True)
    figure.update_yaxes(**_ticks(untouched, held))
    names = [plain(name, 6) for name in untouched.sequence.names]
    figure.update_xaxes(tickvals=steps, ticktext=names, title={"text": _("step, first to last")})
    figure.add_hline(y=1, line={"color": MARK, "width": 1, "dash": "dot"})
    return figure


def _ticks(*runs: CellRun) -> dict[str, object]:
    """1, 2, 5 within each power of ten where there are few powers, else the powers alone."""
    sizes = [np.linalg.norm(g, axis=1) for run in runs for g in run.gradients.values()]
    found = np.log10([size for size in np.concatenate(sizes) if size > 0] or [1.0])
    span = float(found.max() - found.min())
    if span < FEW_DECADES:
        return {"dtick": "D2"}
    return {"dtick": max(1, round(span / 8)), "exponentformat": "power"}


def norms_alt(untouched: CellRun, held: CellRun, _: Translate) -> str:
    """The gradient at the first step, in both."""

    def said(run: CellRun) -> str:
        return ", ".join(
            f"∂e/∂{name} {np.linalg.norm(found[0]):.2g}" for name, found in run.gradients.items()
        )

    text = _("Gradient norms at the first step. Untouched: {one}. Held: {other}.")
    return text.format(one=said(untouched), other=said(held))
