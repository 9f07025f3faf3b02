"""Where a captioner fails: the share of captions with a wrong word, by kind of word."""

from __future__ import annotations

import plotly.graph_objects as go

from engine.figures.failures import rate_bars, rate_bars_alt
from engine.figures.style import Translate, grouped, rate
from engine.results import CaptionFailures, CaptionMistake


def error_rates(failures: CaptionFailures, _: Translate) -> go.Figure:
    """One bar per kind of word, the one most often wrong first."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return figure.update_xaxes(
        title={"text": _("captions whose word of this kind nobody agrees with")}
    )


def error_rates_alt(failures: CaptionFailures, _: Translate) -> str:
    """The bars in words, the kind most often wrong first."""
    return rate_bars_alt(failures.kinds, kind_name, _)


def sentence(failures: CaptionFailures, _: Translate) -> str:
    """How many captions have a wrong word, and of which kind most often."""
    worst = max(failures.kinds, key=lambda kind: kind.rate)
    said = _(
        "Of {count} captions of photos that it never learnt from, {percent} have a word that "
        "nobody who described the photo agrees with. Most often wrong: {kind}, {share} of {n}."
    )
    return said.format(
        count=grouped(failures.everything.n),
        percent=rate(failures.everything.rate),
        kind=kind_name(worst.name, _),
        share=rate(worst.rate),
        n=grouped(worst.n),
    )


def disagreement(mistake: CaptionMistake, _: Translate) -> str:
    """What the people said instead, counted: `4 of 5 people: woman`."""
    said = _("{count} of {people} people: {word}")
    return "; ".join(
        said.format(count=count, people=mistake.people, word=word)
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
