"""Where the many texts come from: a box with one text a line, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from engine.errors import N_, InputError
from pages.parts.sentiment.many_columns import guess_label, guess_text
from pages.parts.sentiment.rows import (
    MAX_BYTES,
    MAX_ROWS,
    Sheet,
    Table,
    lines,
    table,
)
from pages.shared import links
from pages.shared.text import decimal, language, literal, translator
from pages.shared.uploads import decode

SOURCE, TEXT, FILE = "sentiment_many_source", "sentiment_many_text", "sentiment_many_file"
_UPLOADER, _HELD, _COUNT = "sentiment_many_uploader", "sentiment_many_held", "sentiment_many_count"

SOURCES = {"typed": N_("Type or paste"), "file": N_("Upload a file")}
NONE = -1  # the choice "no labels"

EXAMPLES = {
    "en": "\n".join(
        (
            "The pasta was wonderful and the staff made us feel at home 😊",
            "Arrived two weeks late and the screen was cracked 😡",
            "Not bad at all, actually better than I expected",
            "The plot drags, and I almost fell asleep",
            "It does what it says, nothing more",
            "Great camera, terrible battery",
        )
    ),
    "vi": "\n".join(
        (
            "Quán sạch sẽ, món nào cũng ngon, sẽ quay lại 😍",
            "Giao hàng chậm, hộp bị móp, gọi không ai nghe máy",
            "mon an ngon, nhan vien nhiet tinh",
            "do an do te, khong bao gio quay lai 😡",
            "Sản phẩm tạm được, đúng với giá tiền",
            "Thầy dạy dễ hiểu nhưng bài tập hơi nhiều",
        )
    ),
}
"""What stands in the box at first: praise, complaint, and some of both."""


@dataclass(frozen=True)
class Upload:
    """A file as it was read: a table, or rows of one text a line, or why neither."""

    name: str
    number: int
    found: Table | Sheet | InputError


@dataclass(frozen=True)
class Input:
    """The rows to read, and whether they have a column of labels."""

    sheet: Sheet
    labelled: bool = False
    example: bool = False


def source() -> str:
    """Which of the two is used."""
    _ = translator()
    chosen = links.choice(SOURCE, SOURCES, "typed")
    st.segmented_control(
        _("Where the texts come from"),
        list(SOURCES),
        key=SOURCE,
        format_func=lambda s: _(SOURCES[s]),
        required=True,
        label_visibility="collapsed",
    )
    return chosen


def typed() -> Input:
    """The box; InputError when nothing is in it."""
    _ = translator()
    text = links.text(TEXT, EXAMPLES.get(language(), EXAMPLES["en"]), always=True)
    st.text_area(_("One text a line"), key=TEXT, height=190)
    links.note_if_too_long(text)
    return Input(lines(text), example=text in EXAMPLES.values())


def file() -> Input | None:
    """The uploaded file and its columns; None as long as there is none."""
    _ = translator()
    held: Upload | None = st.session_state.get(_HELD)
    if held is None:
        limits = _("CSV, TSV or TXT (one text a line), at most {rows} rows and {size} MB.").format(
            rows=decimal(MAX_ROWS, 0), size=MAX_BYTES // 1024**2
        )
        st.file_uploader(
            limits,
            type=["csv", "tsv", "txt"],
            max_upload_size=MAX_BYTES // 1024**2,
            key=_UPLOADER,
            on_change=_take,
        )
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/description: **{literal(held.name)}**", width="content")
            st.button(_("Another file"), key=FILE, icon=":material/close:", on_click=_drop)
    st.caption(
        _("A file is not part of the link. It is kept in memory until you leave or take another.")
    )
    if held is None:
        return None
    if isinstance(held.found, InputError):
        raise held.found
    return Input(held.found) if isinstance(held.found, Sheet) else _columns(held, held.found)


def _take() -> None:
    """Keeps the file beyond the widget, which forgets it when another view is drawn."""
    if (file := st.session_state[_UPLOADER]) is not None:
        number = st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
        found = _read(file.name, file.getvalue())
        st.session_state[_HELD] = Upload(file.name, number, found)


def _drop() -> None:
    st.session_state.pop(_HELD, None)


def _read(name: str, data: bytes) -> Table | Sheet | InputError:
    try:
        text = decode(name, data, MAX_BYTES)
        return lines(text) if PurePath(name).suffix.lower() == ".txt" else table(name, text)
    except InputError as error:
        return error


def _columns(upload: Upload, found: Table) -> Input:
    """Whether there is a heading, and which columns hold texts and labels."""
    _ = translator()
    if found.literal_quotes:
        st.caption(_("A quotation mark is never closed, so all of them were read as plain signs."))
    key = f"sentiment_many_{upload.number}"  # a new file starts from its own guesses
    heading = st.toggle(
        _("The first row holds the names of the columns"),
        found.heading,
        key=f"{key}_heading",
        persist_state="session",
    )
    names, body = found.names(heading), found.body(heading)
    if len(names) == 1:
        return Input(found.sheet(heading, 0, None))
    shown = [n.strip() or _("column {number}").format(number=k) for k, n in enumerate(names, 1)]
    left, right = st.columns(2)
    places = list(range(len(names)))
    with left:
        text = st.selectbox(
            _("Column of the texts"),
            places,
            guess_text(names, body),
            format_func=lambda k: shown[k],
            key=f"{key}_text_{heading}",
            persist_state="session",
        )
    guess = guess_label(names, body, text)
    with right:
        label = st.selectbox(
            _("Column of the labels"),
            [NONE, *(k for k in places if k != text)],
            0 if guess is None else [NONE, *(k for k in places if k != text)].index(guess),
            format_func=lambda k: _("none") if k == NONE else shown[k],
            key=f"{key}_label_{heading}_{text}",
            persist_state="session",
        )
    return Input(found.sheet(heading, text, None if label == NONE else label), label != NONE)
