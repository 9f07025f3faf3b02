"""What stands above and below every page: the menu, the language, the device.

On phones the menu folds into the sidebar, so the pages are listed once more below each page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
import streamlit as st

from engine import device
from engine.errors import InputError
from pages.shared import glossary, lecture, links
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import (
    ASSETS,
    LANGUAGES,
    N_,
    _,
    browser_language,
    counter,
    decimal,
    lesson,
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


def menu() -> st.Page:
    """Settles the language, names the pages in it and returns the one that this run shows."""
    links.choice(links.LANGUAGE, LANGUAGES, browser_language())
    lecture.settle()
    st.set_page_config(APP, str(ASSETS / "icon" / "mark.svg"), layout="wide")
    if not lecture.is_on():
        st.logo(str(ASSETS / "icon" / "logo.svg"), size="large")
    shown = _navigation()
    st.set_page_config(page_title=f"{shown.title} · {APP}")
    links.follow_slide_link(shown.url_path or "home")
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


def title(page: str) -> None:
    """The question of `page`, by its key in `PAGES`, with language, device and sharing in the same
    row; below it the first sentence of the page's lesson, where no slide has opened the page. In
    lecture mode the slide has its own."""
    if lecture.is_on() and links.opened_slide() is not None:
        return
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.title(_(PAGES[page].question), anchor=False)
            _controls(page)
        if _slide_of(page) is None:  # else the bar says what it is about
            st.markdown(lesson(page)["intro"])


def _navigation() -> st.Page:
    pages = [st.Page(page.path, title=_(page.title), help=_(page.help)) for page in PAGES.values()]
    return st.navigation(pages, position="hidden" if lecture.is_on() else "top")


def _controls(page: str) -> None:
    """EN | VI, the device, the glossary and sharing."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", width="content", key="header"
    ):
        st.segmented_control(
            _("Language"),
            LANGUAGES,
            key=links.LANGUAGE,
            format_func=str.upper,
            required=True,
            label_visibility="collapsed",
        )
        _device()
        glossary.draw(page)
        _share()


def _share() -> None:
    """The link to what is on the screen, as text with a button that copies it and as a QR code."""
    with st.popover(
        "", icon=":material/share:", help=_("Share"), key="share", on_change="rerun"
    ) as popover:
        if not popover.open:
            return
        link = links.share()
        st.markdown(_("**This link opens what you see now.**"))
        st.code(link, language=None, wrap_lines=True)
        code = segno.make(link, error="l").svg_inline(scale=4, dark="#000", light="#fff")
        st.image(code, width=280, alt=_("QR code of the link"))
        text = _(
            "It carries choices and short texts. It does not carry photos, files, texts of more "
            "than {limit} characters or a training run."
        )
        st.caption(text.format(limit=decimal(links.LIMIT, 0)))


def footer() -> None:
    """Every page again, for those whose menu is folded away."""
    if lecture.is_on():
        return
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
    short = {id: id.partition(":")[0].upper() for id in found}
    cores = found["cpu"].cores  # the CPU has no name of its own
    names["cpu"] = n_("CPU ({n} core)", "CPU ({n} cores)", cores).format(n=cores)
    names[device.AUTO] = _("Automatic: {device}").format(device=names[automatic])
    used = automatic if chosen == device.AUTO else chosen
    missing = dict(device.unusable())
    with st.popover(
        short[used], icon=":material/memory:", help=_("Device: {name}").format(name=names[used])
    ):
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


def _slide_of(page: str) -> int | None:
    """The slide that has opened `page`; None where it was opened by itself or by another's."""
    number = links.opened_slide()
    return number if number is not None and SLIDES[number].page == page else None


def slide_bar(page: str) -> None:
    """Which slide `page`, by its key in `PAGES`, was opened by, and the ways to the next ones.

    Nothing unless it is a slide of this page.
    """
    number = _slide_of(page)
    if number is None:
        return
    if lecture.is_on():
        lecture.bar(number)
        return
    row: dict[str, Any] = {"horizontal": True, "vertical_alignment": "center", "gap": "xsmall"}
    with st.container(**row, key="slide_bar"):
        about = _("**Slide {number}** · {about}")
        st.markdown(about.format(number=number, about=_(SLIDES[number].about)), width="stretch")
        with st.container(**row, wrap=False, width="content"):  # on a phone a row of its own
            for way in lecture.TURNS:
                lecture.turn(number, way)
            st.button(
                _("Lecture mode"),
                key="slide_lecture",
                icon=":material/slideshow:",
                type="tertiary",
                help=_("The slide's figure alone, for the projector"),
                on_click=lecture.switch,
            )
            st.button(
                "",
                key="slide_reset",
                icon=":material/restart_alt:",
                type="tertiary",
                help=_("Back to the slide's state"),
                on_click=links.request_slide,
                args=(number,),
            )
            st.button(
                "",
                key="slide_close",
                icon=":material/close:",
                type="tertiary",
                help=_("Close the slide bar"),
                on_click=links.close_slide,
            )
