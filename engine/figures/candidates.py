"""A character, word or piece that a network chose, among the likeliest in its place.

For all pages on which a network writes.
"""

from __future__ import annotations

import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.numbers import percent
from engine.figures.style import LABELLED, NEUTRAL, POSITIVE, Translate, frame, plain
from engine.results import CaptionWord, Letter, WrittenWord

SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}
"""What stands for a character that cannot be seen."""

Chosen = Letter | CaptionWord | WrittenWord
"""What was chosen: its probability, and the likeliest in its place with theirs."""


def visible(text: str) -> str:
    """`text` with a sign for every character that cannot be seen."""
    return "".join(SIGNS.get(character, character) for character in text)


def confidence(probability: float) -> float:
    """−1 … 1 for the diverging scale: teal where p is near 1, orange where it is near 0."""
    return 2 * probability - 1


def tooltip(text: str, probability: float) -> str:
    """What was chosen and its probability: `e: 43%`."""
    return f"{visible(text)}: {percent(probability)}"


def rows(chosen: Chosen) -> list[tuple[str, float]]:
    """The candidates, best first, and what was chosen behind them if it is none of them."""
    among = chosen.text in [text for text, _probability in chosen.candidates]
    return [*chosen.candidates, *([] if among else [(chosen.text, chosen.probability)])]


def bars(chosen: Chosen, _: Translate) -> go.Figure:
    """The candidates as bars, the best on top; what was chosen is in colour and has a sign."""
    pairs = rows(chosen)
    heights = list(range(len(pairs)))[::-1]
    figure = frame(28 * len(pairs) + 34)
    figure.add_bar(
        x=[probability for _text, probability in pairs],
        y=heights,
        marker={"color": [POSITIVE if text == chosen.text else NEUTRAL for text, _p in pairs]},
        text=[percent(probability) for _text, probability in pairs],
        **LABELLED,
    )
    names = [plain(visible(text)) + " ◂" * (text == chosen.text) for text, _p in pairs]
    updates.yaxes(figure, tickvals=heights, ticktext=names, showgrid=False, tickfont={"size": 16})
    updates.xaxes(figure, range=[0, 1.25 * max(p for _text, p in pairs)], visible=False)
    left = 44 if isinstance(chosen, Letter) else 104  # room for words
    return updates.layout(figure, bargap=0.25, margin={"t": 6, "b": 6, "l": left})


def bars_alt(chosen: Chosen, _: Translate) -> str:
    """The bars in words, best first."""
    if isinstance(chosen, Letter):
        text = _("The likeliest characters in this place: {list}.")
        listed = [f"{visible(name)} {percent(p)}" for name, p in rows(chosen)]
    else:
        text = _("The likeliest words in this place: {list}.")
        listed = [f"{name} {percent(p)}" for name, p in rows(chosen)]
    return text.format(list=", ".join(listed))
