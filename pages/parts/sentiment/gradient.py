"""The gradient of three small networks: the panel, and the view with the numbers step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from engine.cells import CELLS
from engine.figures import style
from engine.figures.sentiment.pooling import title
from engine.results import GradientProfile, Reading
from pages.parts.sentiment.controls import Query, small
from pages.shared import gradient_panel, jobs, links, models
from pages.shared.text import _, literal, option_names

POOLING = "sentiment_pooling"
POOLINGS = ("last", "sum")
"""Slides 51 and 52. Slide 53's two directions have two ends: no lag to count from."""


def draw(query: Query, text: str, reading: Reading) -> list[GradientProfile]:
    """Draws the panel and returns what it shows."""
    pooling = links.choice(POOLING, POOLINGS, "last")
    profiles = _profiles(query, text, reading.verdict.label, pooling)
    gradient_panel.draw(
        profiles, "sentiment_gradient", _about_loss(reading, pooling), choose=_draw_choice
    )
    return profiles


def _draw_choice() -> None:
    """What the networks judge by: the lesson of slide 52."""
    st.segmented_control(
        _("Pooling"),
        POOLINGS,
        key=POOLING,
        format_func=option_names(POOLINGS, lambda pooling: title(pooling, _)),
        required=True,
        label_visibility="collapsed",
    )


def _profiles(query: Query, text: str, label: str, pooling: str) -> list[GradientProfile]:
    """The gradient of the loss of `label` in three small models of the text's language."""
    names = [small(query.language, cell, pooling) for cell in CELLS]
    predictors = [models.sentiment(name) for name in names]

    def work(_stop: jobs.Stop) -> Iterator[GradientProfile]:
        return (predictor.gradients(text, label) for predictor in predictors)

    return jobs.wait(jobs.start("sentiment_gradients", (*names, text, label), work))


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
    """View: token, probabilities and gradient norms, step by step, as a table."""
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
