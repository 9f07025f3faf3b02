"""How does a network translate a sentence, and what does it look at for each word?"""

import streamlit as st

from engine.errors import InputError
from pages.parts.translation import answer, ask, gradient, inside, source, words
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("How does it translate a sentence, word by word?"), anchor=False)
st.markdown(lesson("translation")["intro"])

try:
    direction = ask.direction()
    left, right = st.columns(2, gap="medium")
    with left:
        text = source.draw(direction)
        ask.settings(direction)
        ask.notice(direction, text)
    with right:
        shown = None
        if text.strip():
            shown = answer.draw(ask.question(direction, text), text)
        else:
            ask.nothing()
    if shown is not None:
        words.draw(shown)
        gradient.draw(shown)
        inside.draw(shown)
    else:
        st.caption(_("The rest of the page comes with the first translation."))
    ask.warn()
except InputError as error:
    show_error(error)
