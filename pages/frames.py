"""What happens in each frame of a film, and what changes when a network knows what follows?"""

from engine.errors import N_
from pages.parts.frames import answer
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "frames",
    {
        "labels": (N_("Labels"), answer.draw_labels),
        "gradient": (N_("Gradient"), answer.draw_gradient),
        "networks": (N_("Networks compared"), answer.draw_networks),
        "mistakes": (N_("Mistakes and falls"), answer.draw_mistakes),
    },
)
