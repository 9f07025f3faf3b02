"""What does a recurrent network remember? Everything there is to try, and where it comes from."""

from engine.errors import N_
from pages.parts.home import board
from pages.parts.home import views as parts
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()
views.show(
    "home",
    {
        "kinds": (N_("Kinds of problem"), board.draw),
        "gradient": (N_("Gradient"), parts.draw_gradient),
        "slides": (N_("Slide map"), parts.draw_slides),
        "models": (N_("Models"), parts.draw_models),
        "references": (N_("References"), lambda: parts.draw_prose("references")),
        "transformer": (N_("Why not a Transformer?"), lambda: parts.draw_prose("transformer")),
    },
)
