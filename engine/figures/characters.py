"""One character among its candidates, and what each earlier character did for it: bars and words.

`number` writes a number as the reader's language does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.figures.style import (
    MARK,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    Number,
    Translate,
    frame,
    localised,
    percent,
    plain,
)
from engine.results import Floats, Letter

SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}
"""What stands for a character that cannot be seen."""

LETTERS = 40
"""More characters than these cannot each be named below an axis on a phone: then words are."""

CLOSEST = 0.05
"""Share of the axis that lies between two words that are named: upright on a phone, they fit."""

FELT = 0.05
"""Nats: a character that moves log p by less is not counted as looked at."""


def shown(text: str) -> str:
    """`text` with a sign for every character that cannot be seen."""
    return "".join(SIGNS.get(character, character) for character in text)


def ticks(text: str, limit: int = LETTERS) -> dict[str, object]:
    """An axis below the characters of `text`: each is named, or words are in their middles."""
    signs = shown(text)
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


def confidence(letter: Letter) -> float:
    """−1 … 1 for the diverging scale: teal where p is near 1, orange where it is near 0."""
    return 2 * letter.probability - 1


def told(letter: Letter) -> str:
    """The character and its probability: `e: 43%`."""
    return f"{shown(letter.text)}: {percent(letter.probability)}"


def rows(letter: Letter) -> list[tuple[str, float]]:
    """The likeliest characters, best first, and the written one behind them if it is none."""
    written = (letter.text, letter.probability)
    among = letter.text in [text for text, _ in letter.candidates]
    return [*letter.candidates, *([] if among else [written])]


def candidates(letter: Letter, _: Translate) -> go.Figure:
    """The likeliest characters as bars, the best on top; what was written is in colour."""
    pairs = rows(letter)
    heights = list(range(len(pairs)))[::-1]
    figure = frame(28 * len(pairs) + 34)
    figure.add_bar(
        orientation="h",
        x=[share for _text, share in pairs],
        y=heights,
        marker={"color": [POSITIVE if text == letter.text else NEUTRAL for text, _p in pairs]},
        text=[percent(share) for _text, share in pairs],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    names = [
        f"{plain(shown(text))} ◂" if text == letter.text else plain(shown(text))
        for text, _p in pairs
    ]
    figure.update_yaxes(tickvals=heights, ticktext=names, showgrid=False, tickfont={"size": 16})
    figure.update_xaxes(range=[0, 1.25 * max(share for _t, share in pairs)], visible=False)
    return figure.update_layout(bargap=0.25, margin={"t": 6, "b": 6, "l": 44})


def candidates_alt(letter: Letter, _: Translate) -> str:
    """The bars in words, best first."""
    listed = ", ".join(f"{shown(text)} {percent(share)}" for text, share in rows(letter))
    return _("The likeliest characters in this place: {list}.").format(list=listed)


def confidence_sentence(letters: Sequence[Letter], _: Translate, number: Number) -> str:
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


def surprise(letters: Sequence[Letter]) -> int:
    """The first of the characters that the network gave least to."""
    return min(range(len(letters)), key=lambda k: letters[k].probability)


def influence(shifts: Floats, text: str, _: Translate, number: Number) -> go.Figure:
    """shifts (T,) in nats as bars above the T characters of `text`."""
    figure = frame(260)
    marks = [shown(character) for character in text]
    places = list(range(len(marks)))
    figure.add_bar(
        x=places,
        y=[float(shift) for shift in shifts],
        marker={"color": [POSITIVE if shift >= 0 else NEGATIVE for shift in shifts]},
        customdata=[plain(mark) for mark in marks],
        hovertemplate="%{customdata}: %{y:.2f}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(range=[-0.6, len(marks) - 0.4], automargin="height", **ticks(text))
    figure.update_yaxes(zeroline=True, zerolinecolor=MARK, title={"text": _("nats")})
    figure.update_layout(bargap=0.15)
    return localised(figure, number)


def reach(shifts: Floats) -> int:
    """How many characters back the furthest stands that moves log p by `FELT` or more; 0: none."""
    felt = np.flatnonzero(np.abs(shifts) >= FELT)
    return len(shifts) - int(felt[0]) if len(felt) else 0


def influence_sentence(shifts: Floats, text: str, last: str, _: Translate, number: Number) -> str:
    """How far back the network looks, and what at most, from the numbers."""
    back = reach(shifts)
    if not back:
        return _(
            "No single earlier character moves the probability of “{last}” by {least} nats."
        ).format(last=shown(last), least=number(FELT))
    top = int(np.abs(shifts).argmax())
    values = {
        "last": shown(last),
        "back": back,
        "least": number(FELT),
        "top": shown(text[top]),
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


def influence_alt(shifts: Floats, text: str, _: Translate, number: Number) -> str:
    """The largest bars in words."""
    order = np.argsort(-np.abs(shifts), kind="stable")[:5]
    listed = ", ".join(
        f"{shown(text[k])} ({len(shifts) - int(k)}): {number(float(shifts[k]))}" for k in order
    )
    return _(
        "Change of log p when one earlier character is left out, in nats, the largest first, with "
        "the steps back in brackets: {list}."
    ).format(list=listed)
