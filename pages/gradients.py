"""Why does the gradient vanish or explode on its way back through time?"""

from pages.parts.gradients import comparisons, lab
from pages.shared.header import begin_page
from pages.shared.text import N_

_ = begin_page(N_("Why does the gradient vanish or explode?"), "gradients")

lab.draw()
comparisons.draw_views()
