"""Is this text positive or negative, and at which word does the network decide?"""

import streamlit as st

from engine.errors import InputError
from engine.language import check
from pages.parts.sentiment import ask, compute, course, gradient, inside, verdict
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("Positive or negative?"), anchor=False)
st.markdown(lesson("sentiment")["intro"])

left, right = st.columns([3, 2], gap="medium")
with left:
    question = ask.draw()
try:
    text = check(question.text)
    with right:
        reading = compute.reading(question, text)
        verdict.draw(reading)
    course.draw(reading)
    profiles = gradient.draw(question, text, reading)
    inside.draw(question, reading, profiles)
except InputError as error:
    with right:
        show_error(error)
