"""What does a network say about a photo, and where does it look for each word?"""

import streamlit as st

from engine.errors import InputError
from pages.parts.captions import answer, ask, gradient, inside, source
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("What does it say about your photo?"), anchor=False)
st.markdown(lesson("captions")["intro"])

left, right = st.columns([2, 3], gap="large")
try:
    with left:
        choice = source.draw()
        overlay = st.container()
    with right:
        question = ask.question(choice)
        shown = answer.draw(question, overlay)
        ask.settings(question)
    ask.warn()
    if shown is not None:
        gradient.draw(shown)
        inside.draw(shown)
    else:
        st.caption(_("The rest of the page comes with the first sentence."))
except InputError as error:
    with right:
        show_error(error)
