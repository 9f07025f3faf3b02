"""A captioner without attention, unrolled as on slide 12: the photo gives h₀, each state reads the
word below it, and a classifier on it says the word above it, from START to STOP."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, UInt8

from engine.figures.captions.photo import data_uri, jpeg
from engine.figures.drawing import Drawing, upright
from engine.figures.numbers import percent
from engine.figures.style import Translate, plain
from engine.results import Caption, Floats

HEIGHT = 360
UNITS = 6
"""Numbers of a state that are drawn: there is no room for all."""

FEW = 5
"""So many words lie flat on a phone; more stand upright."""

ROW, STATE, OUTPUT, INPUT, CNN = 5.5, 49.0, 73.0, 25.0, 24.5
"""Height of a number; middle of the states; where the words that are said begin and those that are
read end; middle of the CNN's box: in hundredths of the drawing."""

WIDTH = 0.62


def unrolled(
    pixels: UInt8[np.ndarray, "H W 3"],
    caption: Caption,
    states: Float[Floats, "n U"],
    *,
    flat: bool = False,
) -> go.Figure:
    """Photo, CNN and h₀ on the left, then a column for each word; `flat` words take more room."""
    flat = flat or len(caption.words) <= FEW
    most = 14 if flat else 9
    count, half = len(states), ROW * min(UNITS, states.shape[1]) / 2
    drawing = Drawing(count + 0.5, 100, HEIGHT, left=-1)
    drawing.wire((0, 16.5), (0, CNN - 4))
    drawing.box((0, CNN), 0.9, 8, "rgba(127, 138, 147, 0.15)")
    drawing.write([0], [CNN], ["CNN"], 13)
    drawing.wire((0, CNN + 4), (0, STATE - half))
    for t in range(count):
        drawing.strip((t, STATE), states[t, :UNITS], width=WIDTH, unit=ROW, digits=None)
        if t:
            drawing.wire((t - 1 + WIDTH / 2, STATE), (t - WIDTH / 2, STATE))
            drawing.wire((t, INPUT + 1), (t, STATE - half))
            drawing.wire((t, STATE + half), (t, OUTPUT - 2))
    names = [f"h<sub>{t}</sub>" for t in range(count)]
    places = [t - 0.1 for t in range(count)]
    drawing.write(places, [STATE + half + 3] * count, names, 13, "middle left")
    figure = drawing.figure()
    figure.add_layout_image(
        source=data_uri(jpeg(pixels, side=240)),
        x=0,
        y=8,
        xref="x",
        yref="y",
        sizex=1.5,
        sizey=16,
        xanchor="center",
        yanchor="middle",
        sizing="contain",
    )
    read = ["START", *(word.text for word in caption.words[:-1])]
    for t, (before, word) in enumerate(zip(read, caption.words, strict=True), 1):
        upright(figure, (t, INPUT), plain(before, most), flat=flat, top=True)
        between = "<br>" if flat else " "
        said = f"<b>{plain(word.text, most)}</b>{between}{percent(word.probability)}"
        upright(figure, (t, OUTPUT), said, flat=flat, top=False)
    return figure


def unrolled_alt(caption: Caption, _: Translate) -> str:
    """The drawing in words."""
    said = ", ".join(f"{word.text} {percent(word.probability)}" for word in caption.words)
    text = _("The photo goes through a CNN into h₀; from START on each state says a word: {list}.")
    return text.format(list=said)


def legend(states: Float[Floats, "n U"], _: Translate) -> str:
    """What the columns and their colours mean."""
    text = _(
        "Below each state the word that it reads, above it the word that it says, with its "
        "probability; the word said is read next. A column holds the first {shown} of the state's "
        "{all} numbers: teal above zero, orange below. The photo enters through h₀ alone."
    )
    return text.format(shown=min(UNITS, states.shape[1]), all=states.shape[1])
