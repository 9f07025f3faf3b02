"""The views on gates: every stage of the cell, a gate that is held, and the two GRUs."""

from __future__ import annotations

import streamlit as st

from engine.cells import DEFAULT_CELL, PLAIN_CELL
from engine.errors import N_
from engine.figures import numbers
from engine.figures.cells import states
from engine.figures.style import Translate, cell_style
from engine.lab import stages, trace
from engine.lab.trace import GRU
from engine.results import CellRun, Floats, GRUComparison
from pages.parts.cells import controls, equations
from pages.parts.cells.controls import NAMES, Question
from pages.shared import views
from pages.shared.text import _, decimal, literal


def draw_stages(run: CellRun, question: Question) -> None:
    """The finished cell is the last row. The plain RNN has no stages: the GRU's begin with it."""
    kind = GRU if run.cell == PLAIN_CELL else run.cell
    if run.cell == PLAIN_CELL:
        st.info(
            _(
                "The plain RNN has one stage only. These are the GRU's: its first is the plain "
                "cell of slide 44, the others add a gate each."
            )
        )
    found = trace.every_stage(kind, run.sequence, question.setup)
    rows = {stage_title(kind, stage, _): one.values["h"] for stage, one in found.items()}
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _new_equations(found, _)
    with right:
        st.markdown(_("**State hₜ after each step**, one number per unit"))
        names, alt = run.sequence.names, states.states_alt(rows, _)
        views.chart(states.states(rows, names), alt, "cells_build", f"{kind}-stages")
    if kind == DEFAULT_CELL:
        size = [float(abs(found[stage].values["c"]).max()) for stage in ("memory", "forget")]
        remark = _(
            "Without a gate the memory only adds: over this run |c| reaches {without}, and {gated} "
            "with all three gates. These are untrained weights: the losses say what the gates do "
            "to the numbers, not which cell is better."
        ).format(without=decimal(size[0], 2), gated=decimal(size[1], 2))
    else:
        remark = _(
            "The update gate z joins forgetting (1 − z) and input (z) in one number; a GRU has no "
            "output gate. Slide 43 says “forget and output”, its own equation on slide 47 says "
            "forget and input. The lecture writes z as Chung et al. 2014 do; PyTorch keeps Cho et "
            "al.'s sign."
        )
    st.caption(remark)


def stage_title(kind: str, stage: str, _: Translate) -> str:
    """`LSTM + forget (slide 40)`."""
    slide = stages.STAGES[kind][stage].slide
    name = _(NAMES[stage])
    return _("{cell} {stage} (slide {slide})").format(
        cell=cell_style(kind).title, stage=name, slide=slide
    )


def _new_equations(found: dict[str, CellRun], _: Translate) -> None:
    """The lines that each stage has new or changed, and the loss it ends with."""
    known: set[str] = set()
    for stage, one in found.items():
        st.markdown(f"**{stage_title(one.cell, stage, _)}**")
        said = [equations.symbols(one, name) for name in equations.lines(one)[:-1]]
        rows = [line for line in said if line not in known]
        known |= {*rows}
        aligned = r"\\".join(row.replace(" = ", " &= ", 1) for row in rows)
        st.latex(r"\begin{aligned}" + aligned + r"\end{aligned}")
        st.caption(_("total loss {loss}").format(loss=decimal(float(one.e.sum()), 2)))


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


def draw_held_gate(untouched: CellRun, held: CellRun) -> None:
    """The finished cell, untouched and with gates held, on the same input and weights."""
    name = ", ".join(states.held_name(gate, values) for gate, values in held.held.items())
    rows = {
        _("hₜ untouched"): untouched.values["h"],
        _("hₜ with {gate}").format(gate=name): held.values["h"],
        _("P(right answer) untouched"): right_answers(untouched),
        _("P(right answer) with {gate}").format(gate=name): right_answers(held),
    }
    before, after = (decimal(float(one.e.sum()), 3) for one in (untouched, held))
    text = _("**States and outputs.** Total loss: {before} untouched, {after} held.")
    st.markdown(text.format(before=before, after=after))
    figure, alt = states.states(rows, untouched.sequence.names), states.states_alt(rows, _)
    views.chart(figure, alt, "cells_surgery_states", "gate-surgery-states")
    st.caption(
        _(
            "Only the direct path is set by the gate: gradient also flows through the gates, which "
            "read hₜ₋₁ (slide 42)."
        )
    )


def right_answers(run: CellRun) -> Floats:
    """(T, 1) y_t at the right answer."""
    return run.y[range(run.steps), run.sequence.targets][:, None]


FLIP, MOVE = "cells_flip", "cells_move"

LECTURE = (
    r"\begin{aligned} h'_t &= \tanh(W\,[x_t;\; r_t \odot h_{t-1}])\\"
    r"h_t &= (1 - z_t) \odot h_{t-1} + z_t \odot h'_t \end{aligned}"
)
KEPT = r"h_t = (1 - z_t) \odot h'_t + z_t \odot h_{t-1}"
AFTER = r"h'_t = \tanh(W_x x_t + r_t \odot (W_h h_{t-1}))"
INSIDE = r"h'_t = \tanh(W_x x_t + W_h (r_t \odot h_{t-1}))"


def draw_two_grus() -> None:
    """The states of both, the equations that two switches change, all four differences."""
    picture, side = views.stage(5, 2)
    with side:
        label = _("Flip the sign of W_z and b_z").replace("_", r"\_")
        flip = st.toggle(label, key=FLIP, bind="query-params")
        move = st.toggle(_("Move r inside the product"), key=MOVE, bind="query-params")
        question = controls.draw(only=GRU)
    found = trace.compare_grus(question.sequence, question.setup)
    variant = {(False, False): "none", (True, False): "z", (False, True): "r"}.get(
        (flip, move), "both"
    )
    with side:
        _verdict(found, variant, _)
    with picture:
        pytorch = found.variants[variant]
        name = _("PyTorch's hₜ as it is")
        if variant != "none":
            name = _("PyTorch's hₜ, changed: {change}").format(change=changes(_)[variant])
        rows = {
            _("the lecture's hₜ"): found.lecture,
            name: pytorch,
            _("difference"): pytorch - found.lecture,
        }
        figure, alt = states.states(rows, found.names), states.states_alt(rows, _)
        views.chart(figure, alt, "cells_grus", "two-grus")
        _gru_equations(flip, move, _)
    views.table(
        {
            _("change"): list(changes(_).values()),
            _("largest |difference| from the lecture's h"): [
                _size(found.difference(name)) for name in changes(_)
            ],
        },
        _("The four variants of PyTorch's GRU and how far each is from the lecture's"),
    )
    to_torch = trace.torch_difference(
        GRU, stages.FINAL[GRU], question.sequence, question.setup, True
    )
    st.caption(
        _(
            "Flipping a sign is only another reading of the same weights. Where r stands is "
            "structural: in general no choice of weights turns one form into the other. PyTorch's "
            "form here against torch.nn.GRU itself: at most {difference}."
        ).format(difference=literal(numbers.rounding(to_torch or 0.0)))
    )
    views.pytorch(views.snippet("two-grus"))


def _size(difference: float) -> str:
    """A difference as it is, or one that is only rounding as a power of ten."""
    large = difference > 1e-3
    return numbers.general(difference, 1) if large else numbers.rounding(difference)


def changes(_: Translate) -> dict[str, str]:
    """What each variant changes in PyTorch's GRU."""
    return {
        "none": _("none"),
        "z": _("sign of z"),
        "r": _("place of r"),
        "both": _("both"),
    }


def _gru_equations(flip: bool, move: bool, _: Translate) -> None:
    """The lecture's and PyTorch's, as the switches have changed it."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(_("**The lecture's** (Chung et al. 2014)"))
        st.latex(LECTURE)
    with right:
        title = _("**PyTorch's** (Cho et al. 2014's sign)")
        if flip or move:
            title = _("**PyTorch's** (Cho et al. 2014's sign), with the changes switched on")
        st.markdown(title)
        rows = [INSIDE if move else AFTER, KEPT]
        rows.append(r"z_t = \sigma(-a_z) = 1 - \sigma(a_z)" if flip else r"z_t = \sigma(a_z)")
        aligned = r"\\".join(row.replace(" = ", " &= ", 1) for row in rows)
        st.latex(r"\begin{aligned}" + aligned + r"\end{aligned}")


def _verdict(found: GRUComparison, variant: str, _: Translate) -> None:
    """The difference of what is switched on."""
    difference = literal(_size(found.difference(variant)))
    if variant == "both":
        text = _("**With both changes they are equal**: they differ by at most {difference}.")
        st.success(text.format(difference=difference), icon=":material/check:")
    else:
        text = _("They differ by up to {difference}.")
        st.info(text.format(difference=difference), icon=":material/info:")
