"""What does a cell do? One step at a time, with its numbers, gate by gate."""

from engine.errors import N_
from pages.parts.cells import by_hand, controls, gates, network, step, unrolled
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

controls.read_old_links()
views.show(
    "cells",
    {
        "cell": (N_("Cell"), step.draw),
        "unrolled": (N_("Unrolled"), unrolled.draw),
        "curves": (N_("tanh and σ"), network.draw_curves),
        "grus": (N_("Two GRUs"), gates.draw_two_grus),
        "layers": (N_("Layers and directions"), network.draw_layers),
        "hand": (N_("By hand"), by_hand.draw),
    },
)
