"""What the training's buttons do."""

from __future__ import annotations

import streamlit as st

from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_plan import Plan
from pages.parts.train import compute, keep
from pages.parts.train.source import Chosen
from pages.shared import live, live_buttons

PAGE = "train"


def act(chosen: Chosen, plan: Plan) -> None:
    """Does what a button has asked for; InputError where it cannot be done."""
    wish, held = live_buttons.wished(PAGE), compute.held()
    if wish == "start":
        _begin(chosen, plan).resume()
    elif wish == "continue":
        _begin(chosen, plan, uploaded=True).resume()
    elif wish == "step":
        (held or _begin(chosen, plan)).single()
    elif wish == "reset":
        compute.retire()
    elif wish == "stop" and held is not None:
        compute.finish(held)
    elif wish is not None and held is not None:
        {"pause": held.pause, "resume": held.resume}[wish]()
    if wish is not None:
        st.rerun()  # the buttons are another's now


def _begin(chosen: Chosen, plan: Plan, uploaded: bool = False) -> live.Live[OwnTraining]:
    if chosen.text is None:
        assert chosen.problem is not None
        raise chosen.problem
    return compute.begin(chosen.text, plan, keep.uploaded() if uploaded else None)


def draw() -> None:
    """Its buttons."""
    with st.container(horizontal=True):
        live_buttons.draw(PAGE, compute.held(), "model_training")


def ask(wish: str) -> None:
    """For a button's callback: the wish is done at the start of the next run."""
    live_buttons.ask(PAGE, wish)
