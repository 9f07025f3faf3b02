"""The views on cells compared (slide 42), and on training with and without clipping."""

from __future__ import annotations

import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import numbers, style
from engine.figures.gradients import clipping, paths
from engine.lab import exploding, paths_back
from engine.lab.exploding import Trial
from engine.lab.paths_back import KEEP
from pages.parts.gradients.controls import SEEDS
from pages.shared import jobs, lecture, links, views
from pages.shared.text import _, lesson, literal, numeral

BIAS, PATHS, MATCH = "gradients_keep", "gradients_paths", "gradients_match"
STEPS, SCALE = "gradients_cells_length", "gradients_cells_scale"
SHOWN = {"both": N_("both"), "all": N_("all paths"), "direct": N_("direct path")}
SIZES = {"units": N_("same units"), "parameters": N_("same parameters")}
UNITS = 64
LENGTHS, SCALES = ("50", "100", "200"), ("0", "0.3", "1", "3")


def draw_cells() -> None:
    """The curves with their controls beside them; a card per cell."""
    picture, side = views.stage(5, 2)
    with side:
        label = _("Keep bias (LSTM: forget gate; GRU: minus the update gate's)")
        keep = views.pick(BIAS, label, list(KEEP), numeral, default="1")
        shown = views.pick(PATHS, _("Paths"), SHOWN, default="both")
        match = views.pick(MATCH, _("Size"), SIZES, default="units")
        steps, scale = links.choice(STEPS, LENGTHS, "100"), links.choice(SCALE, SCALES, "1")
        with st.popover(_("Settings"), icon=":material/tune:", key="gradients_cells_settings"):
            links.resend(STEPS, SCALE)
            views.pick_number(STEPS, _("Length: steps back"), LENGTHS)
            views.pick_number(SCALE, _("Input scale"), SCALES)
    chosen, same_size = (int(steps), keep, float(scale)), match == "parameters"
    found = jobs.once(
        "gradients_paths",
        (*chosen, same_size),
        lambda _stop: paths_back.compare(UNITS, *chosen, 0, same_size=same_size),
    )
    with picture:
        figure = paths.curves(found, _, ["all", "direct"] if shown == "both" else [shown])
        views.chart(figure, paths.curves_alt(found, _), "gradients_cells_figure", "cells-by-lag")
    with side:
        st.caption(
            _(
                "Each curve is divided by its own value at lag 0: compare slopes. The LSTM's ∂e/∂h "
                "(dashed) leaves out the path through c; the solid line is the one to compare."
            )
        )
        views.pytorch(views.snippet("paths-back"), quiet=True)
    if lecture.is_on():
        return
    for column, cell in zip(st.columns(3), found, strict=True):
        with column.container(border=True, height="stretch"):
            size = _("{units} units, {count} parameters (×{times})").format(
                units=cell.units,
                count=numbers.grouped(cell.parameters),
                times=len(CELLS[cell.cell].gates),
            )
            st.markdown(f"**{style.cell_style(cell.cell).title}** · {size}")
            st.markdown(f"**{literal(paths.sentence(cell, _))}**")
            st.caption(literal(paths.direct_sentence(cell, _)))
    st.markdown(lesson("gradients")["cells"])


CLIP, START, RATE, SEED = (
    *("gradients_clip", "gradients_start"),
    *("gradients_rate", "gradients_trial"),
)
CLIPS, STARTS = ["0.1", "0.3", "1", "3", "10"], ["0.5", "1.0", "1.5", "2.0", "2.5"]
RATES = ["0.03", "0.1", "0.3", "1"]


def draw_clipping() -> None:
    """Norm and loss over the steps with what came of it; beside them threshold, ρ and rate."""
    picture, side = views.stage(5, 2)
    with side:
        clip = views.pick_number(CLIP, _("Largest norm allowed θ"), CLIPS, "1")
        start = views.pick_number(START, _("ρ of W_h at the start"), STARTS, "2.0")
        rate = views.pick_number(RATE, _("Learning rate η"), RATES, "0.3")
        seed = links.choice(SEED, SEEDS, "0")
        with st.popover(_("Settings"), icon=":material/tune:", key="gradients_clipping_settings"):
            links.resend(SEED)
            views.pick_number(SEED, _("Seed"), SEEDS)
        views.pytorch(views.snippet("clipping"), quiet=True)
    with picture:
        _descents(float(clip), float(start), float(rate), int(seed))
    st.markdown(lesson("gradients")["clipping"])


def _descents(clip: float, start: float, rate: float, seed: int) -> None:
    key = Trial(radius=start, rate=rate), clip, seed
    found = jobs.wait(
        jobs.start("gradients_descents", key, lambda stop: exploding.compare(*key, stop))
    )
    st.markdown(f"**{literal(clipping.sentence(found, _))}**")
    st.markdown(" ".join(literal(clipping.outcome(run, _)) for run in found))
    left, right = st.columns(2, gap="medium")
    with left:
        figure, alt = clipping.norms(found, _), clipping.norms_alt(found, _)
        views.chart(figure, alt, "gradients_norms", "gradient-norm")
    with right:
        figure, alt = clipping.losses(found, _), clipping.losses_alt(found, _)
        views.chart(figure, alt, "gradients_losses", "loss-with-and-without-clipping")
