"""One wrong word in a sentence: how likely the right words still are after it (teacher forcing).

A row for each word, from the top down: a circle is its probability after right words only, a
diamond after the one wrong word and right ones again.
"""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from engine.figures import updates
from engine.figures.failures import rate_bars, rate_bars_alt
from engine.figures.numbers import grouped, number, percent, rate
from engine.figures.style import GRID, MARK, NEGATIVE, POSITIVE, QUIET, Translate, frame, plain
from engine.results import CaptionFailures, CaptionMistake, Drift, Floats

SLIGHT = 0.1
"""Nats: a smaller loss of log p says that a word has got over the wrong one."""

FLOOR = 1e-6
"""The axis ends here; what is less likely stands at its end."""

ROW = 30
"""Pixels."""

DECADES = {0: "100%", -1: "10%", -2: "1%", -3: "1‰"}
"""Powers of ten without a decimal sign; smaller ones are written as powers."""


def falls(drift: Drift) -> Float[Floats, " n"]:
    """Nats of log p that each right word after the wrong one loses; below 0: it gains."""
    both = drift.right, drift.slipped
    right, slipped = (np.log(np.maximum(p[drift.at + 1 :], 1e-12)) for p in both)
    return np.asarray(right - slipped, dtype=np.float64)


def recovered(lost: Float[Floats, " n"]) -> int | None:
    """The first place among those after the wrong word from which on nothing is felt any more."""
    felt = np.flatnonzero(np.abs(lost) >= SLIGHT)
    after = int(felt[-1]) + 1 if len(felt) else 0
    return after if after < len(lost) else None


def drift_sentence(drift: Drift, _: Translate) -> str:
    """How much less likely the right words become, and where that ends, from the numbers."""
    lost = falls(drift)
    if not len(lost):
        return _("No word follows the wrong one.")
    mean = float(lost.mean())
    if np.all(np.abs(lost) < SLIGHT):
        return _(
            "“{wrong}” hardly matters: no right word after it gains or loses as much as {least} "
            "nats of log p."
        ).format(wrong=drift.wrong, least=number(SLIGHT))
    if mean > 0:
        summary = _(
            "After “{wrong}” the right words lose {nats} nats of log p on average: they become "
            "{factor} times less likely (geometric mean)."
        )
    else:
        summary = _(
            "After “{wrong}” the right words gain {nats} nats of log p on average: they become "
            "{factor} times likelier (geometric mean)."
        )
    summary = summary.format(
        wrong=drift.wrong, nats=number(abs(mean)), factor=number(math.exp(abs(mean)))
    )
    after = recovered(lost)
    if after is None:
        return f"{summary} {_('To the end of the sentence it has not recovered.')}"
    until = _("From “{word}” on, word {place}, it has recovered: less than {least} nats.").format(
        word=drift.words[drift.at + 1 + after],
        place=drift.at + 2 + after,
        least=number(SLIGHT),
    )
    return f"{summary} {until}"


def drift(found: Drift, _: Translate) -> go.Figure:
    """Two marks in each row that follows the wrong word, joined by a line; one in those before."""
    rows = list(range(len(found.words)))
    words = [plain(word, 14) for word in found.words]
    words[found.at] = f"<b>{words[found.at]} → {plain(found.wrong, 14)}</b>"
    both = found.right, found.slipped
    right, slipped = ([max(FLOOR, float(p)) for p in shares] for shares in both)
    figure = frame(ROW * len(rows) + 120)
    after = rows[found.at + 1 :]
    figure.add_scatter(
        x=[x for k in after for x in (right[k], slipped[k], None)],
        y=[y for k in after for y in (k, k, None)],
        mode="lines",
        line={"color": MARK, "width": 2},
        **QUIET,
    )
    marks = (
        (rows, right, POSITIVE, "circle", _("after right words only")),
        (after, slipped, NEGATIVE, "diamond", _("after the wrong word")),
    )
    for places, shares, colour, symbol, name in marks:
        figure.add_scatter(
            x=[shares[k] for k in places],
            y=places,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 11},
            name=name,
            hoverinfo="skip",
        )
    low = math.floor(math.log10(min(right + slipped)) - 0.05)
    decades = range(low, 1)
    updates.xaxes(
        figure,
        type="log",
        range=[low, 0.08],
        tickvals=[10.0**d for d in decades],
        ticktext=[DECADES.get(d, f"10<sup>−{-d}</sup>") for d in decades],
        showgrid=True,
        gridcolor=GRID,
        title={"text": _("probability of the right word (log scale)")},
    )
    updates.yaxes(
        figure,
        range=[len(rows) - 0.4, -0.6],
        tickvals=rows,
        ticktext=words,
        automargin=True,
    )
    return updates.layout(figure, margin={"l": 12, "t": 54, "b": 52})


def drift_alt(found: Drift, _: Translate) -> str:
    """The rows after the wrong word in words."""
    listed = ", ".join(
        f"{found.words[k]} {percent(float(found.right[k]))} → {percent(float(found.slipped[k]))}"
        for k in range(found.at + 1, len(found.words))
    )
    return _(
        "Probability of each right word, after right words only → after “{wrong}” in place of "
        "“{word}”: {list}."
    ).format(wrong=found.wrong, word=found.words[found.at], list=listed)


def error_rates(failures: CaptionFailures, _: Translate) -> go.Figure:
    """One bar per kind of word, the one most often wrong first."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return updates.xaxes(
        figure, title={"text": _("captions whose word of this kind nobody agrees with")}
    )


def error_rates_alt(failures: CaptionFailures, _: Translate) -> str:
    """The bars in words, the kind most often wrong first."""
    return rate_bars_alt(failures.kinds, kind_name, _)


def failures_sentence(failures: CaptionFailures, _: Translate) -> str:
    """How many captions have a wrong word, and of which kind most often."""
    worst = max(failures.kinds, key=lambda kind: kind.rate)
    text = _(
        "Of {count} captions of photos that it never learnt from, {percent} have a word that "
        "nobody who described the photo agrees with. Most often wrong: {kind}, {share} of {n}."
    )
    return text.format(
        count=grouped(failures.everything.n),
        percent=rate(failures.everything.rate),
        kind=kind_name(worst.name, _),
        share=rate(worst.rate),
        n=grouped(worst.n),
    )


def disagreement(mistake: CaptionMistake, _: Translate) -> str:
    """What the people said instead, counted: `4 of 5 people: woman`."""
    text = _("{count} of {people} people: {word}")
    return "; ".join(
        text.format(count=count, people=mistake.people, word=word)
        for word, count in mistake.instead
    )


def kind_name(kind: str, _: Translate) -> str:
    """What a kind of word is called."""
    return {
        "gender": _("gender"),
        "age": _("age"),
        "animal": _("animal"),
        "colour": _("colour"),
        "activity": _("activity"),
        "place": _("place"),
        "number": _("number"),
    }[kind]
