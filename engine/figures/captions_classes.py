"""One photo in, one label out: the encoder's likeliest classes as bars (slide 15, 1 → 1)."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.figures.style import NEUTRAL, POSITIVE, Translate, frame, percent, plain

Classes = Sequence[tuple[str, float]]
"""Names with probabilities, the likeliest first."""

ALL = 1000
"""Classes among which the encoder chooses."""


def classes(found: Classes, _: Translate) -> go.Figure:
    """Bars, the likeliest on top and in colour; names stand above them, since some are long."""
    heights = list(range(len(found)))[::-1]
    figure = frame(52 * len(found) + 60)
    figure.add_bar(
        orientation="h",
        x=[share for _name, share in found],
        y=heights,
        width=0.42,
        marker={"color": [POSITIVE, *[NEUTRAL] * (len(found) - 1)]},
        text=[percent(share) for _name, share in found],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[0] * len(found),
        y=[height + 0.25 for height in heights],
        mode="text",
        text=[plain(name, 40) for name, _share in found],
        textposition="top right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_yaxes(visible=False, range=[-0.4, len(found) - 0.2])
    figure.update_xaxes(
        range=[0, 1.12], tickvals=[0, 0.5, 1], tickformat=".0%", title={"text": _("probability")}
    )
    return figure.update_layout(margin={"l": 12, "t": 6, "b": 48})


def classes_alt(found: Classes, _: Translate) -> str:
    """The bars in words, best first."""
    listed = ", ".join(f"{name} {percent(share)}" for name, share in found)
    return _("The likeliest of 1,000 classes: {list}.").format(list=listed)


def sentence(found: Classes, _: Translate) -> str:
    """The first guess, and how much of the probability the figure shows."""
    name, share = found[0]
    return _(
        "Its first guess is “{name}” with {share}; these {count} hold {shown} of the probability, "
        "the other {rest} classes what is left."
    ).format(
        name=name,
        share=percent(share),
        count=len(found),
        shown=percent(sum(p for _name, p in found)),
        rest=ALL - len(found),
    )
