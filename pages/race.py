"""Which cell learns to remember? Three networks train side by side on a task with a long memory."""

from engine.errors import N_
from pages.parts.race import inside, watch
from pages.shared import views
from pages.shared.header import begin_page

_ = begin_page()

views.show(
    "race",
    {"race": (N_("Race"), watch.draw), "devices": (N_("CPU and GPU"), inside.draw_devices)},
)
