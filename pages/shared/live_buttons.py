"""The buttons of something live: start, pause, resume, step, stop, reset."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared.live import Live
from pages.shared.text import translator


def wished(page: str) -> str | None:
    """What the button that was pressed last asks for; asked once, it is forgotten."""
    wish: str | None = st.session_state.pop(_key(page), None)
    return wish


def ask(page: str, wish: str) -> None:
    """For a button's callback: the wish is done at the start of the next run."""
    st.session_state[_key(page)] = wish


def draw(page: str, held: Live[Any] | None, icon: str) -> None:
    """Start, under `icon`, then Pause or Resume; Step, Stop, Reset. Each one that makes no sense
    now is grey. Their keys are the page's name and what they ask for: race_start."""
    _ = translator()
    if held is None or held.finished:
        _button(page, "start", _("Start"), icon, main=True)
    elif held.running:
        _button(page, "pause", _("Pause"), "pause", main=True)
    else:
        _button(page, "resume", _("Resume"), "play_arrow", main=True)
    _button(page, "step", _("Step"), "skip_next", usable=held is None or not held.finished)
    _button(page, "stop", _("Stop"), "stop", usable=held is not None and not held.finished)
    _button(page, "reset", _("Reset"), "restart_alt", usable=held is not None)


def _key(page: str) -> str:
    return f"_{page}_wish"


def _button(
    page: str, wish: str, label: str, icon: str, *, main: bool = False, usable: bool = True
) -> None:
    st.button(
        label,
        key=f"{page}_{wish}",
        type="primary" if main else "secondary",
        icon=f":material/{icon}:",
        disabled=not usable,
        on_click=ask,
        args=(page, wish),
    )
