"""How strongly the loss of one written piece reaches each earlier state: back through the decoder,
then through the encoder to every piece of the source.

The same form as everywhere: norms divided by the last decoder state's, on a log axis. Attention
builds a bridge: what it looked at gets a gradient of its own, however many steps lie between
(Bahdanau et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import updates
from engine.figures.norms import (
    BARELY,
    change,
    factor,
    norm_axis,
    positive_only,
    ticks,
    times,
    trace,
)
from engine.figures.numbers import share_left
from engine.figures.style import MARK, Translate, frame, plain, word_ticks
from engine.figures.translation.comparison import Kind, line, marker, title
from engine.figures.translation.words import BLANK
from engine.results import STOP_WORD, Floats, TranslationReach


def end_of(pieces: Sequence[str], text: str) -> int:
    """Which of the written `pieces` ends the beginning `text` of a translation; STOP's place where
    that is longer than all. Spaces do not count: every model has pieces of its own."""
    due, reached = len(_bare(text)), 0
    for k, piece in enumerate(pieces):
        if piece == STOP_WORD and k == len(pieces) - 1:
            break
        reached += len(_bare(piece))
        if reached >= due:
            return k
    return len(pieces) - 1


def _bare(text: str) -> str:
    return "".join(text.replace(BLANK, "").split())


def built(reach: TranslationReach) -> Kind:
    """How the model is built."""
    return Kind(reach.cell, reach.attention, reach.reverse)


def relative(
    reach: TranslationReach, which: str
) -> tuple[Float[Floats, " n"], Float[Floats, " m"]]:
    """(n) the encoder's norms in the order of the sentence and (m) the decoder's, divided by the
    decoder's last; zeros where that is 0."""
    read, written = reach.read_h, reach.written_h
    if which == "c" and reach.read_c is not None and reach.written_c is not None:
        read, written = reach.read_c, reach.written_c
    last = float(written[-1])
    if last <= 0:
        return np.zeros_like(read), np.zeros_like(written)
    return read / last, written / last


_ASIDE = {"solid": "dash", "dot": "longdash", "dashdot": "longdashdot"}
"""Dashes of a line that is not the one to compare, by its model's."""


def lags(reach: TranslationReach) -> tuple[list[int], list[int]]:
    """How many steps before the last decoder state each encoder state was, in the order of the
    sentence, and each decoder state."""
    n, m = len(reach.source), len(reach.written)
    read = [m + (k if reach.reverse else n - 1 - k) for k in range(n)]
    return read, list(range(m))[::-1]


def sentence(reach: TranslationReach, _: Translate) -> str:
    """What reaches the piece that was read first, and which piece of the source gets most."""
    read, written = relative(reach, reach.decoder.path)
    if written[-1] == 0 or not read.any():
        return farthest(reach, _)
    return f"{farthest(reach, _)} {strongest(reach, _)}"


def farthest(reach: TranslationReach, _: Translate) -> str:
    """What reaches the piece of the source that was read first."""
    read, written = relative(reach, reach.decoder.path)
    if written[-1] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    steps = lags(reach)[0]
    first = int(np.argmax(steps))
    if not read.any():
        return _("Nothing that 64-bit numbers can hold reaches the source.")
    place = _("“{piece}”, {steps} steps back,").format(
        piece=reach.source[first], steps=steps[first]
    )
    if read[first] == 0:
        return _("At {place} nothing that 64-bit numbers can hold arrives.").format(place=place)
    return change(float(read[first]), place, _)


def strongest(reach: TranslationReach, _: Translate) -> str:
    """Which piece of the source gets the largest gradient."""
    read, written = relative(reach, reach.decoder.path)
    if written[-1] == 0:
        return _("The network is so sure here that the loss is flat: no gradient at all.")
    steps = lags(reach)[0]
    top = int(np.argmax(read))
    ratio, after = float(read[top]), steps[top] - min(steps)
    if ratio > BARELY[1]:
        share = _("{times} times that at the last decoder state").format(times=times(ratio))
    else:
        share = _("{share} of that at the last decoder state").format(share=share_left(ratio))
    text = _(
        "Within the source, the piece read last, “{piece}”, receives the largest gradient: {share}."
    )
    if after > 0:
        text = _(
            "Within the source, “{piece}” receives the largest gradient: {share}; pieces read "
            "after it: {after}."
        )
    return text.format(piece=reach.source[top], share=share, after=after)


def along_h(reach: TranslationReach, _: Translate) -> str:
    """The same along h, for the LSTM, of the piece that was read first."""
    first = int(np.argmax(lags(reach)[0]))
    return factor(float(relative(reach, "h")[0][first]), _)


def curves(reaches: Sequence[TranslationReach], _: Translate, by: str = "token") -> go.Figure:
    """Gradient norms by state, all models in one picture; `by` is "token" (each state at what it
    has read) or "lag" (in the order of computing, which the reversed reader's differs in)."""
    figure = frame(430)
    for reach in reaches:
        for which in ("c", "h") if reach.read_c is not None else ("h",):
            figure.add_scatter(**_curve(reach, which, by, _))
    norms = [part for r in reaches for which in ("h", "c") for part in relative(r, which)]
    norm_axis(figure, _("gradient norm ÷ the last decoder state's (log)"), ticks(norms))
    first = reaches[0]
    _border(figure, first, by, _)
    if by == "lag":
        every = -(-max(lags(first)[0]) // 12)
        return updates.xaxes(
            figure, title={"text": _("lag: states back from the last")}, dtick=every
        )
    title = {"text": _("what each state has read last")}
    return updates.xaxes(figure, title=title, **word_ticks([*first.source, *first.written]))


def curves_alt(reaches: Sequence[TranslationReach], _: Translate) -> str:
    """The curves in words: each model's sentence."""
    return " ".join(f"{title(built(reach), _)}: {sentence(reach, _)}" for reach in reaches)


def _curve(reach: TranslationReach, which: str, by: str, _: Translate) -> dict[str, object]:
    """One state's norms, encoder and decoder with a gap between them; thin, with other dashes and
    small markers, where it is not the one to compare."""
    read, written = relative(reach, which)
    x_read, x_written = lags(reach)
    n = len(reach.source)
    order = np.argsort(x_read)[::-1].tolist() if by == "lag" else list(range(n))
    x: list[float | None] = [float(x_read[k] if by == "lag" else k) for k in order]
    x += [None, *(float(k) for k in (x_written if by == "lag" else range(n, n + len(written))))]
    compared = which == reach.decoder.path
    drawn, mark = line(built(reach)), marker(built(reach))
    if not compared:
        drawn = {**drawn, "width": 1.5, "dash": _ASIDE[str(drawn["dash"])]}
        mark = {**mark, "size": 5}
    names = [*(reach.source[k] for k in order), "", *reach.written]
    return trace(
        f"{title(built(reach), _)} ∂e/∂{which}",
        x,
        positive_only(np.concatenate([read[order], [np.nan], written])),
        drawn,
        marker=mark,
        points=True,
        text=[plain(name) for name in names],
    )


def _border(figure: go.Figure, reach: TranslationReach, by: str, _: Translate) -> None:
    """A line between encoder and decoder, and what stands on either side."""
    sides = [_("encoder"), _("decoder")]
    at = len(reach.source) - 0.5
    if by == "lag":
        at = len(reach.written) - 0.5
        sides.reverse()
    updates.vline(figure, at, line={"color": MARK, "width": 1.5})
    for text, anchor, shift in zip(sides, ("right", "left"), (-6, 6), strict=True):
        figure.add_annotation(
            x=at,
            xanchor=anchor,
            xshift=shift,
            y=0,
            yref="paper",
            yanchor="bottom",
            text=text,
            showarrow=False,
            font={"size": 12},
        )
