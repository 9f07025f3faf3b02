"""Gate surgery: hold a gate at 0 or 1, and see what becomes of states, outputs and gradients."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.figures.cells import states
from engine.figures.style import Translate, cell_style
from engine.lab import stages, trace
from engine.results import CellRun, Floats
from pages.parts.cells.ask import Question
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import decimal, translator

GATE, VALUE = "cells_gate", "cells_held"
GATES = {
    "lstm": {"f": N_("forget f"), "i": N_("input i"), "o": N_("output o")},
    "gru": {"z": N_("update z"), "r": N_("reset r")},
}
REMARKS = {
    "f0": N_("f = 0: the memory is wiped at every step; c_t is only what comes in now."),
    "f1": N_("f = 1: nothing is forgotten. This is stage 3, the cell of slide 39."),
    "i0": N_("i = 0: nothing gets in. The memory starts at 0 and stays there."),
    "i1": N_("i = 1: everything gets in, wanted or not."),
    "o0": N_("o = 0: the memory works on, but nobody sees it: h_t = 0."),
    "o1": N_("o = 1: the memory is always shown: h_t = tanh(c_t)."),
    "z0": N_("z = 0: the old state is kept for good, so h_t stays at its start, 0."),
    "z1": N_("z = 1: nothing is kept beyond the candidate. This is stage 2, slide 45."),
    "r0": N_("r = 0: the candidate does not see the past; what is kept goes through 1 − z."),
    "r1": N_("r = 1: the candidate sees the whole past."),
}


def draw(run: CellRun, question: Question) -> None:
    """The finished cell, untouched and with one gate held, on the same input and weights."""
    _ = translator()
    kind = "lstm" if run.cell == "rnn" else run.cell
    if run.cell == "rnn":
        st.info(_("The plain RNN has no gate to hold, so this is the LSTM on the same input."))
    gate, value = _choose(kind, _)
    final = stages.FINAL[kind]
    untouched = trace.run(kind, final, run.sequence, question.setup)
    held = trace.run(kind, final, run.sequence, question.setup, {gate: float(value)})
    st.markdown(_(REMARKS[gate + value]))
    _losses(untouched, held, _)
    left, right = st.columns(2, gap="medium")
    with left:
        _states(untouched, held, f"{gate} = {value}", _)
    with right:
        _gradients(untouched, held, _)


def _choose(kind: str, _: Translate) -> tuple[str, str]:
    gates = GATES[kind]
    gate = links.choice(GATE, gates, next(iter(gates)))
    value = links.choice(VALUE, ("0", "1"), "1")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("Gate of the {cell}").format(cell=cell_style(kind).title),
            list(gates),
            key=GATE,
            format_func=lambda name: _(gates[name]),
            required=True,
        )
        st.segmented_control(_("held at"), ("0", "1"), key=VALUE, required=True)
    return gate, value


def _losses(untouched: CellRun, held: CellRun, _: Translate) -> None:
    """What the change does to the output: the total loss before and after."""
    before, after = float(untouched.e.sum()), float(held.e.sum())
    st.markdown(
        _("Total loss: {before} untouched, {after} held.").format(
            before=decimal(before, 3), after=decimal(after, 3)
        )
    )


def _states(untouched: CellRun, held: CellRun, name: str, _: Translate) -> None:
    """h and the probability of the right answer, untouched above held."""
    rows = {
        _("hₜ untouched"): untouched.values["h"],
        _("hₜ with {gate}").format(gate=name): held.values["h"],
        _("P(right answer) untouched"): right_answers(untouched),
        _("P(right answer) with {gate}").format(gate=name): right_answers(held),
    }
    st.markdown(_("**States and outputs**"))
    st.plotly_chart(
        states.states(rows, untouched.sequence.names),
        key="cells_surgery_states",
        config=saving.config("gate-surgery-states"),
        alt=states.states_alt(rows, _),
    )


def right_answers(run: CellRun) -> Floats:
    """(T, 1) y_t at the right answer."""
    return run.y[range(run.steps), run.sequence.targets][:, None]


def _gradients(untouched: CellRun, held: CellRun, _: Translate) -> None:
    st.markdown(_("**Gradients**, of the loss that Settings names"))
    st.plotly_chart(
        states.norms(untouched, held, _),
        key="cells_surgery_gradients",
        config=saving.config("gate-surgery-gradients"),
        alt=states.norms_alt(untouched, held, _),
    )
    st.caption(
        _(
            "Same weights, input and loss, so the norms themselves can be compared. A gap in a "
            "line is a gradient of exactly zero. Only the direct path is set by the gate: gradient "
            "also flows through the gates, which read hₜ₋₁ (slide 42)."
        )
    )
