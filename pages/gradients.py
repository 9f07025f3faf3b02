"""Why does the gradient vanish or explode on its way back through time?"""

from pages.parts.gradients import comparisons, lab
from pages.shared.header import begin_page

_ = begin_page()

lab.draw()
comparisons.draw_views()
