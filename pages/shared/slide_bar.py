"""The bar above a page that was opened by a slide: which one, the one before, the one after.

Page Up and Page Down turn it, which is what a presenter's remote sends.
"""

from __future__ import annotations

import streamlit as st

from pages.shared import links
from pages.shared.slides import SLIDES
from pages.shared.text import N_, translator

_NAMES = {-1: N_("Previous slide"), 1: N_("Next slide")}
_LOOKS = {
    -1: (":material/chevron_left:", "PageUp"),
    1: (":material/chevron_right:", "PageDown"),
}


def draw(page: str) -> None:
    """Nothing unless `page`, by its key in `PAGES`, was opened by a slide of its own."""
    number = links.slide()
    if number is None or SLIDES[number].page != page:
        return
    _ = translator()
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="slide_bar", border=True
    ):
        turned = _turn(number, -1)
        about = _("**Slide {number}** · {about}")
        st.markdown(about.format(number=number, about=_(SLIDES[number].about)), width="stretch")
        again = st.button(
            _("Reset"),
            key="slide_reset",
            icon=":material/restart_alt:",
            type="tertiary",
            help=_("Back to the slide's state"),
        )
        turned = _turn(number, 1) or turned
        st.button(
            _("Close the slide bar"),
            key="slide_close",
            icon=":material/close:",
            type="tertiary",
            on_click=links.leave_slide,
        )
    if turned or again:
        links.open_slide(turned or number)


def _turn(number: int, way: int) -> int | None:
    """A button to the next slide that way; its number once it was pressed."""
    _ = translator()
    numbers = list(SLIDES)
    place = numbers.index(number) + way
    there = 0 <= place < len(numbers)
    icon, key = _LOOKS[way]
    pressed = st.button(
        _(_NAMES[way]), key=f"slide_{way}", icon=icon, shortcut=key, disabled=not there
    )
    return numbers[place] if pressed and there else None
