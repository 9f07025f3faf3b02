"""A word among those that could have stood in its place."""

from __future__ import annotations

import plotly.graph_objects as go

from engine.figures import characters
from engine.figures.style import Translate, percent
from engine.results import CaptionWord, Letter, WrittenWord

Chosen = CaptionWord | WrittenWord
"""A word or piece that a network chose: its probability, and the likeliest in its place."""


def bars(word: Chosen, _: Translate) -> go.Figure:
    """The likeliest words as bars, the best on top; what was said is in colour."""
    figure = characters.candidates(_letter(word), _)
    return figure.update_layout(margin={"l": 104})


def bars_alt(word: Chosen, _: Translate) -> str:
    """The bars in words, best first."""
    pairs = characters.rows(_letter(word))
    listed = ", ".join(f"{text} {percent(share)}" for text, share in pairs)
    return _("The likeliest words in this place: {list}.").format(list=listed)


def _letter(word: Chosen) -> Letter:
    return Letter(word.text, word.probability, word.candidates)
