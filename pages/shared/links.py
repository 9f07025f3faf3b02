"""The page's state in its address, so that a link reproduces what is seen, in either language.

A page asks for a value here and then draws the widget with the same key:

    axis = links.choice("cells_axis", ["token", "lag"], default="token")
    st.segmented_control(_("Axis"), […], key="cells_axis", format_func=…, required=True)

Choices are written as ids, never as what the reader's language calls them. (Numbers, toggles and
short texts without a default that depends on the language may use `bind="query-params"`.)
`?slide=N` opens what a slide of the lecture is about, and stays in the address, as `?mode=lecture`
does: a reload and a copied link show the same.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from pages.shared import streamlit_internals as internals
from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import _, decimal, language

LANGUAGE, MODE, SLIDE = "lang", "mode", "slide"
"""What belongs to no page in particular."""

LIMIT = 1500
"""Characters: browsers, chats and QR codes cut longer addresses off."""


@dataclass
class _Address:
    """What the session knows of its address: the values by key, and which of them are in it."""

    values: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    pending: dict[str, str | None] = field(default_factory=dict)
    sent: dict[str, str | None] = field(default_factory=dict)  # to the address, latest
    page: str | None = None
    slide: int | None = None  # the one that was opened last
    closed_slide: int | None = None  # still in the address of the run in which it was closed
    requested_slide: int | None = None  # the one that a button asked for
    page_changed: bool = False  # this run shows another page than the one before
    run: int = 0  # the thread of the run at whose end the address is written

    def is_newer(self) -> bool:
        """Whether the address is newer than the session: by a link within the app, or by Back."""
        return self.page_changed or internals.is_history_navigation()

    def was_left(self, key: str) -> bool:
        """Whether Back led, on one page, to an address from before this key was in it. What is too
        long for an address is kept, and so is everything else when the page changes: its address is
        bare."""
        short = len(self.values.get(key, "")) <= LIMIT
        same_page = key in self.written and not self.page_changed
        return short and same_page and internals.is_history_navigation()

    def write(self) -> None:
        """Sends what is not in the address, and what was overtaken on the way to it: a fast
        reader's next click still comes from the address before. It may cut this short: then the
        rest is kept."""
        if internals.is_history_navigation():
            self.sent.clear()
        present = {key: st.query_params.get(key) for key in self.pending}
        stale = {
            key: value
            for key, value in self.pending.items()
            if not value == present[key] == self.sent.get(key, value)
        }
        for key in [k for k, v in stale.items() if v is None and present[k] is not None]:
            del st.query_params[key]
        changed = {k: v for k, v in stale.items() if v is not None}
        if changed:
            st.query_params.update(changed)
        self.sent.update(stale)
        self.pending.clear()


def _address() -> _Address:
    """The session's own."""
    address: _Address = st.session_state.setdefault("_links", _Address())
    return address


def choice(key: str, ids: Iterable[str], default: str, *, always: bool = False) -> str:
    """The chosen id: the link's when one was opened, else the widget's, else `default`.

    Call it before the widget of the same `key`, whose options must be `ids`. `always` puts the
    default into the link too: do so where it depends on the language.
    """
    known = list(ids)
    return _settle(key, default, lambda value: value in known, always=always)


def text(key: str, default: str, *, always: bool = False) -> str:
    """The same for free text. Texts over `LIMIT` characters stay out of the link;
    `note_if_too_long(text)` says so."""
    return _settle(key, default, lambda value: isinstance(value, str), always=always)


def _settle(key: str, default: str, fits: Callable[[Any], bool], *, always: bool) -> str:
    """Finds the value, hands it to the widget of the same key, and notes it for the address."""
    address = _address()
    linked, current = st.query_params.get(key), st.session_state.get(key)
    typed = None if key in address.values else internals.text_in_browser(key)
    if typed is not None and fits(typed):
        value = typed  # newer than the address: the browser has come back into a new session
    elif linked is not None and fits(linked) and (key not in address.values or address.is_newer()):
        value = linked
    elif linked is None and address.was_left(key):
        value = default
        address.written.discard(key)  # or it would be written, and that ends the way forward
    else:
        kept = (current, address.values.get(key))
        value = next((v for v in kept if v is not None and fits(v)), default)
    if current != value or internals.is_missing_in_browser(key):
        st.session_state[key] = value
    address.values[key] = value
    if value != default or always or linked is not None:
        address.written.add(key)  # from now on the link has it, even when it is the default again
    if key in address.written:
        address.pending[key] = value if len(value) <= LIMIT else None
    if not is_syncing():  # a fragment runs alone
        address.write()
    return value


def note_if_too_long(value: str) -> None:
    """Tells the reader when `value` is too long to be part of the link."""
    if len(value) > LIMIT:
        note = _(
            "A text of more than {limit} characters is not part of the link: a reload of the tab "
            "forgets it."
        )
        st.caption(note.format(limit=decimal(LIMIT, 0)))


def set_values(state: dict[str, str]) -> None:
    """Sets values of `choice` and `text` from a callback or before their widgets are drawn."""
    for key, value in state.items():
        st.session_state[key] = value
        _address().values[key] = value


def resend(*keys: str) -> None:
    """Sends widgets' values again, in each run, for those inside a popover: the browser builds a
    closed one's widgets when it is opened, long after the run in which their values were set."""
    for key in keys:
        st.session_state[key] = st.session_state[key]


@contextmanager
def synced_address() -> Iterator[None]:
    """Around the whole run, or a fragment that may run alone: writes the address once, at the end,
    so that one click is one step of the browser's history. Inside another one it leaves that to it.

    A click while a run is under way begins the next one in a thread of its own at once, long before
    the first notices that it is to stop: then the newer one alone writes.
    """
    if is_syncing():
        yield
        return
    address, me = _address(), threading.get_ident()
    address.run, address.page_changed = me, internals.page_id() != address.page
    if address.page_changed:  # the address of the page before is left behind
        address.pending.clear()
        address.sent.clear()
    try:
        yield
    finally:
        if address.run == me:
            # What comes next of the same page, a fragment too, is no first sight of it.
            address.run, address.page_changed, address.page = 0, False, internals.page_id()
            address.write()


def is_syncing() -> bool:
    """Whether this run, or part of it, is inside `synced_address()`: a fragment alone is not."""
    return _address().run == threading.get_ident()


def open_slide(number: int) -> NoReturn:
    """Shows what slide `number` of the lecture is about."""
    slide, address = SLIDES[number], _address()
    set_values(slide.state(language()))
    address.slide = number
    address.pending.clear()  # of this address, which is left behind
    kept = {key: address.values[key] for key in (LANGUAGE, MODE) if key in address.written}
    st.switch_page(PAGES[slide.page].path, query_params={SLIDE: str(number), **kept})


def opened_slide() -> int | None:
    """The slide that was opened last, unless it was closed."""
    return _address().slide


def close_slide() -> None:
    """For a button's callback: the slide bar goes away."""
    address = _address()
    address.closed_slide, address.slide = address.slide, None


def request_slide(number: int) -> None:
    """For a button's callback: `number` is opened before anything else is drawn."""
    _address().requested_slide = number


def follow_slide_link(page: str) -> None:
    """Follows `?slide=N`, or a button of the slide bar, before any widget of `page` is drawn.

    A link to the slide's own page, as a reload or a copied address has it, keeps what else it
    holds.
    """
    address = _address()
    if address.requested_slide is not None:
        requested, address.requested_slide = address.requested_slide, None
        open_slide(requested)
    linked = st.query_params.get(SLIDE)
    number = int(linked) if linked and re.fullmatch(r"[0-9]{1,3}", linked) else None
    if number in SLIDES and number not in (address.slide, address.closed_slide):
        if SLIDES[number].page != page:
            open_slide(number)
        state = SLIDES[number].state(language())
        set_values({key: value for key, value in state.items() if key not in st.query_params})
        address.slide = number
    address.closed_slide = None
    shown = address.slide is not None and SLIDES[address.slide].page == page
    if shown or linked is not None:
        address.pending[SLIDE] = str(address.slide) if shown else None


def share() -> str:
    """The address of what is on the screen."""
    address = _address()
    query = {**st.query_params.to_dict(), **address.pending}
    kept = {key: value for key, value in query.items() if value is not None}
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(kept)}" if kept else base
