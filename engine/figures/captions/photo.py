"""A photo with what a network looked at, in a figure and in words; the photo's likeliest classes.

What is laid over a photo is a grid of 7 × 7 cells, drawn as such: smoothing would invent precision.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, UInt8
from PIL import Image, ImageOps

from engine.figures import updates
from engine.figures.numbers import number, percent
from engine.figures.style import (
    LABELLED,
    N_,
    NEUTRAL,
    POSITIVE,
    QUIET,
    Translate,
    frame,
    plain,
    rgba,
)
from engine.results import STOP_WORD, Caption, CaptionWord, Floats, Occlusion

HEAVIEST = 100_000
"""Bytes of a photo in a figure, before they become text."""

ATTENTION, SALIENCY = "#e3007d", "#ffb000"
"""Magenta and amber: rare in photos, and told apart by colour-blind people."""

LEAST = 0.15
"""A share of attention that is never drawn at full strength: an even look stays pale."""

STRONGEST = 0.72
"""Opacity of the strongest cell: the photo shines through."""

FUNCTION_WORDS = frozenset(
    (
        *("a", "an", "the", "in", "on", "of", "with", "and", "is", "are"),
        *("to", "at", "by", "through", "over", "while", "his", "her", "its", "their"),
    )
)
"""Words that name nothing that a photo shows."""

_THIRDS = (slice(0, 2), slice(2, 5), slice(5, 7))
PLACES = (
    N_("upper left"),
    N_("top"),
    N_("upper right"),
    N_("left side"),
    N_("middle"),
    N_("right side"),
    N_("lower left"),
    N_("bottom"),
    N_("lower right"),
)
"""Where something is in a photo, row by row."""


AGREE, AGREE_IN_PART = 0.5, 0.2
"""Correlations from which on attention and occlusion are said to agree."""


def default_word(
    caption: Caption, nouns: Collection[str] = (), occlusion: Occlusion | None = None
) -> int:
    """The word that is looked at before any was tapped: the first noun whose attention agrees with
    its occlusion, else the noun for which they agree best. Without an occlusion, of the words that
    name something the one with the most peaked attention, without attention the first."""
    if occlusion is not None:
        agreements = {
            k: occlusion.agreement(k, word.attention)
            for k, word in enumerate(caption.words)
            if word.text in nouns and word.attention is not None
        }
        if agreements:
            best = max(agreements, key=lambda k: agreements[k])
            return next((k for k, r in agreements.items() if r >= AGREE), best)
    unnamed = {STOP_WORD, *FUNCTION_WORDS}
    named = [k for k, word in enumerate(caption.words) if word.text not in unnamed]
    attention = [caption.words[k].attention for k in named]
    peaks = [0.0 if cells is None else float(cells.max()) for cells in attention]
    return named[int(np.argmax(peaks))] if named else 0


def tooltip(word: CaptionWord) -> str:
    """The word and its probability: `dog: 43%`."""
    return f"{word.text}: {percent(word.probability)}"


def confidence(word: CaptionWord) -> float:
    """−1 … 1 for the diverging scale: teal where p is near 1, orange where it is near 0."""
    return 2 * word.probability - 1


def jpeg(pixels: UInt8[np.ndarray, "H W 3"], side: int = 640, heaviest: int = HEAVIEST) -> bytes:
    """A photo (H, W, 3) as JPEG of at most `heaviest` bytes, its longest side at most `side`."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((side, side))
    while True:
        for quality in (85, 70, 50, 30):
            out = BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= heaviest:
                return out.getvalue()
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))


def data_uri(encoded: bytes) -> str:
    """A JPEG as text that a figure or a table can hold."""
    return f"data:image/jpeg;base64,{base64.b64encode(encoded).decode('ascii')}"


def square(pixels: UInt8[np.ndarray, "H W 3"], side: int = 480) -> UInt8[np.ndarray, "S S 3"]:
    """The middle of a photo as a square, at most `side` pixels wide."""
    fitted = ImageOps.fit(Image.fromarray(pixels), (side, side))
    return np.asarray(fitted)


def overlay(
    pixels: UInt8[np.ndarray, "H W 3"],
    cells: Float[Floats, "R C"] | None,
    colour: str = ATTENTION,
    *,
    height: int = 400,
    least: float = LEAST,
    title: str = "",
) -> go.Figure:
    """A photo (H, W, 3), and over it cells (7, 7) whose opacity is their share; the strongest has
    its share written in. No cell is drawn at full strength with a share below `least`. A `title`
    stands above the photo."""
    figure = frame(height)
    updates.layout(figure, margin={"l": 4, "r": 4, "b": 4, "t": 32 if title else 4})
    if title:
        above = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 1, "yanchor": "bottom"}
        font = {"size": 16}
        figure.add_annotation(text=plain(title, 90), showarrow=False, font=font, **above)
    tall, wide = pixels.shape[:2]
    figure.add_layout_image(
        source=data_uri(jpeg(pixels, side=max(320, round(1.6 * height)))),
        x=0,
        y=0,
        sizex=wide,
        sizey=tall,
        xref="x",
        yref="y",
        layer="below",
        sizing="stretch",
    )
    updates.xaxes(figure, range=[0, wide], visible=False, constrain="domain")
    updates.yaxes(
        figure, range=[tall, 0], visible=False, scaleanchor="x", scaleratio=1, constrain="domain"
    )
    if cells is None:
        figure.add_scatter(x=[0], y=[0], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
        return figure
    figure.add_heatmap(**_overlay(cells, wide, tall, colour, least))
    return figure.add_annotation(**_badge(cells, wide, tall))


def _overlay(cells: Floats, wide: int, tall: int, colour: str, least: float) -> dict[str, object]:
    """One trace for all cells, from clear to `colour`."""
    rows, columns = cells.shape
    return {
        "z": cells.round(4).tolist(),
        "x0": wide / columns / 2,
        "dx": wide / columns,
        "y0": tall / rows / 2,
        "dy": tall / rows,
        "zmin": 0,
        "zmax": max(least, float(cells.max())),
        "colorscale": [[0, rgba(colour, 0.0)], [1, rgba(colour, STRONGEST)]],
        "showscale": False,
        "hovertemplate": "%{z:.1%}<extra></extra>",
        "xgap": 1,
        "ygap": 1,
    }


def _badge(cells: Floats, wide: int, tall: int) -> dict[str, object]:
    """The share of the strongest cell, in the middle of it."""
    row, column = np.unravel_index(int(cells.argmax()), cells.shape)
    return {
        "x": (column + 0.5) * wide / cells.shape[1],
        "y": (row + 0.5) * tall / cells.shape[0],
        "text": plain(percent(float(cells.max()))),
        "showarrow": False,
        "font": {"size": 13, "color": "#ffffff"},
        "bgcolor": "rgba(20, 24, 30, 0.8)",
        "borderpad": 3,
    }


def regions(cells: Float[Floats, "7 7"]) -> tuple[float, ...]:
    """How much of all lies in each of `PLACES`."""
    return tuple(float(cells[r, c].sum() / cells.sum()) for r in _THIRDS for c in _THIRDS)


def strongest_region(cells: Float[Floats, "7 7"], _: Translate) -> str:
    """Where most of the cells' weight lies, in one sentence."""
    shares = regions(cells)
    top = int(np.argmax(shares))
    even = regions(np.ones_like(cells))[top]  # the places are not of one size
    text = _("{place}, {share} (spread evenly, {even} would lie there)")
    return text.format(place=_(PLACES[top]), share=percent(shares[top]), even=percent(even))


def lost_probability(occlusion: Occlusion, at: int) -> Float[Floats, "7 7"]:
    """What covering each cell takes from word `at`'s probability, as cells to lay over the photo;
    0 where it rises."""
    return np.maximum(occlusion.lost(at), 0.0)


def occlusion_sentence(caption: Caption, occlusion: Occlusion, at: int, _: Translate) -> str:
    """Whether both maps of a word agree, and what covering its strongest cell does."""
    word, lost = caption.words[at], occlusion.lost(at)
    assert word.attention is not None
    r = occlusion.agreement(at, word.attention)
    if r >= AGREE:
        text = _("For “{word}” attention and occlusion agree (r = {r}).")
    elif r >= AGREE_IN_PART:
        text = _("For “{word}” attention and occlusion agree in part (r = {r}).")
    else:
        text = _(
            "For “{word}” attention and occlusion do not agree (r = {r}): do not read this "
            "attention as the reason for the word."
        )
    verdict = text.format(word=word.text, r=number(r))
    row, column = np.unravel_index(int(lost.argmax()), lost.shape)
    place = PLACES[3 * _third(int(row)) + _third(int(column))]
    if lost.max() <= 0:
        return verdict + " " + _("Covering any one cell does not make the word less probable.")
    text = _("Covering one cell ({place}) takes P({word}) from {before} to {after}.")
    return f"{verdict} " + text.format(
        place=_(place),
        word=word.text,
        before=percent(float(occlusion.before[at])),
        after=percent(float(occlusion.covered[row, column, at])),
    )


def _third(cell: int) -> int:
    """Which of `_THIRDS` a row or column of cells lies in."""
    return next(k for k, part in enumerate(_THIRDS) if part.start <= cell < part.stop)


def overlay_alt(cells: Float[Floats, "7 7"] | None, what: str, _: Translate) -> str:
    """The photo with its cells in words: the places by weight. `what` names what is drawn."""
    if cells is None:
        return _("The photo.")
    shares = regions(cells)
    order = sorted(range(len(PLACES)), key=lambda k: -shares[k])[:4]
    listed = ", ".join(f"{_(PLACES[k])} {percent(shares[k])}" for k in order)
    text = _("The photo in 7 × 7 cells. {what}, strongest parts first: {list}.")
    return text.format(what=what, list=listed)


Classes = Sequence[tuple[str, float]]
"""Names with probabilities, the likeliest first."""

ALL = 1000
"""Classes among which the encoder chooses."""


def classes(found: Classes, _: Translate) -> go.Figure:
    """Bars, the likeliest on top and in colour; names stand above them, since some are long."""
    heights = list(range(len(found)))[::-1]
    figure = frame(52 * len(found) + 60)
    figure.add_bar(
        x=[share for _name, share in found],
        y=heights,
        width=0.42,
        marker={"color": [POSITIVE, *[NEUTRAL] * (len(found) - 1)]},
        text=[percent(share) for _name, share in found],
        **LABELLED,
    )
    figure.add_scatter(
        x=[0] * len(found),
        y=[height + 0.25 for height in heights],
        mode="text",
        text=[plain(name, 40) for name, _share in found],
        textposition="top right",
        cliponaxis=False,
        **QUIET,
    )
    updates.yaxes(figure, visible=False, range=[-0.4, len(found) - 0.2])
    updates.xaxes(
        figure,
        range=[0, 1.12],
        tickvals=[0, 0.5, 1],
        tickformat=".0%",
        title={"text": _("probability")},
    )
    return updates.layout(figure, margin={"l": 12, "t": 6, "b": 48})


def classes_alt(found: Classes, _: Translate) -> str:
    """The bars in words, best first."""
    listed = ", ".join(f"{name} {percent(share)}" for name, share in found)
    return _("The likeliest of 1,000 classes: {list}.").format(list=listed)


def classes_sentence(found: Classes, _: Translate) -> str:
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
