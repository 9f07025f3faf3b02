"""Why does the gradient vanish or explode on its way back through time?"""

from engine.errors import N_
from pages.parts.gradients import by_hand, comparisons, lab
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "gradients",
    {
        "lab": (N_("Lab"), lab.draw),
        "hand": (N_("BPTT by hand"), by_hand.draw),
        "cells": (N_("Cells compared"), comparisons.draw_cells),
        "clipping": (N_("Clipping"), comparisons.draw_clipping),
    },
)
