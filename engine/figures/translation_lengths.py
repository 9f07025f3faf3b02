"""BLEU by the length of the source, model by model: what a network without attention forgets
(Bahdanau et al. 2015, figure 2; Sutskever et al. 2014, figure 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from engine.figures.style import Translate, frame, grouped
from engine.figures.translation_models import Kind, kind, line, marker, title
from engine.results import LengthScores

Number = Callable[[float, int], str]
"""A number with so many digits, as the language writes it."""

FEW = 20
"""Of fewer sentences BLEU says little: the bin is left out."""


def lines(found: Sequence[LengthScores], _: Translate) -> go.Figure:
    """A line for each model, bins of source words across, BLEU up."""
    figure = frame(450)
    for scores in found:
        shown = bins(scores)
        built = kind(scores.model)
        named = title(built, _)
        figure.add_scatter(
            x=[bin_name(scores, k, _) for k in shown],
            y=[scores.bleu[k] for k in shown],
            name=named,
            mode="lines+markers",
            line=line(built),
            marker=marker(built),
            customdata=[_counted(scores, k, _) for k in shown],
            hovertemplate=f"%{{x}}: BLEU %{{y:.1f}}, %{{customdata}}<extra>{named}</extra>",
        )
    names = [bin_name(found[0], k, _) for k in bins(found[0])] if found else []
    figure.update_xaxes(title={"text": _("words of the source")}, type="category")
    figure.update_xaxes(categoryorder="array", categoryarray=names)
    figure.update_yaxes(title={"text": _("BLEU on dev sentences, 0 to 100")}, rangemode="tozero")
    return figure


def lines_alt(found: Sequence[LengthScores], _: Translate, number: Number) -> str:
    """The lines in words, then how many sentences each bin has."""
    told = []
    for scores in found:
        listed = ", ".join(
            f"{bin_name(scores, k, _)}: {number(scores.bleu[k], 1)}" for k in bins(scores)
        )
        told.append(f"{title(kind(scores.model), _)}: {listed}.")
    return " ".join([_("BLEU by words of the source."), *told, counts(found, _)])


def counts(found: Sequence[LengthScores], _: Translate) -> str:
    """How many sentences each bin has; "" of nothing."""
    if not found:
        return ""
    listed = ", ".join(
        f"{bin_name(found[0], k, _)}: {grouped(found[0].counts[k])}" for k in bins(found[0])
    )
    return _("Sentences by words of the source: {list}.").format(list=listed)


def bins(scores: LengthScores) -> list[int]:
    """Those with enough sentences."""
    return [k for k, count in enumerate(scores.counts) if count >= FEW]


def bin_name(scores: LengthScores, k: int, _: Translate) -> str:
    """`5–8`, or `over 20`."""
    least = (scores.bounds[k - 1] or 0) if k else 0
    most = scores.bounds[k]
    return _("over {least}").format(least=least) if most is None else f"{least + 1}–{most}"


def sentence(found: Sequence[LengthScores], _: Translate, number: Number) -> str:
    """From the shortest sources to the longest: the LSTM with attention and without; the reversed
    one. "" where they were not measured."""
    by = {kind(scores.model): scores for scores in found}
    pair = by.get(Kind("lstm", attention=False)), by.get(Kind("lstm", attention=True))
    if pair[0] is None or pair[1] is None or len(bins(pair[0])) < 2:
        return ""
    first, last = bins(pair[0])[0], bins(pair[0])[-1]
    told = _(
        "From {short} to {long} words the LSTM without attention goes from BLEU {a} to {b}, the "
        "one with attention from {c} to {d}."
    ).format(
        short=bin_name(pair[0], first, _),
        long=bin_name(pair[0], last, _),
        a=f"{pair[0].bleu[first]:.0f}",
        b=f"{pair[0].bleu[last]:.0f}",
        c=f"{pair[1].bleu[first]:.0f}",
        d=f"{pair[1].bleu[last]:.0f}",
    )
    turned = by.get(Kind("lstm", attention=False, reverse=True))
    if turned is None:
        return told
    text = _("Without attention but with the source reversed it is {whole} on all, not {plain}.")
    whole = text.format(whole=number(turned.whole, 1), plain=number(pair[0].whole, 1))
    return f"{told} {whole}"


def _counted(scores: LengthScores, k: int, _: Translate) -> str:
    return _("{count} sentences").format(count=grouped(scores.counts[k]))
