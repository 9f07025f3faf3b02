"""Cells compared: how far back the gradient reaches in an RNN, an LSTM and a GRU (slide 42)."""

from __future__ import annotations

import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import style
from engine.figures.gradients import paths as figures
from engine.lab.paths_back import KEEP
from engine.results import PathsBack
from pages.parts.gradients import compute, snippets
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import decimal, lesson, literal, translator

BIAS, PATHS, MATCH = "gradients_keep", "gradients_paths", "gradients_match"
STEPS, SCALE = "gradients_cells_length", "gradients_cells_scale"
SHOWN = {"both": N_("both"), "all": N_("all paths"), "direct": N_("direct path")}
SIZES = {"units": N_("same units"), "parameters": N_("same parameters")}
UNITS = 64


def draw() -> None:
    """Three controls, a card per cell, the curves."""
    _ = translator()
    st.markdown(lesson("gradients")["cells"])
    shown, found = _ask(_)
    for column, cell in zip(st.columns(3), found, strict=True):
        with column.container(border=True, height="stretch"):
            _card(cell, _)
    st.plotly_chart(
        figures.curves(found, _, ["all", "direct"] if shown == "both" else [shown]),
        key="gradients_cells_figure",
        config=saving.config("cells-by-lag"),
        alt=figures.curves_alt(found, _),
    )
    st.caption(
        _(
            "Each curve is divided by its own value at lag 0: compare slopes. The LSTM's ∂e/∂h "
            "(dashed) leaves out the way through c; the solid line is the one to compare."
        )
    )
    with st.popover(_("The same in PyTorch"), icon=":material/code:", type="tertiary"):
        st.code(snippets.PATHS, language="python")


def _ask(_: style.Translate) -> tuple[str, list[PathsBack]]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        keep = links.choice(BIAS, KEEP, "1")
        st.segmented_control(
            _("Keep bias (LSTM: forget gate; GRU: minus the update gate's)"),
            list(KEEP),
            key=BIAS,
            required=True,
        )
        shown = links.choice(PATHS, SHOWN, "both")
        st.segmented_control(
            _("Paths"), list(SHOWN), key=PATHS, format_func=lambda p: _(SHOWN[p]), required=True
        )
        match = links.choice(MATCH, SIZES, "units")
        st.segmented_control(
            _("Size"), list(SIZES), key=MATCH, format_func=lambda m: _(SIZES[m]), required=True
        )
        steps = links.choice(STEPS, ["50", "100", "200"], "100")
        scale = links.choice(SCALE, ["0", "0.3", "1", "3"], "1")
        with st.popover(_("Settings"), icon=":material/tune:", key="gradients_cells_settings"):
            links.resend(STEPS, SCALE)
            st.select_slider(_("Length: steps back"), ["50", "100", "200"], key=STEPS)
            st.select_slider(
                _("Input scale"),
                ["0", "0.3", "1", "3"],
                key=SCALE,
                format_func=lambda v: decimal(float(v), len(v.partition(".")[2])),
            )
    same = match == "parameters"
    return shown, compute.paths(UNITS, int(steps), keep, float(scale), same_size=same)


def _card(cell: PathsBack, _: style.Translate) -> None:
    look = style.cell_style(cell.cell)
    size = _("{units} units, {count} parameters (×{times})").format(
        units=cell.units, count=style.grouped(cell.parameters), times=len(CELLS[cell.cell].gates)
    )
    st.markdown(f"**{look.title}** · {size}")
    st.markdown(f"**{literal(figures.sentence(cell, _))}**")
    st.caption(literal(figures.direct_sentence(cell, _)))
