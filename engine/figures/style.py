"""What all figures share: colours that colour-blind people tell apart, a frame, number words."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import numbers, updates
from engine.results import Floats

Translate = Callable[[str], str]


def N_(text: str) -> str:
    """Marks a text that is translated later, where the reader's language is known."""
    return text


POSITIVE, NEGATIVE, NEUTRAL = "#2a8f88", "#d0702a", "#7f8a93"
"""Teal and orange differ for every common colour blindness; mid tones, for both themes."""

LABEL_COLOURS = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}
GRID = "rgba(127, 138, 147, 0.25)"
MARK = "rgba(127, 138, 147, 0.9)"

LEFT, RIGHT = 68, 36
"""Margins in pixels: fixed, so that what stands above a figure can be aligned with its points; the
button that saves the figure, which is always there on a phone, fits into the right one."""


@dataclass(frozen=True)
class CellStyle:
    """How one kind of cell is drawn everywhere: colour *and* marker (after Paul Tol's palette)."""

    title: str
    colour: str
    symbol: str


PURPLE, BLUE, OCHRE = "#b8478a", "#3d74b8", "#a68a00"
CELL_STYLES = {
    "rnn": CellStyle("RNN", PURPLE, "circle"),
    "lstm": CellStyle("LSTM", BLUE, "square"),
    "gru": CellStyle("GRU", OCHRE, "diamond"),
}
DEFAULT_CELL = "lstm"
"""Whose colour stands where there is one network; which cell is compared in several builds."""


def cell_style(cell: str) -> CellStyle:
    """The style of a kind of cell; one that has none here goes by its own name, in grey."""
    return CELL_STYLES.get(cell) or CellStyle(cell.upper(), NEUTRAL, "triangle-up")


def frame(height: int) -> go.Figure:
    """An empty figure that scrolls with the page on phones and lets either theme shine through."""
    small, shared = {"size": 13}, {"zeroline": False, "fixedrange": True}
    axis = {"tickfont": small, "title": {"font": small}, **shared}
    layout = {  # in one piece: updates of a figure that is there take three times as long
        "height": height,
        "dragmode": False,
        "margin": {"l": LEFT, "r": RIGHT, "t": 30, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 14},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "hoverlabel": {"align": "left"},
        "separators": numbers.decimal(0.5, 1)[1] + numbers.decimal(1e3, 0)[1],
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": MARK, "activecolor": MARK},
        "xaxis": {"showgrid": False, **axis},
        "yaxis": {"gridcolor": GRID, **axis},
    }
    return go.Figure(layout=layout)


def enlarged(figure: go.Figure, height: int, least: float, times: float) -> go.Figure:
    """A copy that is `height` pixels high, in type of at least `least` pixels; type, lines, marks
    and margins grow by `times`, at most threefold."""
    times = min(max(times, 1.0), 3.0)

    def sized(value: Any, least: float = 0.0) -> Any:
        if isinstance(value, int | float):
            return max(value * times, least)
        return [sized(each, least) for each in value] if isinstance(value, list | tuple) else value

    def grown(part: Any, key: str = "") -> Any:
        if isinstance(part, dict):
            font = key.endswith("font")
            return {
                name: sized(value, least)
                if font and name == "size"
                else sized(value)
                if name in GROWING.get(key, ())
                else grown(value, name)
                for name, value in part.items()
            }
        if isinstance(part, list):
            return [grown(each, key.removesuffix("s")) for each in part]
        return part

    copy = go.Figure(grown(figure.to_dict()))
    type_size = {"size": max(14 * times, least)}
    return copy.update_layout(height=height, font=type_size, legend={"font": type_size})


GROWING = {
    "line": ("width",),
    "marker": ("size", "standoff"),
    "margin": ("l", "r", "t", "b"),
    "annotation": ("xshift", "yshift", "standoff", "arrowwidth"),
}
"""What of a figure is measured in pixels, besides its type."""


def config(filename: str, form: str = "svg") -> dict[str, Any]:
    """Plotly's settings for `st.plotly_chart`: one button, which saves the figure as `form`, "svg"
    or "png" (with twice the screen's pixels)."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": form, "filename": filename, "scale": 2},
        "scrollZoom": False,
    }


def plain(text: str, limit: int = 24) -> str:
    """User's text for a figure: shortened, and free of the pseudo-HTML that Plotly would obey."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return html.escape(short, quote=False)


WORD_TICKS = 36
"""More words than this below one axis cannot be read."""


def word_ticks(
    words: Sequence[str], positions: Float[Floats, " T"] | None = None, most: int = WORD_TICKS
) -> dict[str, Any]:
    """The ticks of a horizontal axis with a word at each of the `positions` (0, 1, 2 … without
    them). Of more than `most` words every second, third … is written."""
    every = -(-len(words) // most)
    values = np.arange(len(words)) if positions is None else positions
    return {
        "tickvals": values[::every].tolist(),
        "ticktext": [plain(word, 14) for word in words[::every]],
        "automargin": "height",
        "autotickangles": [0, -90],
    }


QUIET = {"hoverinfo": "skip", "showlegend": False}
"""A trace that says nothing when pointed at."""

LABELLED = {"orientation": "h", "textposition": "outside", "cliponaxis": False, **QUIET}
"""Lying bars, each with its `text` behind its end."""


def level(
    figure: go.Figure,
    y: float,
    name: str,
    *,
    log: bool = False,
    left: bool = False,
    down: int = 0,
) -> None:
    """A dotted line across, named above its right end, or below its `left` one, `down` pixels
    lower; `log` says that the axis is one of logarithms."""
    updates.hline(figure, y, line={"color": MARK, "width": 1.5, "dash": "dot"})
    place = {"x": 0, "xanchor": "left", "yanchor": "top"}
    if not left:
        place = {"x": 1, "xanchor": "right", "yanchor": "bottom"}
    place |= {"xref": "paper", "y": float(np.log10(y)) if log else y, "yshift": -down}
    figure.add_annotation(text=name, showarrow=False, font={"size": 13}, opacity=0.85, **place)


def rgba(colour: str, opacity: float) -> str:
    """#e3007d as `rgba(227, 0, 125, 0.5)`."""
    parts = (str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))
    return f"rgba({', '.join(parts)}, {opacity:g})"


def cells(text: str) -> int:
    """Width of `text` in characters of a terminal: wide ones count 2, combining marks 0."""
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) - marks + wide


def label_name(label: str, _: Translate) -> str:
    """A class's name in the page's language; a class unknown here keeps its own."""
    names = {"negative": _("negative"), "neutral": _("neutral"), "positive": _("positive")}
    return names.get(label, label)
