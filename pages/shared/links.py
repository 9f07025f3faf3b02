"""The page's state in its address, so that a link reproduces what is seen, in either language.

A page asks for a value here and then draws the widget with the same key:

    cell = links.choice("cells_cell", ["rnn", "lstm", "gru"], default="lstm")
    st.segmented_control(_("Cell"), […], key="cells_cell", format_func=…, required=True)

Choices are written as ids, never as what the reader's language calls them. (Numbers, toggles and
short texts without a default that depends on the language may use `bind="query-params"`.)
`?slide=N` opens what a slide of the lecture is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.slides import PAGES, SLIDES
from pages.shared.text import decimal, language, translator

LIMIT = 1500
"""Characters: browsers, chats and QR codes cut longer addresses off."""


@dataclass
class _Book:
    """What the session knows of its address: the values by key, and which of them are in it."""

    values: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    pending: dict[str, str | None] = field(default_factory=dict)
    sent: dict[str, str | None] = field(default_factory=dict)  # to the address, latest
    page: str | None = None
    slide: int | None = None  # the one that was opened last
    wanted: int | None = None  # the one that a button asked for
    turned: bool = False  # this run shows another page than the one before
    collecting: bool = False  # writes wait for the end of the run


def choice(key: str, ids: Iterable[str], default: str, *, always: bool = False) -> str:
    """The chosen id: the link's when one was opened, else the widget's, else `default`.

    Call it before the widget of the same `key`, whose options must be `ids`. `always` puts the
    default into the link too: do so where it depends on the language.
    """
    known = list(ids)
    return _settle(key, default, lambda value: value in known, always=always)


def text(key: str, default: str, *, always: bool = False) -> str:
    """The same for free text. Texts over `LIMIT` characters stay out; `note_on(text)` says so."""
    return _settle(key, default, lambda value: isinstance(value, str), always=always)


def note_on(value: str) -> None:
    """Tells the reader when `value` is too long to be part of the link."""
    _ = translator()
    if len(value) > LIMIT:
        st.caption(
            _("A text of more than {limit} characters is not part of the link.").format(
                limit=decimal(LIMIT, 0)
            ),
        )


def put(state: dict[str, str]) -> None:
    """Sets values of `choice` and `text` from a callback or before their widgets are drawn."""
    for key, value in state.items():
        st.session_state[key] = value
        _book().values[key] = value


def repeat(*keys: str) -> None:
    """Says widgets' values again, in each run, for those inside a popover: the browser builds a
    closed one's widgets when it is opened, long after the run in which their values were set."""
    for key in keys:
        st.session_state[key] = st.session_state[key]


def open_slide(number: int) -> NoReturn:
    """Shows what slide `number` of the lecture is about."""
    shown = SLIDES[number]
    put(shown.state(language()))
    _book().slide = number
    _book().pending.clear()  # of this address, which is left behind
    lang = {"lang": language()} if "lang" in _book().written else None
    st.switch_page(PAGES[shown.page].path, query_params=lang)


def slide() -> int | None:
    """The slide that was opened last, unless it was left."""
    return _book().slide


def leave_slide() -> None:
    _book().slide = None


def want_slide(number: int) -> None:
    """For a button's callback: `number` is opened before anything else is drawn."""
    _book().wanted = number


@contextmanager
def followed() -> Iterator[None]:
    """Around the whole run, or a fragment that may run alone: writes the address once, at the end,
    so that one click is one step of the browser's history. Inside another one it leaves that to it.
    """
    book = _book()
    if book.collecting:
        yield
        return
    book.collecting, book.turned = True, _page() != book.page
    if book.turned:  # the address of the page before is left behind
        book.pending.clear()
        book.sent.clear()
    try:
        yield
    finally:
        # What comes next of the same page, a fragment too, is no first sight of it.
        book.collecting, book.turned, book.page = False, False, _page()
        _write(book)


def is_followed() -> bool:
    """Whether this run, or part of it, is inside `followed()`: a fragment alone is not."""
    return _book().collecting


def follow_slide() -> None:
    """Follows `?slide=N`, or a button of the slide bar, before any widget is drawn."""
    book = _book()
    if book.wanted is not None:
        wanted, book.wanted = book.wanted, None
        open_slide(wanted)
    asked = st.query_params.get("slide")
    if asked is None:
        return
    if re.fullmatch(r"[0-9]{1,3}", asked) and int(asked) in SLIDES:
        open_slide(int(asked))
    book.pending["slide"] = None


def _settle(key: str, default: str, fits: Callable[[Any], bool], *, always: bool) -> str:
    """Finds the value, hands it to the widget of the same key, and notes it for the address."""
    book = _book()
    asked, held = st.query_params.get(key), st.session_state.get(key)
    if asked is not None and fits(asked) and (key not in book.values or _arrived(book)):
        value = asked
    elif asked is None and _left_behind(book, key):
        value = default
        book.written.discard(key)  # or it would be written, and that ends the way forward
    else:
        kept = (held, book.values.get(key))
        value = next((v for v in kept if v is not None and fits(v)), default)
    if held != value or _is_unheard(key):
        st.session_state[key] = value
    book.values[key] = value
    if value != default or always or asked is not None:
        book.written.add(key)  # from now on the link has it, even when it is the default again
    if key in book.written:
        book.pending[key] = value if len(value) <= LIMIT else None
    if not book.collecting:  # a fragment runs alone
        _write(book)
    return value


def _is_unheard(key: str) -> bool:
    """Whether the browser has not said yet that it has the widget, which it says of each with every
    message: it has not built it, or has forgotten it, and will show what the next run tells it.

    A run's values are lost where another run follows before the browser has built its widgets.
    """
    context = get_script_run_ctx()
    if context is None or key in context.shared.widget_user_keys_this_run:
        return False  # it is drawn already
    # Not in Streamlit's documentation either.
    state = context.session_state._state
    return state.get_widget_id_from_key(key) not in state._new_widget_state


def _arrived(book: _Book) -> bool:
    """Whether the address is newer than the session: by a link within the app, or by Back."""
    return book.turned or _went_back()


def _left_behind(book: _Book, key: str) -> bool:
    """Whether Back led, on one page, to an address from before this key was in it. What is too long
    for an address is kept, and so is everything else when the page changes: its address is bare."""
    short = len(book.values.get(key, "")) <= LIMIT
    return short and key in book.written and not book.turned and _went_back()


def _went_back() -> bool:
    # Not in Streamlit's documentation, but the only sign of the browser's Back and Forward.
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def _page() -> str:
    """Which page Streamlit runs; known from the start of a run, unless it is a visitor's first."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _write(book: _Book) -> None:
    """Sends what is not in the address, and what was overtaken on the way to it: a fast reader's
    next click still comes from the address before. It may cut this short: then the rest is kept."""
    if _went_back():
        book.sent.clear()
    present = {key: st.query_params.get(key) for key in book.pending}
    stale = {k: v for k, v in book.pending.items() if not v == present[k] == book.sent.get(k, v)}
    for key in [k for k, v in stale.items() if v is None and present[k] is not None]:
        del st.query_params[key]
    changed = {k: v for k, v in stale.items() if v is not None}
    if changed:
        st.query_params.update(changed)
    book.sent.update(stale)
    book.pending.clear()


def _book() -> _Book:
    book: _Book = st.session_state.setdefault("_links", _Book())
    return book
