"""View: three ways to pool the states (slides 51-53), what each step adds, and what they score."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.cells import CELLS, DEFAULT_CELL
from engine.figures import numbers, style
from engine.figures.numbers import signed
from engine.figures.sentiment import pooling
from engine.language import check
from engine.results import Contributions
from pages.parts.sentiment import controls
from pages.parts.sentiment.controls import small
from pages.parts.sentiment.gradient import POOLING
from pages.shared import jobs, models, views
from pages.shared.text import _, decimal, literal, percent
from pages.shared.views import chart

CELL = "sentiment_cell"


@dataclass(frozen=True)
class Pooled:
    """How one small model's verdict adds up, and the margin that the model itself arrived at."""

    parts: Contributions
    margin: float


def draw() -> None:
    """View: the text under the chosen pooling, then what the shipped networks' scores say."""
    picture, side = views.stage()
    with side:
        way = views.pick(
            POOLING,
            _("Pooling"),
            pooling.POOLINGS,
            lambda way: pooling.short_title(way, _),
            pooling.POOLINGS[0],
            quiet=True,
            wrap=True,
        )
        cell = views.pick(
            CELL,
            _("Cell"),
            tuple(CELLS),
            lambda cell: style.cell_style(cell).title,
            DEFAULT_CELL,
            quiet=True,
        )
        query = controls.draw()
    with picture:
        text = check(query.text)
        found = _pooled(query.language, cell, way, text)
        figure, alt = pooling.steps(found.parts, _), pooling.steps_alt(found.parts, _)
        chart(figure, alt, "sentiment_pooling_steps", "pooling")
        _draw_sentence(found)
    _draw_scores(query.language)


def _pooled(language: str, cell: str, way: str, text: str) -> Pooled:
    """How the verdict of the cell's small model of this pooling adds up."""
    name = small(language, cell, way)
    predictor = models.sentiment(name)

    def work(_stop: jobs.Stop) -> Pooled:
        parts = predictor.contributions(text)
        return Pooled(parts, pooling.margin_from(parts.verdict, predictor.temperature))

    return jobs.once("sentiment_pooled", (name, text), work)


def _draw_sentence(one: Pooled) -> None:
    """The network's strongest step, and the sum put to the test."""
    parts = one.parts
    size = _("{count} parameters").format(count=numbers.grouped(parts.parameters))
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
    how = _(
        "Margin = logit(positive) − logit(negative) = w·h + b. By the last state, step t has "
        "changed it by w·(hₜ − hₜ₋₁); judged by a sum, it has added w·hₜ. The three poolings are "
        "different trained networks: compare shapes, not single values."
    )
    st.caption(f"{literal(f'{text} {difference} {size}.')} {how}")


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
