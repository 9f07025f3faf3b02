"""Unrolled: every step at once, with shared weights, losses, and where the units are on tanh, σ."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.figures.cells import network as figures
from engine.figures.cells import states as activations
from engine.figures.style import Translate
from engine.results import SIGMOIDS, CellRun, Floats
from pages.parts.cells import snippets
from pages.parts.cells.step import current
from pages.shared import figures as saving
from pages.shared.text import literal, percent, translator


def draw(run: CellRun) -> None:
    """The unrolled net, its losses as a table, and the curves."""
    _ = translator()
    step = current(run)
    st.plotly_chart(
        figures.unrolled(run, step, _),
        key="cells_unrolled",
        config=saving.config("unrolled"),
        alt=figures.unrolled_alt(run, _),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _(
                "Arrows of one colour carry the same matrix at every step: the weights are shared. "
                "Framed in yₜ: the right answer; eₜ = −log of its probability."
            )
        )
        with st.popover(_("The same in PyTorch"), icon=":material/code:"):
            st.code(snippets.UNROLLED, language="python")
    st.table(table(run, _), border="horizontal", hide_index=True, alt=_("Every step with its loss"))
    _curves(run, step, _)


def table(run: CellRun, _: Translate) -> pd.DataFrame:
    """One row per step: input, state, right answer, its probability, its loss."""
    right = [run.sequence.outputs[k] for k in run.sequence.targets]
    chance = [f"{run.y[t, k]:.3f}" for t, k in enumerate(run.sequence.targets)]
    return pd.DataFrame(
        {
            _("step"): [str(t + 1) for t in range(run.steps)],
            "xₜ": [literal(name) for name in run.sequence.names],
            "hₜ": [_vector(values) for values in run.values["h"]],
            _("right answer"): [literal(name) for name in right],
            _("its probability in yₜ"): chance,
            "eₜ": [f"{e:.3f}" for e in run.e],
        }
    )


def _vector(values: Floats) -> str:
    return literal(f"({', '.join(f'{value:.2f}' for value in values)})".replace("-", "−"))


def _curves(run: CellRun, step: int, _: Translate) -> None:
    """tanh, and σ where the cell has gates, with this step's pre-activations."""
    st.markdown(
        _("**Where the units are at step {step}** (“{name}”); shaded: saturated").format(
            step=step + 1, name=literal(run.sequence.names[step])
        )
    )
    columns = st.columns(2, gap="medium")
    for column, which in zip(columns, ("tanh", "sigmoid"), strict=True):
        with column:
            st.plotly_chart(
                activations.curve(which, run, step, _),
                key=f"cells_{which}",
                config=saving.config(which),
                alt=activations.curve_alt(which, run, step, _),
            )
    gates = _("The curve of σ has points only where the stage has a gate.")
    st.caption(
        _("Saturated at this step: {share} of gates and units.").format(
            share=literal(percent(run.saturated(step)))
        )
        + ("" if SIGMOIDS & {*run.a} else f" {gates}")
    )
