"""What does a network say about a photo, and where does it look for each word?"""

import streamlit as st

from engine.errors import InputError
from pages.parts.captions import answer, gradient, inputs, inside
from pages.shared import views
from pages.shared.header import begin_page, show_error

_ = begin_page()

left, right = st.columns([2, 3], gap="large")
try:
    with left:
        query = inputs.draw()
        photo = st.container()
    with right:
        selection = answer.draw(query, photo)
        inputs.settings(query)
    inputs.warn()
    if selection is not None:
        gradient.draw(selection)
        views.look_inside("captions", inside.VIEWS, selection)
    else:
        st.caption(_("The rest of the page comes with the first sentence."))
except InputError as error:
    with right:
        show_error(error)
