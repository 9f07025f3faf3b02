"""Which marks has a Vietnamese text lost, and what has to be known to put them back?"""

from engine.errors import N_
from pages.parts.accents import answer
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "accents",
    {
        "text": (N_("Restore"), answer.draw_text),
        "gradient": (N_("Gradient"), answer.draw_gradient),
        "follows": (N_("What follows decides"), answer.draw_follows),
        "networks": (N_("Networks compared"), answer.draw_networks),
        "fails": (N_("Where it fails"), answer.draw_failures),
    },
)
