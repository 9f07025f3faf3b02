"""The views on the curves of tanh and σ, and on networks of cells in layers and directions."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.figures.cells import network, states
from engine.figures.style import Translate, cell_style
from engine.lab import architectures
from engine.results import SIGMOIDS, CellRun
from pages.parts.cells import controls
from pages.parts.cells.step import current, step_picker
from pages.shared import lecture, links, views
from pages.shared.slides import PAGES
from pages.shared.text import _, decimal, literal, percent


def draw_curves() -> None:
    """tanh, and σ where the cell has gates, with this step's pre-activations."""
    picture, side = views.stage(5, 2)
    with side:
        question = controls.draw(scale=True)
    with picture:
        _curves(question.run())


def _curves(run: CellRun) -> None:
    step = current(run)
    columns = st.columns(2, gap="medium")
    for column, which in zip(columns, ("tanh", "sigmoid"), strict=True):
        with column:
            figure, alt = states.curve(which, run, step, _), states.curve_alt(which, run, step, _)
            views.chart(figure, alt, f"cells_{which}", which)
    step_picker(run)
    st.markdown(
        _("**Where the units are at step {step}** (“{name}”); shaded: saturated").format(
            step=step + 1, name=literal(run.sequence.names[step])
        )
    )
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
    picture, side = views.stage(5, 2)
    layers = int(links.choice(LAYERS, COUNTS, "2"))
    both = links.choice(DIRECTIONS, WAYS, "one") == "both"
    ids = [f"{way}{t + 1}" for way in ("ab" if both else "a") for t in range(architectures.STEPS)]
    state = links.choice(STATE, ids, "a3")

    def arrow(id: str) -> str:
        return f"{'→' if id[0] == 'a' else '←'}{id[1:]}" if both else id[1:]

    with side:
        views.pick(LAYERS, _("Layers (slide 48)"), COUNTS)
        views.pick(DIRECTIONS, _("Directions (slide 49)"), WAYS)
        views.pick(STATE, _("State of the top layer"), ids, arrow, wrap=True)
    found = architectures.reach(layers, both, "ab".index(state[0]), int(state[1:]) - 1)
    with picture:
        figure, alt = network.net(found, _), network.net_alt(found, _)
        views.chart(figure, alt, "cells_net", "layers-and-directions")
        st.markdown(f"**{alt}**")
        st.caption(
            _(
                "Found by differentiation: teal is where the gradient of the ringed state is not "
                "zero. More layers add depth, not reach: one direction never sees the future."
            )
        )
        if both:
            st.page_link(
                PAGES["accents"].path,
                label=_("Two directions at work: the page Accents"),
                icon=PAGES["accents"].icon,
            )
    if not lecture.is_on():
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
            _("units for the same parameter count"): [decimal(size.matched, 0) for size in sizes],
        },
        _("Parameters of the three cells"),
    )
    st.caption(_("Counted for inputs of {inputs} numbers.").format(inputs=INPUTS))
    views.pytorch(views.snippet("layers"))
