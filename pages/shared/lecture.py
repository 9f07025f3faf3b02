"""Lecture mode (`?mode=lecture`): a slide's number and title, its figure as large as the window
allows, its controls, and nothing else.

The arrow keys turn the slides, and so do Page Up and Page Down, which a presenter's remote sends.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from engine.errors import N_
from engine.figures import style
from pages.shared import links
from pages.shared.slides import SLIDES
from pages.shared.text import _

LECTURE = "lecture"
MODES = ("page", LECTURE)

WINDOW = "lecture_window"
"""Where the session keeps the window's height in pixels."""

USUAL = 900
"""Pixels: the height of a window that has not been measured yet."""

AROUND = 190
"""Pixels above and below the figure: the slide's title and one row of controls."""

LEAST_TYPE, OF_HEIGHT = 24, 1080
"""The smallest type in a figure in a window of that height, both in pixels."""

_measure = st.components.v2.component(
    "rnnlab_window",
    js="""
export default function ({ setStateValue, data }) {
  const tell = () => {
    if (Math.abs(window.innerHeight - data.height) > 20) setStateValue("height", window.innerHeight)
  }
  tell()
  window.addEventListener("resize", tell)
  return () => window.removeEventListener("resize", tell)
}
""",
)

TURNS: dict[int, tuple[str, str, str, str]] = {
    -1: ("chevron_left", "Left", "PageUp", N_("Previous slide")),
    1: ("chevron_right", "Right", "PageDown", N_("Next slide")),
}


def is_on() -> bool:
    """Whether the visitor is in lecture mode."""
    return bool(st.session_state.get(links.MODE) == LECTURE)


def settle() -> None:
    """Reads the mode from the address, before anything is drawn."""
    links.choice(links.MODE, MODES, "page")


def switch() -> None:
    """For a button's callback: from lecture mode to the page, or back."""
    links.set_values({links.MODE: "page" if is_on() else LECTURE})


def window() -> int:
    """The height of the window in pixels, as far as it is known."""
    return int(st.session_state.get(WINDOW, USUAL))


def bar(number: int) -> None:
    """Number and title of the slide between the ways to its neighbours, and the way out."""

    def measured() -> None:
        st.session_state[WINDOW] = int(st.session_state["lecture_measure"].height)

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="slide_bar"):
        st.title(f"{number} · {_(SLIDES[number].about)}", anchor=False)
        for way in TURNS:
            turn(number, way)
        st.button(
            _("Leave lecture mode"),
            key="lecture_leave",
            icon=":material/fullscreen_exit:",
            type="tertiary",
            shortcut="Esc",
            on_click=switch,
        )
    _measure(key="lecture_measure", data={"height": window()}, height=0, on_height_change=measured)


def turn(number: int, way: int) -> None:
    """Buttons to the slide before (`way` -1) or after it (1); in lecture mode two, for two keys."""
    numbers = list(SLIDES)
    position = numbers.index(number) + way
    if not 0 <= position < len(numbers):
        return
    icon, arrow, page_key, name = TURNS[way]
    there = numbers[position]
    what: dict[str, Any] = {"help": _(name), "on_click": links.request_slide, "args": (there,)}
    icon = f":material/{icon}:"
    if not is_on():
        side: Any = "left" if way < 0 else "right"
        st.button(str(there), key=f"slide_{way}", icon=icon, icon_position=side, **what)
        return
    by_page: dict[str, Any] = {"label": str(there), "key": f"slide_{way}", "type": "tertiary"}
    by_arrow = {"label": "", "key": f"slide_arrow_{way}", "icon": icon}
    keys = [(by_page, page_key), (by_arrow, arrow)]
    with st.container(horizontal=True, gap="small", width="content"):
        for look, shortcut in keys[::way]:  # the arrows stand outside
            st.button(**look, shortcut=shortcut, **what)


def enlarged(figure: go.Figure, above: int = 0) -> go.Figure:
    """The figure as it is; in lecture mode as high as the window allows, with type to match."""
    if not is_on():
        return figure
    room = max(window() - AROUND - above, 240)
    before = figure.layout.height or 400
    return style.enlarged(figure, room, LEAST_TYPE * window() / OF_HEIGHT, room / before)
