"""Start, pause, resume, step, stop, reset."""

from __future__ import annotations

import streamlit as st

from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_plan import Plan
from pages.parts.train import compute, keep
from pages.parts.train.source import Chosen
from pages.shared import live
from pages.shared.text import translator

WISH = "_train_wish"
"""What the button that was pressed last asks for, until it is done."""


def act(chosen: Chosen, plan: Plan) -> None:
    """Does what a button has asked for; InputError where it cannot be done."""
    wish, held = st.session_state.pop(WISH, None), compute.held()
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
    """Start, then Pause or Resume; Step, Stop, Reset. Each one that makes no sense now is grey."""
    _, held = translator(), compute.held()
    with st.container(horizontal=True):
        if held is None or held.finished:
            _button("start", _("Start"), "model_training", main=True)
        elif held.running:
            _button("pause", _("Pause"), "pause", main=True)
        else:
            _button("resume", _("Resume"), "play_arrow", main=True)
        _button("step", _("Step"), "skip_next", usable=held is None or not held.finished)
        _button("stop", _("Stop"), "stop", usable=held is not None and not held.finished)
        _button("reset", _("Reset"), "restart_alt", usable=held is not None)


def ask(wish: str) -> None:
    """For a button's callback: the wish is done at the start of the next run."""
    st.session_state[WISH] = wish


def _button(wish: str, label: str, icon: str, *, main: bool = False, usable: bool = True) -> None:
    st.button(
        label,
        key=f"train_{wish}",
        type="primary" if main else "secondary",
        icon=f":material/{icon}:",
        disabled=not usable,
        on_click=ask,
        args=(wish,),
    )
