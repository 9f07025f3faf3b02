"""The text to learn from: one of two that are here, somebody's own, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from engine.errors import N_, InputError
from engine.figures import style
from engine.tasks.characters.data import read
from engine.tasks.characters.own_plan import LEAST, MEGABYTES, OwnText, check, decode
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import ASSETS, counter, language, literal, translator

FOLDER = ASSETS / "own_text"
SOURCE, TEXT, CHANGE, DROP = "train_source", "train_text", "train_change", "train_drop"
_UPLOADER, _FILE, _CHECKED = "_train_uploader", "_train_file", "_train_checked"

EXAMPLES = {"jack": N_("The house that Jack built"), "rhymes": N_("Vietnamese folk rhymes")}
OWN = "own"
HEIGHT = 130


@dataclass(frozen=True)
class Chosen:
    """The text as it is to be learnt, or None where it cannot be, and which example's training
    stands for it until there is one."""

    text: OwnText | None
    example: str
    problem: InputError | None = None


def draw() -> Chosen:
    """Which text, and the text itself."""
    _ = translator()
    native = "rhymes" if language() == "vi" else "jack"
    names = {**EXAMPLES, OWN: N_("Your own text")}
    source = links.text(SOURCE, native, always=True)
    if source not in names:
        source = native
        links.set_values({SOURCE: source})
    st.segmented_control(
        _("Learn from"),
        list(names),
        key=SOURCE,
        format_func=lambda s: _(names[s]),
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    return _example(source) if source in EXAMPLES else _own(native)


def _take_over(name: str) -> None:
    """An example becomes somebody's own text, to be changed."""
    st.session_state.pop(_FILE, None)
    links.set_values({SOURCE: OWN, TEXT: example_text(name)})


def example_text(name: str) -> str:
    """The text of a shipped example."""
    return _read(name)


@lru_cache(maxsize=len(EXAMPLES))
def _read(name: str) -> str:
    return read(FOLDER / f"{name}.txt")


def _example(name: str) -> Chosen:
    """A text that is here, to read or to take over."""
    _, text = translator(), example_text(name)
    with st.container(border=True, height=HEIGHT, key="train_example"):
        st.text(text)
    found = check(text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_size(found), width="stretch")
        st.button(
            _("Change this text"),
            key=CHANGE,
            type="tertiary",
            icon=":material/edit:",
            on_click=_take_over,
            args=(name,),
        )
    return Chosen(found, name)


def _own(native: str) -> Chosen:
    """The box, or the file that stands in its place."""
    held: tuple[str, str | InputError] | None = st.session_state.get(_FILE)
    if held is None:
        raw: str | InputError = _box()
    else:
        name, raw = held
        _held(name)
    if isinstance(raw, str) and not raw.strip():
        return Chosen(None, native, _nothing())
    found = raw if isinstance(raw, InputError) else _checked(raw)
    if isinstance(found, InputError):
        show_error(found)
        return Chosen(None, native, found)
    st.caption(_size(found))
    return Chosen(found, native)


def _box() -> str:
    _ = translator()
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
            key=_UPLOADER,
            on_change=_take,
        )
        st.caption(
            _("A file is not part of the link. It is kept in memory until you leave or drop it.")
        )
    return text


def _held(name: str) -> None:
    _ = translator()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{literal(name)}**", width="content")
        st.button(
            _("Drop the file"),
            key=DROP,
            icon=":material/close:",
            on_click=lambda: st.session_state.pop(_FILE, None),
        )


def _take() -> None:
    """Keeps the file's text beyond the widget, which forgets it when it is not drawn."""
    file = st.session_state[_UPLOADER]
    if file is None:
        return
    try:
        st.session_state[_FILE] = (file.name, decode(file.name, file.getvalue()))
    except InputError as error:
        st.session_state[_FILE] = (file.name, error)


def _checked(raw: str) -> OwnText | InputError:
    """The text as it is learnt; looked at once, not in every run."""
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != raw:
        try:
            held = (raw, check(raw))
        except InputError as error:
            held = (raw, error)
        st.session_state[_CHECKED] = held
    found: OwnText | InputError = held[1]
    return found


def _nothing() -> InputError:
    return InputError(N_("There is no text yet: paste one, or take one of the two that are here."))


def _size(text: OwnText) -> str:
    n_ = counter()
    count = len(text.text)
    told = n_(
        "{count} character, {kinds} different", "{count} characters, {kinds} different", count
    )
    return told.format(count=style.grouped(count), kinds=len(text.alphabet))
