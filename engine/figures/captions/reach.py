"""How strongly the loss of one word reaches each earlier state, back to h_0, in several captioners.

The same form as everywhere: norms divided by the last state's, on a log axis. h_0 is the photo's
own state (slide 12); a model with attention reads the photo again at every step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.norms import change, factor, norm_axis, positive_only, ticks, trace
from engine.figures.style import Translate, cell_style, frame, plain, word_ticks
from engine.results import CaptionReach


def title(reach: CaptionReach, _: Translate) -> str:
    """RNN, LSTM or GRU, and whether it has attention."""
    name = cell_style(reach.cell).title
    return _("{cell} with attention").format(cell=name) if reach.attention else name


def sentence(reach: CaptionReach, _: Translate) -> str:
    """What the numbers say of h_0, along the state that is compared between cells."""
    values = reach.by_lag.relative()
    if values[0] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    ratio = float(values[-1])
    if ratio == 0:
        return _("Here nothing that 64-bit numbers can hold reaches the photo's h₀.")
    state = "c₀" if reach.by_lag.path == "c" else "h₀"
    return change(ratio, _("the photo's {state}").format(state=state), _)


def along_h(reach: CaptionReach, _: Translate) -> str:
    """The same along h, for the LSTM, in two words."""
    return factor(float(reach.by_lag.relative("h")[-1]), _)


def curves(reaches: Sequence[CaptionReach], _: Translate, by: str = "token") -> go.Figure:
    """Gradient norms by state, all models in one picture; `by` is "token" or "lag"."""
    figure = frame(360)
    for reach in reaches:
        for which in reach.by_lag.states:
            # Dashed where it is not the one to compare, dotted with attention.
            style, compared = cell_style(reach.cell), which == reach.by_lag.path
            values = reach.by_lag.relative(which)[::-1]
            steps = np.arange(len(values))
            dash = "dash" if not compared else "dot" if reach.attention else "solid"
            line = trace(
                f"{title(reach, _)} ∂e/∂{which}",
                steps if by == "token" else steps[::-1],
                positive_only(values),
                {"color": style.colour, "width": 2.5 if compared else 2, "dash": dash},
                marker={"symbol": style.symbol + "-open" * reach.attention, "size": 8},
                points=compared,
                text=[plain(word) for word in labels(reach)],
            )
            figure.add_scatter(**line)
    norms = [r.by_lag.relative(which) for r in reaches for which in r.by_lag.states]
    norm_axis(figure, _("gradient norm ÷ the last state's (log)"), ticks(norms))
    if by == "lag":
        return updates.xaxes(figure, title={"text": _("lag: states back from the last")}, dtick=1)
    below = {"text": _("what each state has read last")}
    return updates.xaxes(figure, title=below, **word_ticks(labels(reaches[0])))


def curves_alt(reaches: Sequence[CaptionReach], _: Translate) -> str:
    """The curves in words: each model's sentence."""
    return " ".join(f"{title(reach, _)}: {sentence(reach, _)}" for reach in reaches)


def labels(reach: CaptionReach) -> list[str]:
    """What each state has read last: the photo, START, the words."""
    return ["h₀", *reach.words]
