"""Where the text comes from: the box, an example, or a file."""

from __future__ import annotations

import re

import streamlit as st

from engine.errors import N_, InputError
from engine.language import is_latin
from engine.language.sentences import check_translatable, split_sentences
from pages.parts.translation.session import DIRECTIONS, Line, cache, forget_marks, offered
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import _, decimal, literal
from pages.shared.uploads import decode

TEXT, EXAMPLE, FILE = "translation_text", "translation_example", "translation_file"
UPLOADER = "translation_uploader"
LONGEST, LINES, BYTES = 5_000, 200, 100_000
"""Characters of a typed text, lines of any, bytes of a file."""

TYPED, BOX = 78, 118
"""Pixels that the box to type in and a box with many lines are high."""

EXAMPLES = {direction: offered(direction, "sentences") for direction in DIRECTIONS}
"""Everyday sentences, with a number and a name among them; the lecture's first, where it has one.
"""

_BREAK = re.compile(r"\r\n|\r|\n")


def draw(direction: str) -> str:
    """The box, or the file that stands in for it; examples and the upload below."""
    known = cache()
    with st.container():  # one place, however much is in it: what follows stays where it is
        text = _file(*known.file) if known.file else _typed(direction)
        if known.file_error is not None:
            show_error(known.file_error)
            known.file_error = None
        total = sum(bool(line.strip()) for line in _BREAK.split(text))
        if total > LINES:
            note = _("Only the first {lines} of {total} lines are translated.")
            st.caption(note.format(lines=LINES, total=decimal(total, 0)))
    return text


def _typed(direction: str) -> str:
    text = links.text(TEXT, EXAMPLES[direction][0])
    st.text_area(
        _("Text to translate"),
        key=TEXT,
        height=TYPED,
        placeholder=_("A sentence, or several lines"),
        label_visibility="collapsed",
        on_change=forget_marks,
    )
    links.note_if_too_long(text)
    _examples(direction, text)
    if len(text) > LONGEST:
        raise InputError(
            N_(
                "This text has {length} characters; the box takes {limit} at most, a file "
                "{size} kB."
            ),
            length=decimal(len(text), 0),
            limit=decimal(LONGEST, 0),
            size=BYTES // 1000,
        )
    return text


def _examples(direction: str, text: str) -> None:
    offered = EXAMPLES[direction]
    st.session_state[EXAMPLE] = text if text in offered else None
    st.selectbox(
        _("Example sentences"),
        offered,
        key=EXAMPLE,
        index=None,
        placeholder=_("Example sentences"),
        label_visibility="collapsed",
        on_change=_take_example,
    )


def _take_example() -> None:
    chosen = st.session_state[EXAMPLE]
    # The browser may still speak of the examples for a while after a file has taken their place.
    if chosen and cache().file is None:
        take(chosen)


def take(text: str) -> None:
    """A callback: another text stands in the box, instead of a file too."""
    forget_marks()
    cache().file = None
    links.set_values({TEXT: text})


def turned(before: str, after: str) -> None:
    """A callback: another direction; an example gives way to the new direction's first."""
    forget_marks()
    if st.session_state.get(TEXT) in EXAMPLES[before]:
        links.set_values({TEXT: EXAMPLES[after][0]})


def _file(name: str, text: str) -> str:
    st.code(text, language=None, height=BOX, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/description: **{literal(name)}**", width="content")
        st.button(
            _("Back to the box"), key="translation_box", icon=":material/close:", on_click=_drop
        )
    st.caption(_("A file is not part of the link: a reload of the tab forgets it."))
    return text


def _drop() -> None:
    forget_marks()
    cache().file = None


def upload() -> None:
    """A popover that takes a text file."""
    with st.popover(_("Upload a text"), icon=":material/upload_file:", key=FILE):
        limits = _("TXT with a text a line: at most {lines} lines and {size} kB").format(
            lines=LINES, size=BYTES // 1000
        )
        st.file_uploader(limits, ["txt"], key=UPLOADER, on_change=_read, max_upload_size=1)


def _read() -> None:
    """A callback: keeps the text beyond the widget, or why there is none."""
    file = st.session_state[UPLOADER]
    if file is None:
        return
    forget_marks()
    try:
        cache().file = (file.name, decode(file.name, file.getvalue(), BYTES).text)
    except InputError as error:
        cache().file_error = error


def lines(text: str) -> list[Line]:
    """The lines that are not blank, at most `LINES`; InputError if no words are in them."""
    check_translatable(text, max(LONGEST, BYTES))
    found = [Line(k, line, _parts(line)) for k, line in enumerate(_BREAK.split(text), 1)]
    return [line for line in found if line.text.strip()][:LINES]


def _parts(line: str) -> tuple[str, ...]:
    """The sentences of a line; none in one without letters, or with letters nobody here knows."""
    try:
        plain = check_translatable(line, max(LONGEST, BYTES))
    except InputError:
        return ()
    return tuple(split_sentences(plain)) if is_latin(plain) else ()
