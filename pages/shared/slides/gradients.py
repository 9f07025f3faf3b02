"""Slides 24 to 33 and 42: how the gradient travels back through time."""

from __future__ import annotations

from pages.shared.slides.slide import Slide
from pages.shared.text import N_

LAB = {
    "gradients_preset": "vanishes",
    "gradients_rho": "0.90",
    "gradients_scale": "0.1",
    "gradients_size": "64",
    "gradients_length": "200",
    "gradients_seed": "0",
    "gradients_excess": "0.05",
    "gradients_bet": "shown",
}
HAND = {
    "gradients_word": "hello",
    "gradients_units": "2",
    "gradients_hand_seed": "0",
    "gradients_matrix": "h",
    "gradients_entry": "1-1",
}


def _shown(about: str, view: str, **more: str) -> Slide:
    """The lab above, `view` below; further keys without their `gradients_`."""
    state = {"gradients_view": view}
    state |= {f"gradients_{name}": value for name, value in more.items()}
    return Slide(about, "gradients", {**LAB, **(HAND if view == "hand" else {}), **state})


SLIDES = {
    24: _shown(N_("Back-propagation through time"), "hand", step="4"),
    25: _shown(N_("One big network: the copies of a weight add up"), "hand", step="3"),
    26: _shown(N_("The unrolled network, forward"), "hand", step="1"),
    27: _shown(N_("The unrolled network, forward, to the loss"), "hand", step="4"),
    28: _shown(N_("Back through the unrolled network"), "hand", step="3"),
    29: _shown(N_("The gradient of a shared weight, step by step"), "hand", step="3"),
    30: _shown(
        N_("Saturation makes the gradient vanish"), "lesson", preset="still", rho="1.10", scale="1"
    ),
    31: _shown(N_("Eigenvalues: when does the gradient vanish?"), "lesson", bet="ask"),
    32: _shown(N_("Further reading on gradients"), "lesson"),
    33: _shown(N_("Further reading: training recurrent networks"), "lesson"),
    42: _shown(
        N_("The LSTM's direct path for the gradient"),
        "cells",
        keep="1",
        paths="both",
        match="units",
        cells_length="100",
        cells_scale="1",
    ),
}
