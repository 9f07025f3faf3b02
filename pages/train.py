"""Can it learn your text? A character model trains on somebody's own words while they watch."""

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.train import controls, inputs, saving, session, watch, window
from pages.shared import views
from pages.shared.header import begin_page, show_error

_ = begin_page()

left, right = st.columns([3, 2], gap="medium")
with left:
    given = inputs.draw()
with right:
    plan = controls.draw()
    session.draw_buttons()
    st.caption(controls.summary(plan))
try:
    session.act(given.text, plan)
except InputError as error:
    show_error(error)
watch.draw(given, plan)
views.look_inside(
    "train",
    {
        "compare": (N_("Runs compared"), lambda: watch.draw_comparison(given)),
        "window": (N_("Truncated BPTT"), lambda: window.draw(given, plan)),
        "keep": (N_("Download and continue"), saving.draw),
    },
)
