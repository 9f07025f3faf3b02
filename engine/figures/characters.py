"""What a character model wrote: how sure it was, what each earlier character did, how it learnt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Complex, Float

from engine.figures import updates
from engine.figures.candidates import SIGNS, visible
from engine.figures.drawing import INK, Drawing, shade
from engine.figures.numbers import decimal, grouped, number, percent, signed
from engine.figures.style import (
    DEFAULT_CELL,
    MARK,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    QUIET,
    Translate,
    cell_style,
    frame,
    plain,
    rgba,
)
from engine.results import Floats, LearningCurve, Letter, PredictionStep

Eigenvalues = Complex[np.ndarray, " N"]

LETTERS = 40
"""More characters than these cannot each be named below an axis on a phone: then words are."""

CLOSEST = 0.05
"""Share of the axis that lies between two words that are named: upright on a phone, they fit."""

NOTICEABLE = 0.05
"""Nats: a character that moves log p by less is not counted as looked at."""


def ticks(text: str, limit: int = LETTERS) -> dict[str, object]:
    """An axis below the characters of `text`: each is named, or words are in their middles."""
    signs = visible(text)
    if len(signs) <= limit:
        places: list[float] = [float(k) for k in range(len(signs))]
        names = list(signs)
    else:
        places, names = [], []
        for match in re.finditer(f"[^{''.join(SIGNS.values())}]+", signs):
            middle = (match.start() + match.end() - 1) / 2
            if not places or middle - places[-1] >= CLOSEST * len(signs):
                places.append(middle)
                names.append(match.group())
    font = {"size": 12, "family": "monospace"}
    texts = [plain(name, 14) for name in names]
    return {"tickvals": places, "ticktext": texts, "tickfont": font, "autotickangles": [0, -90]}


def confidence_sentence(letters: Sequence[Letter], _: Translate) -> str:
    """How sure the network was of what it wrote, in one sentence."""
    nats = -sum(math.log(max(letter.probability, 1e-12)) for letter in letters) / len(letters)
    sure = sum(letter.probability > 0.9 for letter in letters) / len(letters)
    return _(
        "It was over 90% sure of {share} of these {count} characters; on average each cost {nats} "
        "nats, as a choice among {perplexity} equally likely ones would."
    ).format(
        share=percent(sure),
        count=len(letters),
        nats=number(nats),
        perplexity=number(math.exp(nats)),
    )


def most_surprising(letters: Sequence[Letter]) -> int:
    """The first of the characters that the network gave least to."""
    return min(range(len(letters)), key=lambda k: letters[k].probability)


def influence(shifts: Float[Floats, " T"], text: str, _: Translate) -> go.Figure:
    """shifts (T,) in nats as bars above the T characters of `text`."""
    figure = frame(260)
    marks = [visible(character) for character in text]
    places = list(range(len(marks)))
    figure.add_bar(
        x=places,
        y=[float(shift) for shift in shifts],
        marker={"color": [POSITIVE if shift >= 0 else NEGATIVE for shift in shifts]},
        customdata=[plain(mark) for mark in marks],
        hovertemplate="%{customdata}: %{y:.2f}<extra></extra>",
        showlegend=False,
    )
    updates.xaxes(figure, range=[-0.6, len(marks) - 0.4], automargin="height", **ticks(text))
    updates.yaxes(figure, zeroline=True, zerolinecolor=MARK, title={"text": _("nats")})
    updates.layout(figure, bargap=0.15)
    return figure


def influence_reach(shifts: Float[Floats, " T"]) -> int:
    """How many characters back the furthest stands that moves log p noticeably; 0: none."""
    felt = np.flatnonzero(np.abs(shifts) >= NOTICEABLE)
    return len(shifts) - int(felt[0]) if len(felt) else 0


def influence_sentence(shifts: Float[Floats, " T"], text: str, last: str, _: Translate) -> str:
    """How far back the network looks, and what at most, from the numbers."""
    back = influence_reach(shifts)
    if not back:
        return _(
            "No single earlier character moves the probability of “{last}” by {least} nats."
        ).format(last=visible(last), least=number(NOTICEABLE))
    top = int(np.abs(shifts).argmax())
    values = {
        "last": visible(last),
        "back": back,
        "least": number(NOTICEABLE),
        "top": visible(text[top]),
        "lag": len(shifts) - top,
        "nats": number(abs(float(shifts[top]))),
    }
    if shifts[top] > 0:
        return _(
            "It looks {back} characters back for “{last}”: none further back moves log p by {least}"
            " nats. “{top}”, {lag} back, helps most: without it log p would fall by {nats}."
        ).format(**values)
    return _(
        "It looks {back} characters back for “{last}”: none further back moves log p by {least} "
        "nats. “{top}”, {lag} back, weighs most, against it: without it log p would rise by {nats}."
    ).format(**values)


def influence_alt(shifts: Float[Floats, " T"], text: str, _: Translate) -> str:
    """The largest bars in words."""
    order = np.argsort(-np.abs(shifts), kind="stable")[:5]
    listed = ", ".join(
        f"{visible(text[k])} ({len(shifts) - int(k)}): {number(float(shifts[k]))}" for k in order
    )
    return _(
        "Change of log p when one earlier character is left out, in nats, the largest first, with "
        "the steps back in brackets: {list}."
    ).format(list=listed)


def losses(curve: LearningCurve, now: int, _: Translate) -> go.Figure:
    """Both losses in nats per character over the iterations (log); a line marks iteration `now`."""
    figure = frame(290)
    lines = (
        (curve.training, _("training"), NEUTRAL, "dash"),
        (curve.held_out, _("held-out text"), cell_style(DEFAULT_CELL).colour, "solid"),
    )
    for values, name, colour, dash in lines:
        figure.add_scatter(
            x=curve.iterations,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"size": 5},
            hovertemplate="%{x}: %{y:.2f}<extra>" + name + "</extra>",
        )
    updates.vline(figure, now, line={"color": MARK, "width": 2, "dash": "dot"})
    updates.xaxes(figure, type="log", title={"text": _("iteration (log)")}, dtick=1)
    updates.xaxes(figure, tickvals=_ticks(curve), ticktext=[grouped(t) for t in _ticks(curve)])
    updates.yaxes(figure, title={"text": _("nats per character")}, automargin=True)
    return figure


def _ticks(curve: LearningCurve) -> list[int]:
    """1, 3, 10, 30 … within the curve."""
    low, high = int(curve.iterations[0]), int(curve.iterations[-1])
    powers = range(int(math.log10(max(1, high))) + 1)
    return [k for p in powers for k in (10**p, 3 * 10**p) if low <= k <= high]


def held_out_loss(curve: LearningCurve, now: int) -> float:
    """Nats per character on held-out text at the last look at `now` or before it."""
    place = int(np.searchsorted(curve.iterations, now, side="right")) - 1
    return float(curve.held_out[max(0, place)])


def losses_alt(curve: LearningCurve, now: int, _: Translate) -> str:
    """The curve in words."""
    return _(
        "Loss on held-out text: {first} nats per character at iteration {start}, {last} at "
        "iteration {end}; at iteration {now} it is {here}."
    ).format(
        first=number(float(curve.held_out[0])),
        start=int(curve.iterations[0]),
        last=number(float(curve.held_out[-1])),
        end=int(curve.iterations[-1]),
        now=now,
        here=number(held_out_loss(curve, now)),
    )


SHOWN = 7
"""Rows of each column in the drawing of one step."""


def one_step(step: PredictionStep, _: Translate) -> go.Figure:
    """One step as on slide 9, with its numbers: one-hot, state, logits, probabilities.

    Of the vectors a few entries are drawn: the one-hot's neighbours in the alphabet, the largest of
    the state, the likeliest characters.
    """
    drawing = Drawing(width=100, height=SHOWN + 3, pixels=390)
    first = min(max(step.index - SHOWN // 2, 0), max(len(step.alphabet) - SHOWN, 0))
    near = list(range(first, min(first + SHOWN, len(step.alphabet))))
    units = sorted(np.argsort(-np.abs(step.h))[:SHOWN].tolist())
    best = np.argsort(-step.probabilities)[:SHOWN].tolist()
    signs = visible(step.alphabet)
    columns: list[tuple[float, str, list[str], list[float], list[str]]] = [
        (
            9,
            _("x: one-hot"),
            [signs[k] for k in near],
            [float(k == step.index) for k in near],
            [str(int(k == step.index)) for k in near],
        ),
        (
            49,
            "h<sub>t</sub>",
            [f"h<sub>{k + 1}</sub>" for k in units],
            [float(step.h[k]) for k in units],
            [signed(float(step.h[k])) for k in units],
        ),
        (
            70,
            _("logits"),
            [signs[k] for k in best],
            [float(step.logits[k]) / 10 for k in best],
            [signed(float(step.logits[k]), lambda value: decimal(value, 1)) for k in best],
        ),
        (
            91,
            "softmax",
            [signs[k] for k in best],
            [float(step.probabilities[k]) for k in best],
            [percent(float(step.probabilities[k])) for k in best],
        ),
    ]
    middle = SHOWN / 2 + 0.5
    cell = cell_style(step.cell)
    for x, title, names, values, texts in columns:
        heights = [SHOWN - k for k in range(len(values))]
        for height, value in zip(heights, values, strict=True):
            drawing.box((x, height), 10, 0.9, shade(value))
        drawing.write([x] * len(texts), heights, texts, 14, colour=INK)
        drawing.write([x - 5.6] * len(names), heights, names, 14, "middle left")
        drawing.write([x], [SHOWN + 1.1], [f"<b>{title}</b>"], 14)
        drawing.write([x], [0.1], ["⋮"], 14)
    drawing.box((25, middle), 12, 2.4, rgba(cell.colour, 0.25))
    drawing.write([25], [middle], [f"<b>{cell.title}</b><br>× {step.layers}"], 14)
    drawing.write([25], [SHOWN + 1.1], ["h<sub>t−1</sub>"], 14)
    for a, b in ((14.5, 18.5), (31.5, 34.5), (54.5, 61), (75.5, 82)):
        drawing.wire((a, middle), (b, middle))
    drawing.wire((25, SHOWN + 0.6), (25, middle + 1.3))
    drawing.write([59.5, 80.5], [0.1] * 2, ["W<sub>y</sub>h + b", "exp / Σ"], 12)
    return drawing.figure()


def one_step_alt(step: PredictionStep, _: Translate) -> str:
    """The drawing in words."""
    best = np.argsort(-step.probabilities)[:SHOWN]
    listed = ", ".join(
        f"{visible(step.alphabet[k])} {percent(float(step.probabilities[k]))}" for k in best
    )
    return _(
        "One-hot input “{letter}” of {count} characters, {units} hidden units, logits and softmax: "
        "{list}."
    ).format(
        letter=visible(step.alphabet[step.index]),
        count=len(step.alphabet),
        units=len(step.h),
        list=listed,
    )


def factors(letters: Sequence[Letter], _: Translate) -> go.Figure:
    """The probability of each character given those before it: the factors of slide 10."""
    figure = frame(360)
    places = list(range(len(letters)))
    few = len(letters) <= FEW
    figure.add_bar(
        x=places,
        y=[letter.probability for letter in letters],
        marker={
            "color": [POSITIVE if letter.probability >= 0.5 else NEGATIVE for letter in letters]
        },
        text=[number(letter.probability) for letter in letters] if few else None,
        textposition="outside",
        cliponaxis=False,
        **QUIET,
    )
    text = "".join(letter.text for letter in letters)
    updates.xaxes(figure, range=[-0.6, len(places) - 0.4], automargin="height", **ticks(text))
    updates.xaxes(figure, tickfont={"size": 16 if few else 11, "family": "monospace"})
    updates.yaxes(figure, range=[0, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    updates.yaxes(figure, title={"text": _("P(character given those before it)")})
    return updates.layout(figure, bargap=0.2)


def factors_alt(letters: Sequence[Letter], _: Translate) -> str:
    """The factors in words."""
    listed = ", ".join(f"{visible(one.text)} {percent(one.probability)}" for one in letters)
    return _("Probability of each character given those before it: {list}.").format(list=listed)


FEW = 24
"""Bars that each have room for their number."""


def points(eigenvalues: Eigenvalues) -> Float[Floats, "N 2"]:
    """Complex numbers (N,) as real and imaginary parts (N, 2)."""
    return np.stack([eigenvalues.real, eigenvalues.imag], axis=1).astype(np.float64)


def eigenvalue_sentence(eigenvalues: Eigenvalues, _: Translate) -> str:
    """How many eigenvalues of one step lie near the unit circle or beyond it."""
    modulus = np.abs(eigenvalues)
    kept = int((modulus > 0.9).sum())
    return _(
        "Of this one step {kept} of {count} eigenvalues have a modulus above {limit}; the largest "
        "is {largest}."
    ).format(
        kept=kept, count=len(modulus), limit=decimal(0.9, 1), largest=number(float(modulus.max()))
    )
