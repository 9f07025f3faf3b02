"""Where a captioner fails: the share of captions with a wrong word, by kind of word."""

from __future__ import annotations

import plotly.graph_objects as go

from engine.figures.style import MARK, NEGATIVE, Translate, frame, grouped, percent
from engine.results import CaptionFailures, CaptionMistake


def error_rates(failures: CaptionFailures, _: Translate) -> go.Figure:
    """One bar per kind of word, the one most often wrong first."""
    found = sorted(failures.kinds, key=lambda kind: kind.rate)
    figure = frame(34 * len(found) + 70)
    figure.add_bar(
        orientation="h",
        x=[kind.rate for kind in found],
        y=[kind_name(kind.name, _) for kind in found],
        marker={"color": NEGATIVE},
        hoverinfo="skip",
    )
    for kind in found:
        text = _("{percent} of {count}").format(percent=percent(kind.rate), count=grouped(kind.n))
        figure.add_annotation(
            x=kind.rate,
            y=kind_name(kind.name, _),
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": 12},
        )
    figure.add_vline(x=failures.everything.rate, line={"color": MARK, "width": 2, "dash": "dot"})
    most = max([kind.rate for kind in found] + [failures.everything.rate])
    title = _("captions whose word of this kind nobody agrees with")
    figure.update_xaxes(range=[0, 1.5 * most], tickformat=".0%", title={"text": title})
    figure.update_yaxes(showgrid=False, ticks="", automargin=True)
    return figure.update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 44}, bargap=0.35)


def error_rates_alt(failures: CaptionFailures, _: Translate) -> str:
    """The bars in words, the kind most often wrong first."""
    found = sorted(failures.kinds, key=lambda kind: -kind.rate)
    return ", ".join(f"{kind_name(kind.name, _)} {percent(kind.rate)}" for kind in found)


def sentence(failures: CaptionFailures, _: Translate) -> str:
    """How many captions have a wrong word, and of which kind most often."""
    worst = max(failures.kinds, key=lambda kind: kind.rate)
    said = _(
        "Of {count} captions of photos that it never learnt from, {percent} have a word that "
        "nobody who described the photo agrees with. Most often wrong: {kind}, {share} of {n}."
    )
    return said.format(
        count=grouped(failures.everything.n),
        percent=percent(failures.everything.rate),
        kind=kind_name(worst.name, _),
        share=percent(worst.rate),
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
