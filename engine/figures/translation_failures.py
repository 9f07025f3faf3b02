"""Where a translator fails: how often by kind of error, among the sentences where it can occur."""

from __future__ import annotations

import plotly.graph_objects as go

from engine.figures.failures import ENOUGH, rate_bars, rate_bars_alt
from engine.figures.style import Translate, grouped, rate
from engine.results import TranslationFailures


def error_rates(failures: TranslationFailures, _: Translate) -> go.Figure:
    """One bar per kind of error, the most frequent first."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return figure.update_xaxes(title={"text": _("sentences with this error")})


def error_rates_alt(failures: TranslationFailures, _: Translate) -> str:
    """The bars in words, the most frequent first."""
    return rate_bars_alt(failures.kinds, kind_name, _)


def sentence(failures: TranslationFailures, _: Translate) -> str:
    """How many translations have an error that can be counted, and which is the commonest."""
    everything = failures.everything
    said = _(
        "Of {count} sentences that it never learnt from, {percent} come out with an error that "
        "can be counted."
    ).format(count=grouped(everything.n), percent=rate(everything.rate))
    enough = [kind for kind in failures.kinds if kind.n >= ENOUGH]
    worst = max(enough, key=lambda kind: kind.rate, default=None)
    if worst is None or worst.rate == 0:
        return said
    most = _("Most often: {kind}, {percent} of {count}.").format(
        kind=kind_name(worst.name, _), percent=rate(worst.rate), count=grouped(worst.n)
    )
    return f"{said} {most}"


def kind_name(kind: str, _: Translate) -> str:
    """What a kind of error is called."""
    return {
        "number": _("number wrong or lost"),
        "name": _("name wrong or lost"),
        "negation": _("negation lost or added"),
        "untranslated": _("left untranslated"),
        "repeated": _("the same words again and again"),
        "poor": _("little in common with people's"),
    }[kind]
