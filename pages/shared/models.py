"""The trained models, each loaded once per process and shared by all sessions.

The only place with `st.cache_*`. What it hands out is read by many threads at once: weights are
frozen and in evaluation mode, nothing is stored on them, and no page ever trains one.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from engine import checkpoints
from engine.checkpoints import Header
from engine.errors import N_, InputError
from engine.tasks import sentiment as sentiment_task
from engine.tasks.sentiment import Classifier

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "models"


@st.cache_resource(show_spinner=False)
def index() -> dict[str, Header]:
    """Every shipped model by name; reads headers only."""
    return {header.name: header for header in checkpoints.index(FOLDER)}


@st.cache_resource(show_spinner=False, max_entries=16)
def sentiment(name: str, device: str = "cpu") -> Classifier:
    """The classifier `name` on `device`; InputError when it is not among the shipped ones."""
    if name not in index():
        raise InputError(N_("The model {name} is not installed here."), name=name)
    return sentiment_task.load(index()[name].path, device)
