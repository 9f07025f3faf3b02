"""How far the label of one step reaches back, and forward, through its sequence (slide 49).

A network of one direction has norms on one side only. Each side is divided by its own value at the
step itself, as everywhere: slopes are compared, not heights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import norm_axis, positive_only, ticks, trace
from engine.figures.numbers import grouped
from engine.figures.style import Translate, cell_style, frame, plain
from engine.results import FrameGradients, LetterGradients, NormsByLag

Gradients = FrameGradients | LetterGradients

SHOWN = 60
"""Steps to either side that are drawn."""


def sides(found: Gradients) -> tuple[NormsByLag, NormsByLag | None]:
    """Norms by the number of steps back, and forward where a second direction reads from the
    end."""
    t = found.step
    back = NormsByLag.by_time(found.h[0, : t + 1], None if found.c is None else found.c[0, : t + 1])
    if len(found.h) < 2:
        return back, None
    return back, NormsByLag(found.h[1, t:], None if found.c is None else found.c[1, t:])


def title(found: Gradients, _: Translate) -> str:
    """The cell, and that it reads both ways where it does."""
    name = cell_style(found.cell).title
    return _("{cell}, both ways").format(cell=name) if len(found.h) > 1 else name


def sentence(found: Gradients, _: Translate, units: tuple[str, str]) -> str:
    """How many steps away the gradient is still above a thousandth, to each side. `units` are the
    word for one step and for several, in the reader's language."""
    back, forward = sides(found)

    def reach(side: NormsByLag, end: str) -> str:
        steps = side.reach
        counted = f"{grouped(steps)} {units[steps != 1]}"
        return f"{counted} ({end})" if 0 < steps == len(side.h) - 1 else counted

    earlier = reach(back, _("to the beginning"))
    if forward is None:
        text = _("The gradient stays above 1/1000 for {back} back; forward there is none.")
        return text.format(back=earlier)
    text = _("The gradient stays above 1/1000 for {back} back and {forward} forward.")
    return text.format(back=earlier, forward=reach(forward, _("to the end")))


def headline(found: Gradients, _: Translate, units: tuple[str, str]) -> str:
    """The same in few words: as far as the gradient stays above a thousandth."""
    back, forward = sides(found)
    counted = f"{grouped(back.reach)} {units[back.reach != 1]}"
    if forward is None:
        return _("The gradient reaches {back} back").format(back=counted)
    text = _("The gradient reaches {back} back, {forward} forward")
    return text.format(back=counted, forward=grouped(forward.reach))


def curves(
    found: Sequence[Gradients], _: Translate, unit: str, words: Sequence[str] | None = None
) -> go.Figure:
    """Norms by the distance from the labelled step: earlier ones left, later ones right. `unit`
    names the steps; `words` are what the steps of the first network read."""
    figure, drawn = frame(360), []
    for each in found:
        style = cell_style(each.cell)
        for sign, side in zip((-1, 1), sides(each), strict=True):
            if side is None:
                continue
            values = side.relative()[: SHOWN + 1]
            lags = sign * np.arange(len(values))
            name = f"{title(each, _)} ∂e/∂{side.path}"
            line = {
                "color": style.colour,
                "width": 2.5,
                "dash": "dash" if len(each.h) > 1 else "solid",
            }
            figure.add_scatter(
                **trace(
                    name,
                    lags,
                    positive_only(values),
                    line,
                    marker={"symbol": style.symbol, "size": 7},
                    points=len(values) <= 24,
                    showlegend=sign < 0,
                    legendgroup=name,
                )
            )
            drawn.append(values)
    norm_axis(figure, _("gradient norm ÷ its value at the label (log)"), ticks(drawn))
    updates.vline(figure, 0, line={"width": 1, "dash": "dot"})
    text = _("{unit} before (−) and after (+) the label").format(unit=unit)
    updates.xaxes(figure, title={"text": text})
    if words is not None:
        updates.xaxes(figure, **_words(words, found[0].step))
    return updates.layout(figure, margin={"t": 54})


def curves_alt(found: Sequence[Gradients], _: Translate, units: tuple[str, str]) -> str:
    """The curves in words: each network's sentence."""
    return " ".join(f"{title(each, _)}: {sentence(each, _, units)}" for each in found)


def _words(words: Sequence[str], step: int, most: int = 24) -> dict[str, object]:
    """The words themselves as ticks, as many as can be read."""
    near = range(max(0, step - SHOWN), min(len(words), step + SHOWN + 1))
    every = -(-len(near) // most)
    shown = [k for k in near if (k - step) % every == 0]
    texts = [f"<b>{plain(words[k], 12)}</b>" if k == step else plain(words[k], 12) for k in shown]
    return {
        "tickvals": [k - step for k in shown],
        "ticktext": texts,
        "tickangle": -60,
        "automargin": "height",
    }
