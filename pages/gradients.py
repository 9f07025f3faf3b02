"""Why does the gradient vanish or explode on its way back through time?"""

import streamlit as st

from pages.parts.gradients import inside, lab
from pages.shared.header import enter
from pages.shared.text import lesson

_ = enter()
st.title(_("Why does the gradient vanish or explode?"), anchor=False)
st.markdown(lesson("gradients")["intro"])

lab.draw()
inside.draw()
