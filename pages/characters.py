"""What does a network write that has only ever learnt to guess the next character?"""

import streamlit as st

from engine.errors import InputError
from pages.parts.characters import ask, compute, gradient, inside, sample
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("What does it write, character by character?"), anchor=False)
st.markdown(lesson("characters")["intro"])

left, right = st.columns([3, 2], gap="large")
with right:
    question = ask.draw()
try:
    with left:
        ask.check(question)
        mark = sample.draw(question)
    text = compute.up_to(question, mark)
    if text:
        gradient.draw(question, text)
        inside.draw(question)
    else:
        st.caption(_("The rest of the page comes when there is enough text."))
except InputError as error:
    with left:
        show_error(error)
