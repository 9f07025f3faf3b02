"""How does a network translate a sentence, and what does it look at for each word?"""

import streamlit as st

from engine.errors import InputError
from pages.parts.translation import answer, controls, gradient, inputs, inside
from pages.shared.header import begin_page, show_error

_ = begin_page()

try:
    direction = controls.direction()
    left, right = st.columns(2, gap="medium")
    with left:
        text = inputs.draw(direction)
        controls.settings(direction)
        controls.notice(direction, text)
    with right:
        selection = None
        if text.strip():
            selection = answer.draw(controls.query(direction, text), text)
        else:
            controls.nothing()
    if selection is not None:
        answer.words(selection)
        gradient.draw(selection)
        inside.draw(selection)
    else:
        st.caption(_("The rest of the page comes with the first translation."))
    controls.warn()
except InputError as error:
    show_error(error)
