"""View: token, probabilities and gradient norms, step by step, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.figures import style
from engine.results import GradientProfile, Reading
from pages.shared.text import translator


def draw(reading: Reading, profiles: Sequence[GradientProfile]) -> None:
    """The numbers behind the line and the gradient panel."""
    _ = translator()
    st.dataframe(
        table(reading, profiles, _),
        hide_index=True,
        column_config={
            **{
                style.label_name(label, _): st.column_config.NumberColumn(format="%.1f%%")
                for label in reading.verdict.labels
            },
            **{
                column: st.column_config.NumberColumn(format="scientific")
                for column in _gradient_columns(profiles)
            },
        },
        alt=_("Each step: token, probabilities after it, and gradient norms of the three cells"),
    )
    st.caption(
        _(
            "Gradient norms ‖∂e/∂h‖ and, for the LSTM, ‖∂e/∂c‖, as they are (in the figure above "
            "they are divided by the last step's)."
        )
    )


def table(
    reading: Reading, profiles: Sequence[GradientProfile], _: style.Translate
) -> pd.DataFrame:
    """One row per piece. Gradients are left out where a model cuts the text differently."""
    pieces = [piece.text for piece in reading.pieces]
    columns: dict[str, object] = {
        _("step"): range(1, len(pieces) + 1),
        _("token"): [text.strip() for text in pieces],
    }
    for k, label in enumerate(reading.verdict.labels):
        columns[style.label_name(label, _)] = 100 * reading.after[:, k]
    for name, (profile, which) in _gradient_columns(profiles).items():
        if [piece.text for piece in profile.pieces] == pieces:
            columns[name] = profile.c if which == "c" else profile.h
    return pd.DataFrame(columns)


def _gradient_columns(
    profiles: Sequence[GradientProfile],
) -> dict[str, tuple[GradientProfile, str]]:
    return {
        f"{style.cell_style(profile.cell).title} ∂e/∂{which}": (profile, which)
        for profile in profiles
        for which in (("h", "c") if profile.c is not None else ("h",))
    }
