"""View: the gradient of three small networks, last state or sum, and each step in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from engine.cells import CELLS
from engine.figures import norms, style
from engine.figures.sentiment.pooling import short_title
from engine.language import check
from engine.results import GradientProfile, Reading
from pages.parts.sentiment import controls
from pages.parts.sentiment.controls import Query, read, small
from pages.shared import gradient_panel, jobs, links, models, views
from pages.shared.slides import LONG
from pages.shared.text import _, decimal, literal, percent

POOLING = "sentiment_pooling"
POOLINGS = ("last", "sum")
"""Slides 51 and 52. Slide 53's two directions have two ends: no lag to count from."""

VANISHES, SHORT = 0.5, 20
"""The first gradient as a share of the last below which it vanishes; steps of a short text."""


def draw() -> None:
    """View: the norms of three small networks, what their sentences say, and each step."""
    picture, side = views.stage()
    with side:
        pooling = views.pick(
            POOLING,
            _("Pooling"),
            POOLINGS,
            lambda way: short_title(way, _),
            POOLINGS[0],
            quiet=True,
        )
        axis = gradient_panel.knob("sentiment_gradient_axis")
        query = controls.draw()
    with picture:
        reading = read(query, check(query.text))
        found = profiles(query, reading, [*CELLS], pooling)
        _why_not(query, found[0], pooling)
        alt = norms.decay_alt(found, _)
        views.chart(norms.decay(found, _, axis), alt, "sentiment_gradient_figure", "gradient")
    gradient_panel.draw_cells(found, _says)
    st.caption(f"{_about_loss(reading, pooling)} {gradient_panel.memory()}")
    with st.expander(_("Each step in numbers"), icon=":material/table:"):
        draw_steps(reading, found)


def profiles(
    query: Query, reading: Reading, cells: Sequence[str], pooling: str
) -> list[GradientProfile]:
    """The gradient of the loss of the verdict's label in small models of the text's language."""
    label, text = reading.verdict.label, reading.text
    names = [small(query.language, cell, pooling) for cell in cells]
    predictors = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (predictor.gradients(text, label) for predictor in predictors)

    return jobs.wait(jobs.start("sentiment_gradients", (*names, text, label), work))


def _why_not(query: Query, profile: GradientProfile, pooling: str) -> None:
    """Where the plain RNN's gradient does not vanish: why, and a text on which it does."""
    ratio, steps = profile.ratio, len(profile.pieces) - 1
    if steps and ratio < VANISHES:
        return
    if pooling == "sum":
        why = _("With the sum of states every state has its own direct way to the loss.")
    elif steps < SHORT:
        why = _("In the plain RNN it does not vanish here: {count} tokens are a short way.")
        why = why.format(count=decimal(steps + 1, 0))
    else:
        why = _(
            "In the plain RNN it does not vanish here: training has brought the factor of a step "
            "to {factor} on average."
        ).format(factor=literal(decimal(ratio ** (1 / steps), 2)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(why, width="content")
        st.button(
            _("Read a text on which it vanishes"),
            key="sentiment_vanishes",
            icon=":material/trending_down:",
            on_click=_take_long,
            args=(LONG.get(query.language, LONG["en"]),),
        )


def _take_long(text: str) -> None:
    controls.replace_text(text)
    links.set_values({POOLING: "last"})


def _says(profile: GradientProfile) -> str:
    """What the network answers, and what it scores, as Markdown."""
    scores = models.index()[profile.name].metrics if profile.name in models.index() else {}
    says = gradient_panel.verdict(profile)
    for data, found in scores.items():
        if "accuracy" in found:
            text = _("It answers {share} of the held-out texts of {data} rightly.")
            share = percent(found["accuracy"], 1)
            return f"{says}. {text.format(share=share, data=literal(data.removesuffix(' dev')))}"
    return says


def _about_loss(reading: Reading, pooling: str) -> str:
    """Which loss the gradients are of, as Markdown, and how it reaches the states."""
    if pooling == "sum":
        how = _(
            "Three small networks with about as many parameters each read your text from left to "
            "right and judge by the sum of all their states: besides the way through the later "
            "states, every state has its own direct way to the loss."
        )
    else:
        how = _(
            "Three small networks with about as many parameters each read your text from left to "
            "right and judge by their last state: the loss reaches the earlier states only "
            "through the later ones."
        )
    label = literal(style.label_name(reading.verdict.label, _))
    loss = _("e = −log P({label}) is the loss as if “{label}” were the right answer.")
    return f"{how} {loss.format(label=label)}"


def draw_steps(reading: Reading, profiles: Sequence[GradientProfile]) -> None:
    """Token, probabilities and gradient norms, step by step, as a table."""
    percent = st.column_config.NumberColumn(format="%.1f%%")
    scientific = st.column_config.NumberColumn(format="scientific")
    labels = [style.label_name(label, _) for label in reading.verdict.labels]
    st.dataframe(
        _steps_table(reading, profiles),
        hide_index=True,
        column_config={
            **dict.fromkeys(labels, percent),
            **dict.fromkeys(_norms(profiles), scientific),
        },
        alt=_("Each step: token, probabilities after it, and gradient norms of the three cells"),
    )
    st.caption(
        _(
            "Gradient norms ‖∂e/∂h‖ and, for the LSTM, ‖∂e/∂c‖, as they are (in the figure above "
            "they are divided by the last step's)."
        )
    )


def _steps_table(reading: Reading, profiles: Sequence[GradientProfile]) -> pd.DataFrame:
    """One row per piece. Gradients are left out where a model cuts the text differently."""
    pieces = [piece.text for piece in reading.pieces]
    columns: dict[str, object] = {
        _("step"): range(1, len(pieces) + 1),
        _("token"): [text.strip() for text in pieces],
    }
    for k, label in enumerate(reading.verdict.labels):
        columns[style.label_name(label, _)] = 100 * reading.after[:, k]
    for name, (profile, state) in _norms(profiles).items():
        if [piece.text for piece in profile.pieces] == pieces:
            columns[name] = profile.c if state == "c" else profile.h
    return pd.DataFrame(columns)


def _norms(profiles: Sequence[GradientProfile]) -> dict[str, tuple[GradientProfile, str]]:
    """Columns of gradient norms: by title, the profile and which state's they are."""
    return {
        f"{style.cell_style(profile.cell).title} ∂e/∂{state}": (profile, state)
        for profile in profiles
        for state in (("h", "c") if profile.c is not None else ("h",))
    }
