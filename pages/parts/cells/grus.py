"""Two GRUs: the lecture's and PyTorch's on the same numbers, and what makes them one."""

from __future__ import annotations

import streamlit as st

from engine.figures import style
from engine.figures.cells import states
from engine.figures.style import Translate
from engine.lab import trace
from engine.results import CellRun, GRUComparison
from pages.parts.cells import snippets
from pages.parts.cells.ask import Question
from pages.shared import figures as saving
from pages.shared.text import literal, translator

FLIP, MOVE = "cells_flip", "cells_move"

LECTURE = (
    r"\begin{aligned} h'_t &= \tanh(W\,[x_t;\; r_t \odot h_{t-1}])\\"
    r"h_t &= (1 - z_t) \odot h_{t-1} + z_t \odot h'_t \end{aligned}"
)
KEPT = r"h_t = (1 - z_t) \odot h'_t + z_t \odot h_{t-1}"
AFTER = r"h'_t = \tanh(W_x x_t + r_t \odot (W_h h_{t-1}))"
INSIDE = r"h'_t = \tanh(W_x x_t + W_h (r_t \odot h_{t-1}))"


def draw(run: CellRun, question: Question) -> None:
    """Two switches, the equations they change, the states, and the differences of all four."""
    _ = translator()
    found = trace.compare_grus(run.sequence, question.setup)
    flip, move = _switches(_)
    variant = {(False, False): "none", (True, False): "z", (False, True): "r"}.get(
        (flip, move), "both"
    )
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _equations(flip, move, _)
        _verdict(found, variant, run, question, _)
    with right:
        _states(found, variant, _)
    st.table(
        {
            _("change"): list(changes(_).values()),
            _("largest |difference| from the lecture's h"): [
                style.rounding(found.difference(name)) for name in changes(_)
            ],
        },
        border="horizontal",
        hide_index=True,
        alt=_("The four variants of PyTorch's GRU and how far each is from the lecture's"),
    )
    with st.popover(_("The same in PyTorch"), icon=":material/code:"):
        st.code(snippets.GRUS, language="python")


def _switches(_: Translate) -> tuple[bool, bool]:
    """The two changes to PyTorch's GRU."""
    with st.container(horizontal=True):
        flip = st.toggle(
            _("Flip the sign of W_z and b_z").replace("_", r"\_"), key=FLIP, bind="query-params"
        )
        move = st.toggle(_("Move r inside the product"), key=MOVE, bind="query-params")
    return flip, move


def changes(_: Translate) -> dict[str, str]:
    """What each variant changes in PyTorch's GRU."""
    return {
        "none": _("none"),
        "z": _("sign of z"),
        "r": _("place of r"),
        "both": _("both"),
    }


def _equations(flip: bool, move: bool, _: Translate) -> None:
    st.markdown(_("**The lecture's** (Chung et al. 2014)"))
    st.latex(LECTURE)
    st.markdown(_("**PyTorch's** (Cho et al. 2014's sign), with the changes switched on"))
    negated = r",\quad z_t = \sigma(-a_z) = 1 - \sigma(a_z)" if flip else r",\quad z_t=\sigma(a_z)"
    rows = [INSIDE if move else AFTER, KEPT]
    aligned = r"\\".join(row.replace(" = ", " &= ", 1) for row in rows)
    st.latex(r"\begin{aligned}" + aligned + r"\end{aligned}")
    st.latex(negated.removeprefix(r",\quad "))


def _verdict(
    found: GRUComparison, variant: str, run: CellRun, question: Question, _: Translate
) -> None:
    """The difference of what is switched on, and that PyTorch's really is PyTorch's."""
    difference = literal(style.rounding(found.difference(variant)))
    if variant == "both":
        text = _("**With both changes they are equal**: they differ by at most {difference}.")
        st.success(text.format(difference=difference), icon=":material/check:")
    else:
        text = _("They differ by up to {difference}.")
        st.info(text.format(difference=difference), icon=":material/info:")
    to_torch = trace.torch_difference("gru", "update", run.sequence, question.setup, True)
    st.caption(
        _(
            "Flipping a sign is only another reading of the same weights. Where r stands is "
            "structural: in general no choice of weights turns one form into the other. PyTorch's "
            "form here against torch.nn.GRU itself: at most {difference}."
        ).format(difference=literal(style.rounding(to_torch or 0.0)))
    )


def _states(found: GRUComparison, variant: str, _: Translate) -> None:
    rows = {
        _("the lecture's hₜ"): found.lecture,
        _("PyTorch's hₜ, changed: {change}").format(change=changes(_)[variant]): (
            found.variants[variant]
        ),
        _("difference"): found.variants[variant] - found.lecture,
    }
    st.plotly_chart(
        states.states(rows, found.names),
        key="cells_grus",
        config=saving.config("two-grus"),
        alt=states.states_alt(rows, _),
    )
