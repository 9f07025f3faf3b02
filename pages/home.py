"""What does a recurrent network remember? Everything there is to try, and where it comes from."""

import streamlit as st

from pages.parts.home import kinds, views
from pages.shared.header import begin_page
from pages.shared.text import lesson

_ = begin_page()
st.title(_("What does a recurrent network remember?"))
st.markdown(lesson("home")["intro"])

kinds.draw()
views.search_slides()
views.draw()
