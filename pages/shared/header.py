"""What stands above and below every page: the menu, the language, the device.

On phones the menu folds into the sidebar, so the pages are listed once more below each page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from engine import device
from engine.errors import InputError
from pages.shared import links
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import (
    ASSETS,
    LANGUAGES,
    N_,
    _,
    browser_language,
    counter,
    message,
    option_names,
    translator,
)

APP = "RNN Lab"

SAVE = "save"
FORMATS = {"svg": "SVG", "png": "PNG"}
"""How figures are saved: SVG for papers and print, PNG for slides and chats."""

DEVICES = {"cuda": N_("NVIDIA GPU (CUDA)"), "mps": N_("Apple GPU (MPS)")}
"""What the kinds of devices that a machine may lack are called."""

_TURNS: dict[int, tuple[str, Literal["left", "right"], str, str]] = {
    -1: (":material/chevron_left:", "left", "PageUp", N_("Previous slide")),
    1: (":material/chevron_right:", "right", "PageDown", N_("Next slide")),
}


def menu() -> st.Page:
    """Settles the language, names the pages in it and returns the one that this run shows."""
    links.choice("lang", LANGUAGES, browser_language())
    st.set_page_config(APP, str(ASSETS / "icon" / "mark.svg"), layout="wide")
    st.logo(str(ASSETS / "icon" / "logo.svg"), size="large")
    shown = _navigation()
    st.set_page_config(page_title=f"{shown.title} · {APP}")
    links.follow_slide_link()
    return shown


def begin_page() -> Callable[[str], str]:
    """The first call of every page: makes sure that the run came in through the entry, and returns
    the translating function.

    Until `st.navigation` has been called once in a process, Streamlit runs the files of a folder
    with the name `pages` by themselves: a first visitor with a link to a page would get it without
    language, menu and theme. Such a run only calls `st.navigation` and starts over.
    """
    if not links.is_syncing():
        # Without an icon of ours the browser would fetch one from elsewhere.
        st.set_page_config(APP, str(ASSETS / "icon" / "mark.svg"), layout="wide")
        _navigation()
        st.rerun()
    return translator()


def _navigation() -> st.Page:
    pages = [
        st.Page(page.path, title=_(page.title), icon=page.icon, help=_(page.help))
        for page in PAGES.values()
    ]
    return st.navigation(pages, position="top")


def controls() -> None:
    """EN | VI and the device, at the right edge."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
    ):
        st.segmented_control(
            _("Language"),
            LANGUAGES,
            key="lang",
            format_func=str.upper,
            required=True,
            label_visibility="collapsed",
        )
        _device()


def footer() -> None:
    """Every page again, for those whose menu is folded away."""
    st.space("small")
    with st.container(horizontal=True, gap="small"):
        for page in PAGES.values():
            st.page_link(page.path, label=_(page.title), icon=page.icon, help="")


def _device() -> None:
    """A popover named after the device in use; what is missing here is greyed, with the reason."""
    n_ = counter()
    found = {known.id: known for known in device.available()}
    chosen = links.choice("device", [device.AUTO, *found], device.AUTO)
    automatic = str(device.resolve(device.AUTO))
    names = {id: known.label for id, known in found.items()}
    cores = found["cpu"].cores  # the CPU has no name of its own
    names["cpu"] = n_("CPU ({n} core)", "CPU ({n} cores)", cores).format(n=cores)
    names[device.AUTO] = _("Automatic: {device}").format(device=names[automatic])
    used = automatic if chosen == device.AUTO else chosen
    missing = dict(device.unusable())
    with st.popover(names[used], icon=":material/memory:", help=_("Device")):
        st.radio(_("Compute on"), [device.AUTO, *found], key="device", format_func=names.get)
        if missing:
            st.radio(
                _("Not available here"),
                list(missing),
                index=None,
                disabled=True,
                format_func=option_names(missing, lambda kind: _(DEVICES[kind])),
            )
        for kind, reason in missing.items():  # in plain type: greyed text is hard to read
            st.caption(f"{_(DEVICES[kind])}: {_(reason)}")
        links.choice(SAVE, FORMATS, "svg")
        st.segmented_control(
            _("Save figures as"),
            list(FORMATS),
            key=SAVE,
            format_func=lambda form: FORMATS[form],
            required=True,
        )


def show_error(error: InputError) -> None:
    """An error that the person at the screen can do something about, in their language."""
    st.error(message(error), icon=":material/info:")


def slide_bar(page: str) -> None:
    """Which slide `page`, by its key in `PAGES`, was opened by, and the ways to the next ones.

    Nothing unless it is a slide of this page. Page Up and Page Down turn it, which is what a
    presenter's remote sends.
    """
    number = links.opened_slide()
    if number is None or SLIDES[number].page != page:
        return
    numbers = list(SLIDES)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="slide_bar", border=True
    ):
        about = _("**Slide {number}** · {about}")
        st.markdown(about.format(number=number, about=_(SLIDES[number].about)), width="stretch")
        for way, (icon, side, key, name) in _TURNS.items():
            position = numbers.index(number) + way
            if 0 <= position < len(numbers):
                st.button(
                    str(numbers[position]),
                    key=f"slide_{way}",
                    icon=icon,
                    icon_position=side,
                    shortcut=key,
                    help=_(name),
                    on_click=links.request_slide,
                    args=(numbers[position],),
                )
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
