"""A kind of sequence problem, unrolled: inputs below, states, answers above (slide 15)."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from engine.figures.drawing import INK, Drawing, shade
from engine.figures.numbers import count, decimal
from engine.figures.style import N_, Translate, plain
from engine.results import ProblemKind

HEIGHT = 330
INPUT, STATE, ANSWER = 12.0, 48.0, 86.0
TALL, WIDTH = 13.0, 0.82
TURN, BACK = "#8c5fa8", 0.5
"""Colour of the way from an answer to the next input, and where between the steps it runs."""

DECADES = 3.0
"""A state that hears a thousandth of the strongest is as pale as one that hears nothing."""

LONG = 9
"""Characters that fit into a column of a phone's screen."""

_TITLES = {
    "one_to_one": N_("1 → 1: one picture, one label"),
    "one_to_many": N_("1 → n: a picture, a sentence"),
    "many_to_one": N_("n → 1: a sentence, one verdict"),
    "many_to_many": N_("n → m: a sentence, its translation"),
    "aligned": N_("n → n: a video, a label per frame"),
    "loop": N_("in a loop: a character, the next character"),
}


def title(name: str, _: Translate) -> str:
    """What a kind of problem is called."""
    return _(_TITLES[name])


def unrolled(kind: ProblemKind, _: Translate) -> go.Figure:
    """Boxes for inputs and answers; a state is the darker, the more of the loss it hears."""
    steps, first = len(kind.reads), 0.5 if kind.image_norm is None else -0.5
    drawing = Drawing(steps + 0.5, 100, HEIGHT, left=first)
    if kind.image_norm is not None:
        _state(drawing, 0.0, kind.image_norm, kind, f"h₀ · {_('image')}")
        drawing.wire((WIDTH / 2, STATE), (1 - WIDTH / 2, STATE))
    half = TALL / 2
    for t, (read, answer) in enumerate(zip(kind.reads, kind.answers, strict=True)):
        x, last = t + 1.0, t + 1 == steps
        _boxed(drawing, x, INPUT, _(read))
        drawing.wire((x, INPUT + half), (x, STATE - half))
        _state(drawing, x, float(kind.norms[t]), kind, f"h<sub>{t + 1}</sub>")
        if not last:
            drawing.wire((x + WIDTH / 2, STATE), (x + 1 - WIDTH / 2, STATE))
        if answer:
            drawing.wire((x, STATE + half), (x, ANSWER - half))
            _boxed(drawing, x, ANSWER, _(answer))
        if answer and kind.loops and not last:
            way = [(x + BACK - 0.5 + WIDTH / 2, ANSWER), (x + BACK, ANSWER), (x + BACK, INPUT)]
            drawing.wire(*way, (x + 1 - WIDTH / 2, INPUT), colour=TURN)
    return drawing.figure()


def unrolled_alt(kind: ProblemKind, _: Translate) -> str:
    """Inputs and answers in words, and who hears the loss."""
    reads = ", ".join(_(word) for word in kind.reads)
    answers = ", ".join(_(word) for word in kind.answers if word)
    text = _("It reads {reads}; it answers {answers}. {sentence}")
    return text.format(reads=reads, answers=answers, sentence=sentence(kind, _))


def sentence(kind: ProblemKind, _: Translate) -> str:
    """Which state hears the loss least, computed."""
    if len(kind.reads) == 1:
        return _("One step: the gradient has no way back through time, so nothing can vanish.")
    if kind.ratio < 2:
        return _("Every state hears about as much of the loss as any other.")
    text = _(
        "The state of step {quiet} hears {times} times less of the loss than the state of step "
        "{loud}."
    )
    return text.format(quiet=kind.weakest + 1, loud=kind.strongest + 1, times=count(kind.ratio))


def _boxed(drawing: Drawing, x: float, y: float, word: str) -> None:
    """A word in a box; a long one on two lines."""
    middle, text = len(word) // 2, plain(word).replace(" ", "<br>")
    if len(word) > LONG and " " not in word:
        text = f"{plain(word[:middle])}-<br>{plain(word[middle:])}"
    drawing.box((x, y), WIDTH, TALL, "rgba(127, 138, 147, 0.12)")
    drawing.write([x], [y], [text], 13)


def _state(drawing: Drawing, x: float, norm: float, kind: ProblemKind, name: str) -> None:
    """A state's box: its share of the strongest state's gradient, as number and as depth."""
    share = norm / max(float(kind.norms.max()), kind.image_norm or 0.0)
    depth = max(0.0, 1 + math.log10(max(share, 1e-12)) / DECADES)
    drawing.box((x, STATE), WIDTH, TALL, shade(depth))
    digits = 2 if share >= 0.095 else 3
    drawing.write([x], [STATE], [decimal(share, digits)], 13, colour=INK)
    drawing.write([x + 0.04], [STATE + TALL / 2 + 4], [name], 12, "middle right")
