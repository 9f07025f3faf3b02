"""Restored marks in words and colours: how sure each letter is, and which words only what follows
decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.failures import most_often, rate_bars, rate_bars_alt
from engine.figures.numbers import grouped, percent, share
from engine.figures.style import N_, NEGATIVE, NEUTRAL, OCHRE, POSITIVE, PURPLE, Translate, frame
from engine.results import FailureReport, Misrestored, Restored

WORD = re.compile(r"[^\W\d_]+")

KINDS = {
    "name": N_("name"),
    "not listed": N_("word that is not listed"),
    "no marks": N_("word without marks"),
    "tone may move": N_("tone on either vowel (hòa, hoà)"),
    "short text": N_("in a text of up to four words"),
    "plain": N_("none of these"),
}

DOMAINS = {
    "news": N_("news"),
    "everyday": N_("everyday sentences"),
    "talks": N_("talks"),
    "reviews": N_("reviews"),
    "Kiều": N_("Truyện Kiều"),
}
"""What the held-out texts are, by the name in the headers."""


class WordPair(NamedTuple):
    """A word from `start` to `end` that two networks restored differently."""

    start: int
    end: int
    one: str
    other: str


def letters(found: Restored) -> list[tuple[str, float | None, str]]:
    """Each character of the text: itself, how sure (0 … 1; None where there was no choice), and
    that in words."""
    sure = {int(place): float(p) for place, p in zip(found.places, found.probabilities.max(1),
                                                      strict=True)}  # fmt: skip
    return [
        (c, sure.get(k), f"{c}: {percent(sure[k])}" if k in sure else c)
        for k, c in enumerate(found.text)
    ]


def value(probability: float | None) -> float | None:
    """−1 … 1 for the diverging scale: teal where it is sure, orange where it is not. A letter with
    one form in two is at 0."""
    return None if probability is None else max(-1.0, 2 * probability - 1)


def summary(found: Restored, _: Translate) -> str:
    """How many letters got a mark, and how many of these choices were close."""
    if not len(found.places):
        return _("No letter here could take a mark.")
    added = sum(a != b for a, b in zip(found.typed, found.text, strict=True))
    close = int((found.probabilities.max(1) < 0.8).sum())
    text = _("Letters that got marks: {added}. Unsure (below 80%): {close} of {total} choices.")
    return text.format(added=grouped(added), total=grouped(len(found.places)), close=grouped(close))


def weakest(found: Restored) -> int | None:
    """The place of the letter that the network was least sure of; None without a choice."""
    if not len(found.places):
        return None
    return int(found.places[int(found.probabilities.max(1).argmin())])


def word_at(text: str, place: int) -> str:
    """The word that a character stands in."""
    return next((m[0] for m in WORD.finditer(text) if m.start() <= place < m.end()), text[place])


def differing(one: Restored, other: Restored) -> list[WordPair]:
    """The words of a text that two networks restored differently."""
    return [
        WordPair(m.start(), m.end(), one.text[slice(*m.span())], m[0])
        for m in WORD.finditer(other.text)
        if one.text[slice(*m.span())] != m[0]
    ]


def differing_sentence(pairs: Sequence[WordPair], total: int, _: Translate) -> str:
    """How many words forward and both ways restored differently."""
    if not pairs:
        return _("Forward and both ways restore every word of this text alike.")
    text = _("{n} of {total} words differ: there what follows decided.")
    return text.format(n=grouped(len(pairs)), total=grouped(total))


def candidates(found: Restored, place: int, _: Translate) -> go.Figure:
    """The forms that the letter at `place` may have, the likeliest on top."""
    pairs = found.candidates(int(np.flatnonzero(found.places == place)[0]))[:6]
    heights = list(range(len(pairs)))[::-1]
    figure = frame(30 * len(pairs) + 24)
    figure.add_bar(
        orientation="h",
        x=[p for _form, p in pairs],
        y=heights,
        marker={"color": [POSITIVE, *[NEUTRAL] * (len(pairs) - 1)]},
        text=[percent(p) for _form, p in pairs],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    updates.yaxes(
        figure,
        tickvals=heights,
        ticktext=[f for f, _p in pairs],
        showgrid=False,
        tickfont={"size": 18},
    )
    updates.xaxes(figure, range=[0, 1.2], visible=False)
    return updates.layout(figure, bargap=0.25, margin={"t": 4, "b": 4, "l": 44})


def candidates_alt(found: Restored, place: int, _: Translate) -> str:
    """The forms in words, the likeliest first."""
    pairs = found.candidates(int(np.flatnonzero(found.places == place)[0]))[:6]
    listed = ", ".join(f"{form} {percent(p)}" for form, p in pairs)
    return _("The forms that this letter may have: {list}.").format(list=listed)


def domain_bars(
    scores: Mapping[str, Mapping[str, float]], domains: Sequence[str], _: Translate
) -> go.Figure:
    """Word accuracy of each network (by its name) on each kind of text, as groups of bars."""
    figure = frame(420)
    shades = (NEUTRAL, NEGATIVE, PURPLE, OCHRE, POSITIVE)
    names = [_(DOMAINS.get(domain, domain)) for domain in domains]
    for (name, found), colour in zip(scores.items(), shades, strict=False):
        values = [found.get(domain) for domain in domains]
        figure.add_bar(
            x=names,
            y=values,
            name=name,
            marker={"color": colour},
            hoverinfo="skip",
        )
    updates.yaxes(
        figure, range=[0.5, 1], tickformat=".0%", title={"text": _("words restored right")}
    )
    return updates.layout(figure, barmode="group", margin={"t": 60})


def domain_bars_alt(
    scores: Mapping[str, Mapping[str, float]], domains: Sequence[str], _: Translate
) -> str:
    """The bars in words."""
    parts = []
    for name, found in scores.items():
        listed = ", ".join(
            f"{_(DOMAINS.get(d, d))} {share(found[d], 1)}" for d in domains if d in found
        )
        parts.append(f"{name}: {listed}")
    return "; ".join(parts)


def kind_name(kind: str, _: Translate) -> str:
    """What may make a word hard, in the page's language."""
    return _(KINDS[kind]) if kind in KINDS else kind


def error_sentence(failures: FailureReport[Misrestored], _: Translate) -> str:
    """How many words are restored wrongly, and of which kind most."""
    everything = failures.everything
    text = _("{percent} of {n} words of held-out texts are restored wrongly.")
    overall = text.format(percent=share(everything.rate, 1), n=grouped(everything.n))
    return overall + most_often(failures, kind_name, _)


def error_bars(failures: FailureReport[Misrestored], _: Translate) -> go.Figure:
    """One bar per kind of word, the one most often wrong first."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return updates.xaxes(figure, title={"text": _("words of this kind restored wrongly")})


def error_bars_alt(failures: FailureReport[Misrestored], _: Translate) -> str:
    """The bars in words."""
    return rate_bars_alt(failures.kinds, kind_name, _)
