"""Which cell learns to remember? Three networks train side by side on a task with a long memory."""

import streamlit as st

from engine.errors import InputError
from pages.parts.race import ask, control, inside, watch
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("Which cell learns to remember?"), anchor=False)
st.markdown(lesson("race")["intro"])

with st.container(horizontal=True, vertical_alignment="bottom"):
    plan = ask.draw()
    control.draw()
try:
    control.act(plan)
except InputError as error:
    show_error(error)
watch.draw(plan)
inside.draw(plan)
