"""Build: every stage of the cell on the same sequence and numbers, one below the other."""

from __future__ import annotations

import streamlit as st

from engine.figures.cells import states
from engine.figures.style import Translate, cell_style
from engine.lab import stages, trace
from engine.results import CellRun
from pages.parts.cells import equations
from pages.parts.cells.ask import NAMES, Question
from pages.shared import figures as saving
from pages.shared.text import decimal, translator


def draw(run: CellRun, question: Question) -> None:
    """The finished cell is the last row. The plain RNN has no stages: the GRU's begin with it."""
    _ = translator()
    kind = "gru" if run.cell == "rnn" else run.cell
    if run.cell == "rnn":
        st.info(
            _(
                "The plain RNN has one stage only. These are the GRU's: its first is the plain "
                "cell of slide 44, the others add a gate each."
            )
        )
    found = trace.every_stage(kind, run.sequence, question.setup)
    rows = {title(kind, stage, _): one.values["h"] for stage, one in found.items()}
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _equations(found, _)
    with right:
        st.markdown(_("**State hₜ after each step**, one number per unit"))
        st.plotly_chart(
            states.states(rows, run.sequence.names),
            key="cells_build",
            config=saving.config(f"{kind}-stages"),
            alt=states.states_alt(rows, _),
        )
    st.caption(_remark(kind, found, _))


def title(kind: str, stage: str, _: Translate) -> str:
    """`LSTM + forget (slide 40)`."""
    slide = stages.STAGES[kind][stage].slide
    name = _(NAMES[stage])
    return _("{cell} {stage} (slide {slide})").format(
        cell=cell_style(kind).title, stage=name, slide=slide
    )


def _equations(found: dict[str, CellRun], _: Translate) -> None:
    """The lines that each stage has new or changed, and the loss it ends with."""
    known: set[str] = set()
    for stage, one in found.items():
        st.markdown(f"**{title(one.cell, stage, _)}**")
        said = [equations.symbols(one, name) for name in equations.lines(one)[:-1]]
        rows = [line for line in said if line not in known]
        known |= {*rows}
        aligned = r"\\".join(row.replace(" = ", " &= ", 1) for row in rows)
        st.latex(r"\begin{aligned}" + aligned + r"\end{aligned}")
        st.caption(_("total loss {loss}").format(loss=decimal(float(one.e.sum()), 2)))


def _remark(kind: str, found: dict[str, CellRun], _: Translate) -> str:
    """What to look for, with this run's own numbers."""
    if kind == "lstm":
        size = [float(abs(found[stage].values["c"]).max()) for stage in ("memory", "forget")]
        return _(
            "Without a gate the memory only adds: over this run |c| reaches {without}, and {gated} "
            "with all three gates. These are untrained weights: the losses say what the gates do "
            "to the numbers, not which cell is better."
        ).format(without=decimal(size[0], 2), gated=decimal(size[1], 2))
    return _(
        "The update gate z joins forgetting (1 − z) and input (z) in one number; a GRU has no "
        "output gate. Slide 43 says “forget and output”, its own equation on slide 47 says forget "
        "and input. The lecture writes z as Chung et al. 2014 do; PyTorch keeps Cho et al.'s sign."
    )
