"""Can it learn your text? A character model trains on somebody's own words while they watch."""

from engine.errors import N_
from pages.parts.train import saving, watch, window
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "train",
    {
        "train": (N_("Train"), watch.draw),
        "window": (N_("Window"), window.draw),
        "compare": (N_("Runs compared"), watch.draw_comparison),
        "keep": (N_("Save and continue"), saving.draw),
    },
)
