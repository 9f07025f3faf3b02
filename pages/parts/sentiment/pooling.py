"""View: three ways to pool the states (slides 51-53), what each step adds, and what they score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL
from engine.errors import InputError
from engine.figures import numbers, style
from engine.figures.numbers import signed
from engine.figures.sentiment import pooling
from engine.results import Contributions, Reading
from pages.parts.sentiment.controls import Query, small
from pages.shared import jobs, links, models
from pages.shared.header import show_error
from pages.shared.text import _, decimal, literal, percent
from pages.shared.views import chart

CELL = "sentiment_cell"


@dataclass(frozen=True)
class Pooled:
    """How one small model's verdict adds up, and the margin that the model itself arrived at."""

    parts: Contributions
    margin: float


def draw(query: Query, reading: Reading) -> None:
    """The text under three poolings, then what the shipped networks' scores say of them."""
    cell = links.choice(CELL, tuple(CELLS), DEFAULT_CELL)
    st.segmented_control(
        _("Cell"),
        list(CELLS),
        key=CELL,
        format_func=lambda cell: style.cell_style(cell).title,
        required=True,
        label_visibility="collapsed",
    )
    try:
        _draw_steps(_pooled(query.language, cell, reading.text))
    except InputError as error:
        show_error(error)
    _draw_scores(query.language)


def _pooled(language: str, cell: str, text: str) -> list[Pooled]:
    """How the verdicts of the cell's three small models add up, one per pooling."""
    names = [small(language, cell, way) for way in pooling.POOLINGS]
    predictors = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[Pooled]:
        for predictor in predictors:
            parts = predictor.contributions(text)
            yield Pooled(parts, pooling.margin_from(parts.verdict, predictor.temperature))

    return jobs.wait(jobs.start("sentiment_pooled", (*names, text), work))


def _draw_steps(found: list[Pooled]) -> None:
    """Three cards and one figure."""
    for column, one in zip(st.columns(len(found)), found, strict=True):
        with column.container(border=True, height="stretch"):
            _card(one)
    parts = [one.parts for one in found]
    figure, alt = pooling.steps(parts, _), pooling.steps_alt(parts, _)
    chart(figure, alt, "sentiment_pooling_steps", "pooling")
    st.caption(
        _(
            "The margin is logit(positive) − logit(negative) = w·h + b. Judged by the last state, "
            "step t has changed it by w·(hₜ − hₜ₋₁); judged by a sum, it has added w·hₜ, and every "
            "state has its own direct way to the loss. The three are different trained networks "
            "with about as many parameters each, and each panel has its own scale: compare "
            "shapes, not single values."
        )
    )


def _card(one: Pooled) -> None:
    """One pooling: its network's verdict, its strongest step, and the sum put to the test."""
    parts = one.parts
    size = _("{count} parameters").format(count=numbers.grouped(parts.parameters))
    st.markdown(f"**{pooling.title(parts.pooling, _)}** · {size}")
    verdict = _("It says: {label}, {percent}")
    label, confidence = style.label_name(parts.verdict.label, _), parts.verdict.confidence
    st.markdown(verdict.format(label=label, percent=literal(numbers.percent(confidence))))
    st.markdown(f"**{literal(pooling.strongest_step(parts, _))}**")
    text = _("Steps {steps}, bias {bias}, together {sum}; the network's margin {margin}.")
    text = text.format(
        steps=signed(float(parts.total.sum())),
        bias=signed(parts.bias),
        sum=signed(parts.margin),
        margin=signed(one.margin),
    )
    difference = numbers.rounding(parts.margin - one.margin)
    difference = _("Difference: {difference}.").format(difference=difference)
    st.caption(literal(f"{text} {difference}"))


def _draw_scores(language: str) -> None:
    """What the small networks score on texts that they were not trained on."""
    title = _("The three poolings on texts held back from training")
    st.markdown(f"#### {title}", anchors=False)
    scores = pooling.summarise(models.pooling_table(), language)
    if not scores:
        st.caption(_("The table of scores is not installed here."))
        return
    st.markdown(differences_sentence(scores))
    st.dataframe(
        scores_table(scores),
        hide_index=True,
        alt=_("Accuracy of the small networks by cell and pooling, mean and spread over seeds"),
    )
    st.caption(
        _(
            "Mean ± standard deviation over {seeds} seeds. “More than the spread” means: further "
            "apart than both standard deviations together."
        ).format(seeds=min(score.seeds for score in scores))
    )
    _draw_lengths(scores)


def _draw_lengths(scores: list[pooling.Score]) -> None:
    """Accuracy by length of text, one figure per cell on one scale."""
    low = pooling.lowest_accuracy(scores)
    cells = [cell for cell in CELLS if any(score.cell == cell for score in scores)]
    for column, cell in zip(st.columns(len(cells)), cells, strict=True):
        own = [score for score in scores if score.cell == cell]
        with column:
            st.markdown(f"**{style.cell_style(cell).title}**")
            figure, alt = pooling.by_length(own, _, low), pooling.by_length_alt(own, _)
            chart(figure, alt, f"sentiment_lengths_{cell}", f"accuracy-by-length-{cell}")
    st.caption(
        _(
            "Accuracy by length of the text in pieces, bars ± one standard deviation. The networks "
            "were trained on texts of up to 48 pieces: the last group is longer than any of them."
        )
    )


def scores_table(scores: list[pooling.Score]) -> pd.DataFrame:
    """One row per cell and pooling."""
    columns = {
        _("cell"): [style.cell_style(score.cell).title for score in scores],
        _("pooling"): [pooling.short_title(score.pooling, _) for score in scores],
        _("accuracy"): [_plus_minus(score, pooling.ALL) for score in scores],
    }
    for column in pooling.LENGTHS:
        columns[_("{length} pieces").format(length=pooling.length_name(column, _))] = [
            _plus_minus(score, column) for score in scores
        ]
    columns[_("parameters")] = [numbers.grouped(score.parameters) for score in scores]
    return pd.DataFrame(columns)


def _plus_minus(score: pooling.Score, column: str) -> str:
    """`84.1% ± 0.4`"""
    mean, spread = score.means[column], score.spreads[column]
    return f"{percent(mean, 1)} ± {decimal(100 * spread, 1)}"


def differences_sentence(scores: list[pooling.Score]) -> str:
    """What differs by more than the seeds' spread and what does not, as Markdown."""
    columns = {pooling.ALL: _("All texts."), "over_48": _("Texts over 48 pieces.")}
    return "\n\n".join(
        f"**{about}** {_sentence(pooling.differences(scores, column))}"
        for column, about in columns.items()
    )


def _sentence(found: list[pooling.Difference]) -> str:
    """Both halves: what the seeds tell apart, and what they do not."""
    clear = [one for one in found if one.clear]
    rest = [one for one in found if not one.clear]
    if not clear:
        text = _("No two poolings of a cell differ by more than the seeds' spread: {pairs}.")
        return text.format(pairs=_pairs(rest))
    text = _("By more than the seeds' spread: {pairs}.").format(pairs=_pairs(clear))
    if rest:
        text += " " + _("Within the spread: {pairs}.").format(pairs=_pairs(rest))
    return text


def _pairs(found: list[pooling.Difference]) -> str:
    """`sum above last state (RNN 1.5, GRU 1.1 points), …`, as Markdown."""
    cells: dict[tuple[str, str], list[str]] = {}
    for one in found:
        of = f"{style.cell_style(one.better.cell).title} {decimal(one.points, 1)}"
        cells.setdefault((one.better.pooling, one.worse.pooling), []).append(of)
    text = _("{better} above {worse} ({cells} points)")
    return "; ".join(
        text.format(
            better=pooling.short_title(better, _),
            worse=pooling.short_title(worse, _),
            cells=literal(", ".join(of)),
        )
        for (better, worse), of in cells.items()
    )
