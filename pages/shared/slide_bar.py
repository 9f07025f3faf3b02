"""The bar above a page that was opened by a slide: which one, the one before, the one after.

Page Up and Page Down turn it, which is what a presenter's remote sends.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages.shared import links
from pages.shared.slides import SLIDES
from pages.shared.text import N_, translator

_LOOKS: dict[int, tuple[str, Literal["left", "right"], str, str]] = {
    -1: (":material/chevron_left:", "left", "PageUp", N_("Previous slide")),
    1: (":material/chevron_right:", "right", "PageDown", N_("Next slide")),
}


def draw(page: str) -> None:
    """Nothing unless `page`, by its key in `PAGES`, was opened by a slide of its own."""
    number = links.opened_slide()
    if number is None or SLIDES[number].page != page:
        return
    _ = translator()
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="slide_bar", border=True
    ):
        about = _("**Slide {number}** · {about}")
        st.markdown(about.format(number=number, about=_(SLIDES[number].about)), width="stretch")
        _turn(number, -1)
        _turn(number, 1)
        st.button(
            _("Reset"),
            key="slide_reset",
            icon=":material/restart_alt:",
            type="tertiary",
            help=_("Back to the slide's state"),
            on_click=links.request_slide,
            args=(number,),
        )
        st.button(
            _("Close"),
            key="slide_close",
            icon=":material/close:",
            type="tertiary",
            help=_("Close the slide bar"),
            on_click=links.close_slide,
        )


def _turn(number: int, way: int) -> None:
    """A button to the next slide that way, unless there is none."""
    _ = translator()
    numbers = list(SLIDES)
    place = numbers.index(number) + way
    if not 0 <= place < len(numbers):
        return
    icon, side, key, name = _LOOKS[way]
    st.button(
        str(numbers[place]),
        key=f"slide_{way}",
        icon=icon,
        icon_position=side,
        shortcut=key,
        help=_(name),
        on_click=links.request_slide,
        args=(numbers[place],),
    )
