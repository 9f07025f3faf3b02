"""What does a network write that has only ever learnt to guess the next character?"""

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.characters import answer, compute, controls, gradient, inside, learning
from pages.shared import views
from pages.shared.header import begin_page, show_error

_ = begin_page()

left, right = st.columns([3, 2], gap="large")
with right:
    query = controls.draw()
try:
    with left:
        controls.check(query)
        mark = answer.draw(query)
    text = compute.up_to(query, mark)
    if text:
        gradient.draw(query, text)
        views.look_inside(
            "characters",
            {
                "write": (N_("Write"), inside.draw_greedy),
                "learn": (N_("Watch it learn"), learning.draw),
                "units": (N_("Inside"), inside.draw_units),
                "choose": (N_("You choose"), inside.draw_choices),
            },
            query,
        )
    else:
        st.caption(_("The rest of the page comes when there is enough text."))
except InputError as error:
    with left:
        show_error(error)
