"""The slides of the lecture: a search box for the lecturer, and the whole map."""

from __future__ import annotations

import streamlit as st

from pages.shared import links
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import translator


def search() -> None:
    """Opens a slide by its number or by a word of what it is about."""
    _ = translator()
    chosen = st.selectbox(
        _("Lecturing? Open by slide"),
        list(SLIDES),
        index=None,
        format_func=title,
        placeholder=_("Slide number or topic"),
        key="home_slide",
        width=460,
    )
    if chosen is not None:
        links.open_slide(chosen)


def chart() -> None:
    """Every slide that the app can show, as a link; the page it opens is named below it."""
    _ = translator()
    with st.grid(3, min_column_width=280, gap="small"):
        for number, slide in SLIDES.items():
            page = PAGES[slide.page]
            with st.container(border=True, gap=None, height="stretch"):
                st.page_link(
                    page.path,
                    label=title(number),
                    icon=page.icon,
                    help="",
                    query_params={"slide": str(number)},
                )


def title(number: int) -> str:
    _ = translator()
    return f"{number} · {_(SLIDES[number].about)}"
