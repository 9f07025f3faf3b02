"""The text to learn from: one of two that are here, one's own, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from engine.errors import N_, InputError
from engine.figures import numbers
from engine.tasks.characters.data import read
from engine.tasks.characters.own_files import LARGEST, LEAST, MEGABYTES, OwnText, check
from pages.parts.train.session import EXAMPLES, FOLDER, session
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.text import _, counter, language, literal
from pages.shared.uploads import TextFile, decode, note_coding

SOURCE, TEXT, UPLOADER = "train_source", "train_text", "_train_uploader"

OWN = "own"
HEIGHT = 130


@dataclass(frozen=True)
class Input:
    """The text as it is to be learnt, or why there is none; and which example's training is shown
    until there is one."""

    text: OwnText | InputError
    example: str


def settle() -> Input:
    """The text that the link, the box or the file says, without drawing any of them."""
    source, native = _source()
    if source in EXAMPLES:
        return Input(check(example_text(source)), source)
    return Input(_checked(_raw(links.text(TEXT, ""))), native)


def draw() -> Input:
    """Which text, and the text itself."""
    source, native = _source()
    names = {**EXAMPLES, OWN: N_("Your own text")}
    views.pick(SOURCE, _("Learn from"), names, quiet=True, wrap=True)
    return _example(source) if source in EXAMPLES else _own(native)


def _source() -> tuple[str, str]:
    """Which text is chosen, and the example in the reader's language."""
    native = "rhymes" if language() == "vi" else "jack"
    source = links.text(SOURCE, native, always=True)
    if source not in (*EXAMPLES, OWN):
        source = native
        links.set_values({SOURCE: source})
    return source, native


def _raw(typed: str) -> str | InputError:
    """What is to be learnt: the file's text, if there is one, or what was typed."""
    file = session().text_file
    if file is None:
        return typed
    taken = file[1]
    return taken if isinstance(taken, InputError) else taken.text


def _checked(raw: str | InputError) -> OwnText | InputError:
    """The text as it is learnt, or why it cannot be."""
    if isinstance(raw, InputError):
        return raw
    if not raw.strip():
        nothing = N_("There is no text yet: paste one, or take one of the two that are here.")
        return InputError(nothing)
    return session().check(raw)


@lru_cache(maxsize=len(EXAMPLES))
def example_text(name: str) -> str:
    """The text of a shipped example."""
    return read(FOLDER / f"{name}.txt")


def _example(name: str) -> Input:
    """A text that is here, to read or to take over as one's own."""
    text = example_text(name)

    def take_over() -> None:
        _drop()
        links.set_values({SOURCE: OWN, TEXT: text})

    with st.container(border=True, height=HEIGHT, key="train_example"):
        st.text(text)
    found = check(text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_size(found), width="stretch")
        st.button(
            _("Change this text"),
            key="train_change",
            type="tertiary",
            icon=":material/edit:",
            on_click=take_over,
        )
    return Input(found, name)


def _own(native: str) -> Input:
    """The box, or the file that stands in its place."""
    file, typed = session().text_file, ""
    if file is None:
        typed = _box()
    else:
        name, taken = file
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/description: **{literal(name)}**", width="content")
            st.button(_("Drop the file"), key="train_drop", icon=":material/close:", on_click=_drop)
        if isinstance(taken, TextFile):
            note_coding(taken.coding)
    raw = _raw(typed)
    found = _checked(raw)
    if not isinstance(found, InputError):
        st.caption(_size(found))
    elif isinstance(raw, InputError) or raw.strip():
        show_error(found)
    return Input(found, native)


def _box() -> str:
    """The box to paste a text into, and the way to upload one."""
    text = links.text(TEXT, "")
    st.text_area(
        _("Your text, in any language"),
        key=TEXT,
        height=HEIGHT,
        label_visibility="collapsed",
        placeholder=_("Paste at least {least} characters; some thousand are better.").format(
            least=LEAST
        ),
    )
    links.note_if_too_long(text)
    with st.popover(_("Or a .txt file"), icon=":material/upload_file:", key="train_file"):
        st.file_uploader(
            _("UTF-8 text, at most {size} MB").format(size=MEGABYTES),
            type=["txt"],
            max_upload_size=MEGABYTES,
            key=UPLOADER,
            on_change=_upload,
        )
        st.caption(
            _(
                "A file is not part of the link. It is kept in memory until you leave, reload the "
                "tab or drop it."
            )
        )
    return text


def _upload() -> None:
    """A callback: keeps the file's text, which the widget forgets when it is not drawn."""
    file = st.session_state[UPLOADER]
    if file is None:
        return
    try:
        session().text_file = file.name, decode(file.name, file.getvalue(), LARGEST)
    except InputError as error:
        session().text_file = file.name, error


def _drop() -> None:
    """A callback: forgets the file."""
    session().text_file = None


def _size(text: OwnText) -> str:
    """How many characters it has, and how many different ones."""
    n_, count = counter(), len(text.text)
    return n_(
        "{count} character, {kinds} different", "{count} characters, {kinds} different", count
    ).format(count=numbers.grouped(count), kinds=len(text.alphabet))
