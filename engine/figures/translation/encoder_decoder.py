"""Encoder and decoder of two translators, drawn as on slide 57: one that hands over its last state
alone, and below it one with attention, which reads the source's states again at every word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures.captions.photo import ATTENTION
from engine.figures.drawing import LINE, RING, Drawing, upright
from engine.figures.style import QUIET, Translate, plain, rgba
from engine.figures.translation.words import (
    attention_matrix_alt,
    attention_shares,
    groups,
    probability,
)
from engine.results import STOP_WORD, Floats, Sentence

FEW = 7
"""So many words lie flat on a phone; more stand upright."""

HALF = 100
"""Height of one translator; all heights below are in such parts."""

ENCODER, DECODER, SIDE = (34, 62, 9)
"""Middle of the encoder's boxes and of the decoder's, and how high a box is."""

LEAST, CLASSES = 0.08, (0.15, 0.3, 0.5, 0.75, 1.0)
"""A smaller share of attention is not drawn; up to which share lines look alike."""


@dataclass(frozen=True)
class Drawn:
    """A translator's name with its sentence, and whether it `reverse`s the source."""

    name: str
    sentence: Sentence
    reverse: bool = False

    @property
    def read(self) -> list[str]:
        """The source's words in the order in which they are read."""
        words = [group.text for group in groups(self.sentence.read)]
        return words[::-1] if self.reverse else words


def pair(found: Sequence[Drawn], _: Translate) -> go.Figure:
    """The translators one below the other."""
    sides = [
        len(words) for each in found for words in (each.read, groups(each.sentence.best.words))
    ]
    flat = max(sides) <= FEW
    height = (210 if flat else 250) * len(found)
    drawing = Drawing(max(sides) - 0.5, HALF * len(found), height, left=-0.5)
    bases = [HALF * k for k in reversed(range(len(found)))]
    shares = [attention_shares(each.sentence.read, each.sentence.best) for each in found]
    for base, each, cells in zip(bases, found, shares, strict=True):
        _draw(drawing, base, each.sentence, RING if cells is None else LINE)
    figure = drawing.figure()
    for base, each, cells in zip(bases, found, shares, strict=True):
        note = {"showarrow": False, "font": {"size": 14}}
        title = f"<b>{plain(each.name, 40)}</b>"
        corner = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "top"}
        figure.add_annotation(text=title, y=base + HALF, **corner, **note)
        _add_words(figure, base, each, flat=flat)
        if cells is not None:
            _add_attention(figure, base, cells)
            continue
        middle = {"x": (len(each.read) - 1) / 2, "y": base + (ENCODER + DECODER) / 2}
        alone = _("only the last state")
        figure.add_annotation(text=alone, yanchor="bottom", **middle, **note)
    return figure


def pair_alt(found: Sequence[Drawn], _: Translate) -> str:
    """Both translations, and what was looked at, in words."""
    text = _("{network}: “{source}” → “{translation}”. {attention}")
    return " ".join(
        text.format(
            network=each.name,
            source=each.sentence.source,
            translation=each.sentence.best.text,
            attention=attention_matrix_alt(each.sentence.read, each.sentence.best, _),
        )
        for each in found
    )


def _draw(drawing: Drawing, base: int, sentence: Sentence, colour: str) -> None:
    """A row of states that read and a row that write, with the state that goes from one to the
    other in its `colour`."""
    read, written = len(groups(sentence.read)), len(groups(sentence.best.words))
    for count, height in ((read, ENCODER), (written, DECODER)):
        for t in range(count):
            drawing.box((t, base + height), 0.5, SIDE, "rgba(127, 138, 147, 0.25)")
            if t:
                drawing.wire((t - 0.75, base + height), (t - 0.25, base + height))
    for t in range(read):
        drawing.wire((t, base + 22), (t, base + ENCODER - SIDE / 2))
    for t in range(written):
        drawing.wire((t, base + DECODER + SIDE / 2), (t, base + 74))
    middle = base + (ENCODER + DECODER) / 2
    end, start = base + ENCODER + SIDE / 2, base + DECODER - SIDE / 2
    drawing.wire((read - 1, end), (read - 1, middle), (0, middle), (0, start), colour=colour)


def _add_attention(figure: go.Figure, base: int, cells: Float[Floats, "written source"]) -> None:
    """A line from each written word to what it looked at, the thicker the more."""
    below = LEAST
    for most in CLASSES:
        xs: list[float | None] = []
        ys: list[float | None] = []
        for (t, j), share in np.ndenumerate(cells):
            if below <= share < most or share == most:
                xs += [j, t, None]
                ys += [base + ENCODER + SIDE / 2, base + DECODER - SIDE / 2, None]
        line = {"color": rgba(ATTENTION, 0.25 + 0.75 * most), "width": 1 + 4 * most}
        figure.add_scatter(x=xs, y=ys, mode="lines", line=line, **QUIET)
        below = most


def _add_words(figure: go.Figure, base: int, drawn: Drawn, *, flat: bool) -> None:
    """The source below the encoder, the translation above the decoder."""
    most, written = (12 if flat else 9), drawn.sentence.best
    for t, word in enumerate(drawn.read):
        upright(figure, (t, base + 21), plain(word, most), flat=flat, top=True)
    for t, group in enumerate(groups(written.words)):
        unsure = probability(group, written) < 0.5 and group.text != STOP_WORD
        text = plain(group.text, most)
        text = f"<i>{text}</i>" if unsure else f"<b>{text}</b>"
        upright(figure, (t, base + 74), text, flat=flat, top=False)
