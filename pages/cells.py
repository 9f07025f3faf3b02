"""What does a cell do? One step at a time, with its numbers, gate by gate."""

import streamlit as st

from engine.errors import InputError
from engine.lab import sequences, trace
from pages.parts.cells import ask, facts, inside, step
from pages.shared import gradient_panel
from pages.shared.header import begin_page, show_error
from pages.shared.text import lesson

_ = begin_page()
st.title(_("What does a cell do?"), anchor=False)
st.markdown(lesson("cells")["intro"])

question = ask.draw()
try:
    sequence = sequences.read(question.text)
    run = trace.run(question.kind, question.stage, sequence, question.setup)
    step.draw(run)
    facts.draw(run, question)
    gradient_panel.draw([trace.profile(run)], "cells_gradient", inside.loss(run))
    inside.draw(run, question)
except InputError as error:
    show_error(error)
