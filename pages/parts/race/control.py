"""What the race's buttons do."""

from __future__ import annotations

import streamlit as st

from engine.tasks.memory import Plan
from pages.parts.race import compute
from pages.shared import live, live_buttons

PAGE = "race"


def act(plan: Plan) -> None:
    """Does what a button has asked for."""
    wish, held = live_buttons.wished(PAGE), compute.held()
    if wish == "start":
        compute.begin(plan).resume()
    elif wish == "step":
        (held or compute.begin(plan)).single()
    elif wish == "reset":
        live.drop(compute.SLOT)
    elif wish is not None and held is not None:
        {"pause": held.pause, "resume": held.resume, "stop": held.stop}[wish]()
    if wish is not None:
        st.rerun()  # the buttons are another's now


def draw() -> None:
    """Its buttons."""
    live_buttons.draw(PAGE, compute.held(), "flag")
