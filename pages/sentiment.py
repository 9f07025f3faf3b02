"""Is this text positive or negative, and at which word does the network decide?"""

import streamlit as st

from engine.errors import N_, InputError
from engine.language import check
from pages.parts.sentiment import (
    compare,
    controls,
    failures,
    gradient,
    influence,
    many,
    pooling,
    reading,
)
from pages.shared.header import begin_page, show_error
from pages.shared.views import look_inside

_ = begin_page()

left, right = st.columns([3, 2], gap="medium")
with left:
    query = controls.draw()
try:
    text = check(query.text)
    with right:
        found = reading.read(query, text)
        reading.draw_verdict(found)
    reading.draw(found)
    profiles = gradient.draw(query, found.text, found)
    look_inside(
        "sentiment",
        {
            "influence": (N_("Influence"), lambda: influence.draw(query, found)),
            "pooling": (N_("Pooling"), lambda: pooling.draw(query, found)),
            "compare": (N_("Compare two"), lambda: compare.draw(query, found)),
            "many": (N_("Many sentences"), lambda: many.draw(query)),
            "steps": (N_("Each step"), lambda: gradient.draw_steps(found, profiles)),
            "fails": (N_("Where it fails"), lambda: failures.draw(query)),
        },
    )
except InputError as error:
    with right:
        show_error(error)
