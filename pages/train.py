"""Can it learn your text? A character model trains on somebody's own words while they watch."""

import streamlit as st

from engine.errors import InputError
from pages.parts.train import ask, control, inside, source, watch
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("Can a network learn to write like your text?"), anchor=False)
st.markdown(lesson("train")["intro"])

left, right = st.columns([3, 2], gap="medium")
with left:
    text = source.draw()
with right:
    plan = ask.draw()
    control.draw()
    st.caption(ask.summary(plan))
try:
    control.act(text, plan)
except InputError as error:
    show_error(error)
watch.draw(text, plan)
inside.draw(text, plan)
