"""Layers and directions: which inputs reach which state, and what the parameters cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.errors import N_
from engine.figures.cells import network as figures
from engine.figures.style import Translate, cell_style
from engine.lab import layers as engine
from pages.parts.cells import snippets
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import decimal, translator

LAYERS, DIRECTIONS, STATE, UNITS = (
    *("cells_layers", "cells_directions", "cells_state"),
    "cells_units",
)
COUNTS = ("1", "2", "3")
WAYS = {"one": N_("one direction"), "both": N_("both directions")}
INPUTS = 64


def draw() -> None:
    """Two choices and a state to ask about; the net; the counts."""
    _ = translator()
    layers = int(links.choice(LAYERS, COUNTS, "2"))
    both = links.choice(DIRECTIONS, WAYS, "one") == "both"
    ids = [f"{way}{t + 1}" for way in ("ab" if both else "a") for t in range(engine.STEPS)]
    state = links.choice(STATE, ids, "a3")
    _choices(ids, both, _)
    found = engine.reach(layers, both, "ab".index(state[0]), int(state[1:]) - 1)
    st.plotly_chart(
        figures.net(found, _),
        key="cells_net",
        config=saving.config("layers-and-directions"),
        alt=figures.net_alt(found, _),
    )
    st.markdown(f"**{figures.net_alt(found, _)}**")
    st.caption(
        _(
            "Found by differentiation: a network of this shape is built, and teal is where the "
            "gradient of the ringed state is not zero. More layers add depth, not reach: one "
            "direction never sees the future. With two directions the state that is handed on, → "
            "and ← together, depends on the whole sequence."
        )
    )
    _counts(layers, both, _)


def _choices(ids: list[str], both: bool, _: Translate) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(_("Layers (slide 48)"), COUNTS, key=LAYERS, required=True)
        st.segmented_control(
            _("Directions (slide 49)"),
            list(WAYS),
            key=DIRECTIONS,
            format_func=lambda way: _(WAYS[way]),
            required=True,
        )
        st.segmented_control(
            _("State of the top layer"),
            ids,
            key=STATE,
            format_func=lambda id: f"{'→' if id[0] == 'a' else '←'}{id[1:]}" if both else id[1:],
            required=True,
            wrap=True,
        )


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
    sizes = engine.sizes(INPUTS, int(units), layers, both)
    st.table(
        pd.DataFrame(
            {
                _("cell"): [cell_style(size.cell).title for size in sizes],
                _("parameters"): [decimal(size.parameters, 0) for size in sizes],
                _("× the plain RNN's"): [
                    f"×{decimal(size.parameters / sizes[0].parameters, 0)}" for size in sizes
                ],
                _("units for the RNN's budget"): [decimal(size.matched, 0) for size in sizes],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=_("Parameters of the three cells"),
    )
    st.caption(_("Counted for inputs of {inputs} numbers.").format(inputs=INPUTS))
    with st.popover(_("The same in PyTorch"), icon=":material/code:"):
        st.code(snippets.LAYERS, language="python")
