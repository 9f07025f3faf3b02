"""Start, pause, resume, step, stop, reset."""

from __future__ import annotations

import streamlit as st

from engine.tasks.memory import Plan
from pages.parts.race import compute
from pages.shared import live
from pages.shared.text import translator

WISH = "_race_wish"
"""What the button that was pressed last asks for, until it is done."""


def act(plan: Plan) -> None:
    """Does what a button has asked for."""
    wish, held = st.session_state.pop(WISH, None), compute.held()
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
    """Start, then Pause or Resume; Step, Stop, Reset. Each one that makes no sense now is grey."""
    _, held = translator(), compute.held()
    if held is None or held.finished:
        _button("start", _("Start"), "flag", main=True)
    elif held.running:
        _button("pause", _("Pause"), "pause", main=True)
    else:
        _button("resume", _("Resume"), "play_arrow", main=True)
    _button("step", _("Step"), "skip_next", usable=held is None or not held.finished)
    _button("stop", _("Stop"), "stop", usable=held is not None and not held.finished)
    _button("reset", _("Reset"), "restart_alt", usable=held is not None)


def _button(wish: str, label: str, icon: str, *, main: bool = False, usable: bool = True) -> None:
    st.button(
        label,
        key=f"race_{wish}",
        type="primary" if main else "secondary",
        icon=f":material/{icon}:",
        disabled=not usable,
        on_click=lambda: st.session_state.update({WISH: wish}),
    )
