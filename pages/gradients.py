"""Why does the gradient vanish or explode on its way back through time?"""

import streamlit as st

from pages.parts.gradients import comparisons, lab
from pages.shared.header import begin_page
from pages.shared.text import lesson

_ = begin_page()
st.title(_("Why does the gradient vanish or explode?"), anchor=False)
st.markdown(lesson("gradients")["intro"])

lab.draw()
comparisons.draw_views()
