"""What happens in each frame of a film, and what changes when a network knows what follows?"""

import streamlit as st

from engine.errors import N_
from pages.parts.frames import answer
from pages.shared import views
from pages.shared.header import begin_page
from pages.shared.text import lesson

_ = begin_page()
st.title(_("What happens in each frame of a film?"), anchor=False)
st.markdown(lesson("frames")["intro"])
views.look_inside(
    "frames",
    {
        "labels": (N_("Labels"), answer.draw_labels),
        "gradient": (N_("Gradient"), answer.draw_gradient),
        "networks": (N_("Networks compared"), answer.draw_networks),
        "mistakes": (N_("Mistakes and falls"), answer.draw_mistakes),
    },
)
