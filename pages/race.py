"""Which cell learns to remember? Three networks train side by side on a task with a long memory."""

import streamlit as st

from engine.errors import InputError
from pages.parts.race import controls, inside, watch
from pages.shared import live
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("Which cell learns to remember?"), anchor=False)
st.markdown(lesson("race")["intro"])

with st.container(horizontal=True, vertical_alignment="bottom"):
    plan = controls.draw()
    live.buttons(watch.SLOT, "flag")
try:
    live.run_command(watch.SLOT, lambda: watch.begin(plan))
except InputError as error:
    show_error(error)
watch.draw(plan)
inside.draw(plan)
