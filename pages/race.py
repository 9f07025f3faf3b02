"""Which cell learns to remember? Three networks train side by side on a task with a long memory."""

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.race import controls, inside, watch
from pages.shared import live, views
from pages.shared.header import begin_page, show_error

_ = begin_page()

with st.container(horizontal=True, vertical_alignment="bottom"):
    plan = controls.draw()
    live.buttons(watch.SLOT, "flag")
try:
    live.run_command(watch.SLOT, lambda: watch.begin(plan))
except InputError as error:
    show_error(error)
watch.draw(plan)
views.look_inside(
    "race",
    {
        "reach": (N_("Gradient reach over training"), inside.draw_reach),
        "devices": (N_("CPU against GPU"), inside.draw_devices),
        "task": (N_("The task"), inside.draw_task),
    },
    plan,
)
