"""Pictures of where a classifier fails: the share of texts misread, by what makes them hard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.figures.style import MARK, NEGATIVE, NEUTRAL, Translate, frame, grouped, rate
from engine.results import ErrorShare, Failures

Name = Callable[[str, Translate], str]

ENOUGH = 30
"""Of fewer texts a share says little: it is drawn pale and no sentence is built on it."""

LETTERS = 45
"""Letters of a label that there is room for across a picture on a narrow screen."""


def error_rates(failures: Failures, _: Translate) -> go.Figure:
    """One bar per kind, the most error-prone first, beside a line at the share of all texts."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return figure.update_xaxes(title={"text": _("misread")})


def error_rates_alt(failures: Failures, _: Translate) -> str:
    """The bars in words, the most error-prone first."""
    return rates_told(failures.kinds, kind_name, _)


def rate_bars(
    kinds: Sequence[ErrorShare], everything: ErrorShare, name: Name, _: Translate
) -> go.Figure:
    """Shares of errors as bars with their counts, the largest on top; a dotted line at the share of
    everything. `name` says what a kind is called; the title is the caller's."""
    found = sorted(kinds, key=lambda kind: kind.rate)
    figure = frame(34 * len(found) + 70)
    names = [name(kind.name, _) for kind in found]
    figure.add_bar(
        orientation="h",
        x=[kind.rate for kind in found],
        y=names,
        marker={"color": [NEGATIVE if kind.n >= ENOUGH else NEUTRAL for kind in found]},
        hoverinfo="skip",
    )
    reach = 2 * max(everything.rate, 0.005, *(kind.rate for kind in found))
    for kind, called in zip(found, names, strict=True):
        text = _("{percent} of {count}").format(percent=rate(kind.rate), count=grouped(kind.n))
        figure.add_annotation(
            x=_beside(kind.rate, everything.rate, len(text) * reach / LETTERS),
            y=called,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": 12},
        )
    line = {"color": MARK, "width": 2, "dash": "dot"}
    figure.add_vline(x=everything.rate, line=line, layer="below")
    figure.update_xaxes(tickformat=".0%", range=[0, reach])
    figure.update_yaxes(showgrid=False, ticks="", automargin=True)
    return figure.update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 44}, bargap=0.35)


def _beside(end: float, line: float, width: float) -> float:
    """Where a label of this width begins: at its bar's end, or behind the line that it would lie
    on."""
    return line if end < line < end + width else end


def rates_told(kinds: Sequence[ErrorShare], name: Name, _: Translate) -> str:
    """The bars of `rate_bars` in words, the largest first."""
    found = sorted(kinds, key=lambda kind: -kind.rate)
    return ", ".join(f"{name(kind.name, _)} {rate(kind.rate)}" for kind in found)


def sentence(failures: Failures, _: Translate) -> str:
    """What is misread most often, against all texts."""
    everything = failures.everything
    worst = worst_kind(failures)
    overall = _("Of {count} texts that it never learnt from, it misreads {percent}.").format(
        count=grouped(everything.n), percent=rate(everything.rate)
    )
    if worst is None or worst.rate <= everything.rate:
        return overall
    most = _("Most often: {kind}, {percent} of {count}.").format(
        kind=kind_name(worst.name, _), percent=rate(worst.rate), count=grouped(worst.n)
    )
    return f"{overall} {most}"


def worst_kind(failures: Failures) -> ErrorShare | None:
    """The kind with the largest share of errors, among those with enough texts."""
    enough = [kind for kind in failures.kinds if kind.n >= ENOUGH]
    return max(enough, key=lambda kind: kind.rate, default=None)


def kind_name(kind: str, _: Translate) -> str:
    """What a kind of text is called."""
    return {
        "negation": _("negation"),
        "double negation": _("double negation"),
        "contrast": _("contrast (“but”)"),
        "comparison": _("comparison"),
        "intensifier": _("intensifier"),
        "irony": _("irony"),
        "question": _("question"),
        "no accents": _("without accents"),
        "typo": _("typing errors"),
        "emoji": _("emoji"),
        "short": _("very short"),
        "long": _("long"),
        "plain": _("none of these"),
    }[kind]
