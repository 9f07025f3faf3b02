"""What does a network write that has only ever learnt to guess the next character?"""

from engine.errors import N_
from pages.parts.characters import answer, gradient, inside, learning, units
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "characters",
    {
        "write": (N_("Write"), answer.draw),
        "gradient": (N_("Gradient"), gradient.draw),
        "predict": (N_("Predict"), inside.draw_predict),
        "learn": (N_("Watch it learn"), learning.draw),
        "units": (N_("Single units"), units.draw),
        "choose": (N_("You choose"), inside.draw_choices),
    },
)
