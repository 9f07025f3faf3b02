"""Below the first screen: what is measured of the shown run, and the source if it is asked for."""

from __future__ import annotations

import streamlit as st

from engine.cells import CELLS
from engine.figures import style
from engine.figures.style import Translate
from engine.lab import stages, trace
from engine.results import CellRun
from pages.parts.cells.ask import SOURCE, Question
from pages.shared.text import decimal, literal, percent, translator


def draw(run: CellRun, question: Question) -> None:
    """Saturation, parameters, equality with torch.nn; three short facts side by side."""
    _ = translator()
    with st.grid(3, min_column_width=260, gap="small"):
        for title, said in (
            (_("Saturated"), _saturated(run, _)),
            (_("Parameters"), _parameters(run, _)),
            (_("Equal to torch.nn?"), _equality(run, question, _)),
        ):
            with st.container(border=True, gap=None, height="stretch"):
                st.markdown(f"**{title}**")
                st.caption(said)
    if st.session_state.get(SOURCE):
        _source(run, _)


def _saturated(run: CellRun, _: Translate) -> str:
    return _(
        "{share} of all gates and units over the whole run: their slope is below a tenth of the "
        "largest (slides 21 and 30)."
    ).format(share=literal(percent(run.saturated())))


def _parameters(run: CellRun, _: Translate) -> str:
    return (
        _(
            "{count} are read in this stage, W_y included. The finished cell's matrices: ×{times} "
            "the plain RNN's."
        )
        .format(count=decimal(run.parameters, 0), times=len(CELLS[run.cell].gates))
        .replace("_", r"\_")
    )


def _equality(run: CellRun, question: Question, _: Translate) -> str:
    """Computed for the weights on the screen, in float64."""
    found = trace.torch_difference(run.cell, run.stage, run.sequence, question.setup)
    if found == 0:
        return _("Yes, in float64: over this run all states are the same to the last bit.")
    if found is not None:
        text = _("Yes, in float64: over this run the states differ by at most {difference}.")
        return text.format(difference=literal(style.rounding(found)))
    if run.cell == "gru" and run.stage == stages.FINAL["gru"]:
        return _(
            "torch has no such cell: its GRU differs in the sign of z and the place of r. See "
            "“Two GRUs” below, where the difference is measured."
        )
    return _("torch has no such cell: this stage is only a step on the way.")


def _source(run: CellRun, _: Translate) -> None:
    """The code that has just run, read from its module."""
    st.code(stages.source(run.cell, run.stage), language="python")
    st.caption(
        _(
            "This is the code that computed the numbers above. Slide 41 leaves the biases out and "
            "stacks g, i, f, o; torch, and this code, stack i, f, g, o and have two biases per "
            "gate. The slide's Elman cell has none, so the RNN runs without."
        )
    )
