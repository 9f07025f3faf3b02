"""The views on networks of cells: unrolled in time, and in layers and directions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.errors import N_
from engine.figures.cells import network, states
from engine.figures.style import Translate, cell_style
from engine.lab import architectures
from engine.results import SIGMOIDS, CellRun
from pages.parts.cells import equations
from pages.parts.cells.step import current
from pages.shared import links, views
from pages.shared.slides import PAGES
from pages.shared.text import _, decimal, literal, percent


def draw_unrolled(run: CellRun) -> None:
    """The unrolled net, its losses as a table, and the curves."""
    step = current(run)
    figure, alt = network.unrolled(run, step, _), network.unrolled_alt(run, _)
    views.chart(figure, alt, "cells_unrolled", "unrolled")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _(
                "Arrows of one colour carry the same matrix at every step: the weights are shared. "
                "Framed in yₜ: the right answer; eₜ = −log of its probability."
            )
        )
        views.pytorch(views.snippet("unrolled"))
    views.table(table(run, _), _("Every step with its loss"))
    _curves(run, step, _)


def table(run: CellRun, _: Translate) -> pd.DataFrame:
    """One row per step: input, state, right answer, its probability, its loss."""
    right = [run.sequence.outputs[k] for k in run.sequence.targets]
    chance = [f"{run.y[t, k]:.3f}" for t, k in enumerate(run.sequence.targets)]
    return pd.DataFrame(
        {
            _("step"): [str(t + 1) for t in range(run.steps)],
            "xₜ": [literal(name) for name in run.sequence.names],
            "hₜ": [literal(equations.vector(values)) for values in run.values["h"]],
            _("right answer"): [literal(name) for name in right],
            _("its probability in yₜ"): chance,
            "eₜ": [f"{e:.3f}" for e in run.e],
        }
    )


def _curves(run: CellRun, step: int, _: Translate) -> None:
    """tanh, and σ where the cell has gates, with this step's pre-states."""
    st.markdown(
        _("**Where the units are at step {step}** (“{name}”); shaded: saturated").format(
            step=step + 1, name=literal(run.sequence.names[step])
        )
    )
    columns = st.columns(2, gap="medium")
    for column, which in zip(columns, ("tanh", "sigmoid"), strict=True):
        with column:
            figure, alt = states.curve(which, run, step, _), states.curve_alt(which, run, step, _)
            views.chart(figure, alt, f"cells_{which}", which)
    gates = _("The curve of σ has points only where the stage has a gate.")
    st.caption(
        _("Saturated at this step: {share} of gates and units.").format(
            share=literal(percent(run.saturated(step)))
        )
        + ("" if SIGMOIDS & {*run.a} else f" {gates}")
    )


LAYERS, DIRECTIONS, STATE, UNITS = (
    *("cells_layers", "cells_directions", "cells_state"),
    "cells_units",
)
COUNTS = ("1", "2", "3")
WAYS = {"one": N_("one direction"), "both": N_("both directions")}
INPUTS = 64


def draw_layers() -> None:
    """Two choices and a state to ask about; the net; the counts."""
    layers = int(links.choice(LAYERS, COUNTS, "2"))
    both = links.choice(DIRECTIONS, WAYS, "one") == "both"
    ids = [f"{way}{t + 1}" for way in ("ab" if both else "a") for t in range(architectures.STEPS)]
    state = links.choice(STATE, ids, "a3")

    def arrow(id: str) -> str:
        return f"{'→' if id[0] == 'a' else '←'}{id[1:]}" if both else id[1:]

    with st.container(horizontal=True, vertical_alignment="bottom"):
        views.pick(LAYERS, _("Layers (slide 48)"), COUNTS)
        views.pick(DIRECTIONS, _("Directions (slide 49)"), WAYS)
        views.pick(STATE, _("State of the top layer"), ids, arrow, wrap=True)
    found = architectures.reach(layers, both, "ab".index(state[0]), int(state[1:]) - 1)
    figure, alt = network.net(found, _), network.net_alt(found, _)
    views.chart(figure, alt, "cells_net", "layers-and-directions")
    st.markdown(f"**{alt}**")
    st.caption(
        _(
            "Found by differentiation: a network of this shape is built, and teal is where the "
            "gradient of the ringed state is not zero. More layers add depth, not reach: one "
            "direction never sees the future. With two directions the state that is handed on, → "
            "and ← together, depends on the whole sequence."
        )
    )
    if both:
        st.page_link(
            PAGES["accents"].path,
            label=_("Why two directions? Let a network put marks into Vietnamese"),
            icon=":material/arrow_forward:",
            help="",
            query_params={"accents_view": "follows"},
        )
    _counts(layers, both, _)


def _counts(layers: int, both: bool, _: Translate) -> None:
    """Parameters of the three cells in this shape, and the sizes that would cost the same."""
    units = st.number_input(
        _("Units per layer and direction"),
        min_value=1,
        max_value=1024,
        value=128,
        key=UNITS,
        bind="query-params",
        width=260,
    )
    sizes = architectures.sizes(INPUTS, int(units), layers, both)
    views.table(
        {
            _("cell"): [cell_style(size.cell).title for size in sizes],
            _("parameters"): [decimal(size.parameters, 0) for size in sizes],
            _("× the plain RNN's"): [
                f"×{decimal(size.parameters / sizes[0].parameters, 0)}" for size in sizes
            ],
            _("units for the RNN's budget"): [decimal(size.matched, 0) for size in sizes],
        },
        _("Parameters of the three cells"),
    )
    st.caption(_("Counted for inputs of {inputs} numbers.").format(inputs=INPUTS))
    views.pytorch(views.snippet("layers"))
