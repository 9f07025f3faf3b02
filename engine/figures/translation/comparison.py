"""Translators compared: what they are called, their quality by length, where they fail; two texts.

BLEU by the length of the source shows what a network without attention forgets (Bahdanau et al.
2015, figure 2; Sutskever et al. 2014, figure 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import plotly.graph_objects as go

from engine.figures import updates
from engine.figures.failures import most_often, rate_bars, rate_bars_alt
from engine.figures.numbers import decimal, grouped, rate
from engine.figures.style import DEFAULT_CELL, NEUTRAL, Translate, cell_style, frame
from engine.results import LengthScores, TranslationFailures

ALIKE = 2.0
"""BLEU points within which two losses are called alike."""

FEW = 20
"""Of fewer sentences BLEU says little: the bin is left out."""

Marked = list[tuple[str, bool]]
"""The words of a text, and whether each is only in this one at this place."""

MOST = 10
"""More words than this are not listed one by one."""


@dataclass(frozen=True)
class Kind:
    """How a translator is built. The large one has two directions and two layers."""

    cell: str
    attention: bool
    reverse: bool = False
    large: bool = False


def kind(arguments: Mapping[str, Any]) -> Kind:
    """By the arguments in a model's header."""
    reverse, layers = bool(arguments.get("reverse")), arguments.get("layers", 1)
    return Kind(arguments["cell"], bool(arguments["attention"]), reverse, large=layers > 1)


def title(kind: Kind, _: Translate) -> str:
    """RNN, LSTM or GRU, and what else it has."""
    if kind.large:
        return _("the large model")
    cell = cell_style(kind.cell).title
    if kind.reverse:
        return _("{cell}, source reversed").format(cell=cell)
    return _("{cell} with attention").format(cell=cell) if kind.attention else cell


def line(kind: Kind) -> dict[str, object]:
    """Colour by cell, dashes by what it has; the large one grey."""
    colour = NEUTRAL if kind.large else cell_style(kind.cell).colour
    dash = "dashdot" if kind.reverse else "dot" if kind.attention and not kind.large else "solid"
    return {"color": colour, "width": 2.5, "dash": dash}


def marker(kind: Kind) -> dict[str, object]:
    """Shape by cell, open with attention; the large one a star."""
    if kind.large:
        return {"symbol": "star", "size": 9}
    symbol = "triangle-left" if kind.reverse else cell_style(kind.cell).symbol
    return {"symbol": symbol + ("-open" if kind.attention else ""), "size": 8}


Kinds = Mapping[str, Kind]
"""How each translator is built, by its name."""


def lengths(found: Sequence[LengthScores], kinds: Kinds, _: Translate) -> go.Figure:
    """A line for each model, named in `kinds`; bins of source words across, BLEU up."""
    figure = frame(450)
    for scores in found:
        shown = bins(scores)
        built = kinds[scores.model]
        named = title(built, _)
        figure.add_scatter(
            x=[bin_name(scores, k, _) for k in shown],
            y=[scores.bleu[k] for k in shown],
            name=named,
            mode="lines+markers",
            line=line(built),
            marker=marker(built),
            customdata=[
                _("{count} sentences").format(count=grouped(scores.counts[k])) for k in shown
            ],
            hovertemplate=f"%{{x}}: BLEU %{{y:.1f}}, %{{customdata}}<extra>{named}</extra>",
        )
    names = [bin_name(found[0], k, _) for k in bins(found[0])] if found else []
    updates.xaxes(figure, title={"text": _("words of the source")}, type="category")
    updates.xaxes(figure, categoryorder="array", categoryarray=names)
    updates.yaxes(figure, title={"text": _("BLEU on dev sentences, 0 to 100")}, rangemode="tozero")
    return figure


def lengths_alt(found: Sequence[LengthScores], kinds: Kinds, _: Translate) -> str:
    """The lines in words, then how many sentences each bin has."""
    parts = []
    for scores in found:
        listed = ", ".join(
            f"{bin_name(scores, k, _)}: {decimal(scores.bleu[k], 1)}" for k in bins(scores)
        )
        parts.append(f"{title(kinds[scores.model], _)}: {listed}.")
    return " ".join([_("BLEU by words of the source."), *parts, counts(found, _)])


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


def _without_and_with(
    found: Sequence[LengthScores], kinds: Kinds
) -> tuple[LengthScores, LengthScores] | None:
    """The LSTM without attention and with it, where both were measured at some lengths."""
    by = {kinds[scores.model]: scores for scores in found}
    without = by.get(Kind(DEFAULT_CELL, attention=False))
    attending = by.get(Kind(DEFAULT_CELL, attention=True))
    if without is None or attending is None or len(bins(without)) < 2:
        return None
    return without, attending


def suffers_more(found: Sequence[LengthScores], kinds: Kinds) -> str:
    """Which LSTM loses more BLEU from the shortest sources to the longest: "without" attention,
    "with" it, or "alike" (within `ALIKE`); "" where they were not measured."""
    pair = _without_and_with(found, kinds)
    if pair is None:
        return ""
    first, last = bins(pair[0])[0], bins(pair[0])[-1]
    without, attending = (scores.bleu[first] - scores.bleu[last] for scores in pair)
    if abs(without - attending) < ALIKE:
        return "alike"
    return "without" if without > attending else "with"


def lengths_sentence(found: Sequence[LengthScores], kinds: Kinds, _: Translate) -> str:
    """From the shortest sources to the longest: the LSTM with attention and without; the reversed
    one. "" where they were not measured."""
    by = {kinds[scores.model]: scores for scores in found}
    pair = _without_and_with(found, kinds)
    if pair is None:
        return ""
    first, last = bins(pair[0])[0], bins(pair[0])[-1]
    summary = _(
        "From {short} to {long} words the LSTM without attention goes from BLEU {a} to {b}, the "
        "one with attention from {c} to {d}."
    ).format(
        short=bin_name(pair[0], first, _),
        long=bin_name(pair[0], last, _),
        a=decimal(pair[0].bleu[first], 0),
        b=decimal(pair[0].bleu[last], 0),
        c=decimal(pair[1].bleu[first], 0),
        d=decimal(pair[1].bleu[last], 0),
    )
    turned = by.get(Kind(DEFAULT_CELL, attention=False, reverse=True))
    if turned is None:
        return summary
    text = _("Without attention but with the source reversed it is {whole} on all, not {plain}.")
    whole = text.format(whole=decimal(turned.whole, 1), plain=decimal(pair[0].whole, 1))
    return f"{summary} {whole}"


def error_rates(failures: TranslationFailures, _: Translate) -> go.Figure:
    """One bar per kind of error, the most frequent first."""
    figure = rate_bars(failures.kinds, failures.everything, kind_name, _)
    return updates.xaxes(figure, title={"text": _("sentences with this error")})


def error_rates_alt(failures: TranslationFailures, _: Translate) -> str:
    """The bars in words, the most frequent first."""
    return rate_bars_alt(failures.kinds, kind_name, _)


def failures_sentence(failures: TranslationFailures, _: Translate) -> str:
    """How many translations have an error that can be counted, and which is the commonest."""
    everything = failures.everything
    summary = _(
        "Of {count} sentences that it never learnt from, {percent} come out with an error that "
        "can be counted."
    ).format(count=grouped(everything.n), percent=rate(everything.rate))
    return summary + most_often(failures, kind_name, _)


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


def changes(before: str, after: str) -> tuple[Marked, Marked]:
    """The words of both texts, marked where the longest common order of words leaves them out."""
    first, second = before.split(), after.split()
    one, two = [*map(_bare, first)], [*map(_bare, second)]
    kept, also = set[int](), set[int]()
    for a, b, size in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
        kept |= {*range(a, a + size)}
        also |= {*range(b, b + size)}
    return (
        [(word, k not in kept) for k, word in enumerate(first)],
        [(word, k not in also) for k, word in enumerate(second)],
    )


def _bare(word: str) -> str:
    """Without what differs by habit only; a word of signs alone stays as it is."""
    return "".join(c for c in word.lower().replace("’", "'") if c.isalnum() or c == "'") or word


def listed(marked: Marked, _: Translate) -> str:
    """The words that differ, in quotes: `“n'est”, “pas”`."""
    return ", ".join(f"“{word.strip('.,;:!?…')}”" for word, differs in marked if differs)


def compared(sources: tuple[str, str], translations: tuple[str, str], _: Translate) -> str:
    """What two sources and their translations do not share, in a sentence; how many words they
    share where they are too different for a list."""
    gone, come = changes(*sources)
    lost, new = changes(*translations)
    if not _differing(gone, come):
        return _("Both sentences are the same, word by word.")
    if max(_differing(gone, come), _differing(lost, new)) > MOST:
        shared = (sum(not differs for _word, differs in each) for each in (gone, lost))
        return _(
            "The sentences differ in many words: the sources share {sources}, the translations "
            "{translations}."
        ).format(**dict(zip(("sources", "translations"), shared, strict=True)))
    parts = [_difference(_("In the source"), gone, come, _)]
    if _differing(lost, new):
        parts.append(_difference(_("In the translation"), lost, new, _))
    else:
        parts.append(_("The translation is the same."))
    return " ".join(parts)


def _differing(*texts: Marked) -> int:
    return sum(differs for text in texts for _word, differs in text)


def _difference(where: str, before: Marked, after: Marked, _: Translate) -> str:
    gone, come = listed(before, _), listed(after, _)
    if gone and come:
        return _("{where}: {gone} → {come}.").format(where=where, gone=gone, come=come)
    if come:
        return _("{where}, new: {come}.").format(where=where, come=come)
    return _("{where}, gone: {gone}.").format(where=where, gone=gone)


def lost_words(before: str, after: str) -> tuple[int, int]:
    """How many words of the first text the second one has not, and how many there are."""
    marked, _other = changes(before, after)
    return sum(differs for _word, differs in marked), len(marked)
