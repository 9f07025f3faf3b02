"""Many texts: where they come from (a box or a file), how they are read, and what they score."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st

from engine.errors import N_, InputError
from engine.figures import style
from engine.language import check, detect_language
from engine.results import Verdict
from engine.tasks.sentiment import SentimentPredictor
from pages.parts.sentiment.controls import best, predictor
from pages.parts.sentiment.tables import (
    MAX_BYTES,
    MAX_ROWS,
    Row,
    Sheet,
    Table,
    guess_label_column,
    guess_text_column,
    lines,
    possible_schemes,
    table,
)
from pages.shared import links
from pages.shared.text import _, counter, decimal, in_language, literal, option_names
from pages.shared.uploads import UTF8, decode, note_coding

SOURCE, TEXT = "sentiment_many_source", "sentiment_many_text"
UPLOADER = "sentiment_many_uploader"
SOURCES = {"typed": N_("Type or paste"), "file": N_("Upload a file")}
NO_LABELS = -1  # among the columns of labels

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

CHUNK = 64
"""Rows at a time. Fewer would show progress sooner, but cost a model of long texts far more."""

WINDOW = 16 * CHUNK

READABLE = ("en", "vi")
"""Languages that have a best model and that `detect_language` tells apart."""


@dataclass(frozen=True)
class Upload:
    """A file as it was read: a table, or rows of one text a line, or why neither."""

    name: str
    number: int
    found: Table | Sheet | InputError
    coding: str


@dataclass(frozen=True)
class Input:
    """The rows to read, whether they have a column of labels, and what numbers in it mean (None:
    what is likeliest)."""

    sheet: Sheet
    labelled: bool = False
    example: bool = False
    scheme: Mapping[str, str] | None = None


class Answer(NamedTuple):
    """What a row got: a verdict by the model of `language`, or the reason why there is none."""

    language: str | None
    verdict: Verdict | None
    fault: InputError | None
    read: str | None = None
    """The text as it was read, where the spelling was changed."""


class Chunk(NamedTuple):
    """Answers by position among all rows, and how long they took."""

    answers: dict[int, Answer]
    seconds: float


@dataclass
class Batch:
    """Some rows to be read, and what is answered so far; `forced` is the language of all of them,
    None where each row's own is detected."""

    rows: tuple[Row, ...]
    forced: str | None
    answers: dict[int, Answer] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def left(self) -> list[int]:
        """Positions of the rows without an answer."""
        return [position for position in range(len(self.rows)) if position not in self.answers]

    @property
    def rate(self) -> float:
        """Rows per second of computing, waiting not counted."""
        return len(self.answers) / self.seconds if self.seconds else 0.0

    def fits(self, rows: Sequence[Row], forced: str | None) -> bool:
        """Whether it is about these texts; what their labels are does not matter."""

        def texts(rows: Sequence[Row]) -> list[tuple[str, bool]]:
            return [(row.text, row.fault is None) for row in rows]

        return self.forced == forced and texts(rows) == texts(self.rows)

    def keep(self, chunk: Chunk) -> None:
        """Takes over the answers of a chunk."""
        self.answers |= chunk.answers
        self.seconds += chunk.seconds


@dataclass
class Session:
    """What the session keeps of this view: the file, and the batch that was started by source."""

    upload: Upload | None = None
    uploads: int = 0
    batches: dict[str, Batch] = field(default_factory=dict)
    start: bool = False
    """Whether the button that starts was just pressed."""

    def take_upload(self) -> None:
        """A callback: keeps the file, which the widget forgets when another view is drawn."""
        file = st.session_state[UPLOADER]
        if file is None:
            return
        self.uploads += 1
        found: Table | Sheet | InputError
        coding = UTF8
        try:
            text, coding = decode(file.name, file.getvalue(), MAX_BYTES)
            plain = PurePath(file.name).suffix.lower() == ".txt"
            found = lines(text) if plain else table(file.name, text)
        except InputError as error:
            found = error
        self.upload = Upload(file.name, self.uploads, found, coding)

    def drop_upload(self) -> None:
        """A callback: forgets the file."""
        self.upload = None

    def request_start(self) -> None:
        """A callback: the next run starts on what is left to read."""
        self.start = True


def session() -> Session:
    """This visitor's own."""
    found: Session = st.session_state.setdefault("_sentiment_many", Session())
    return found


def typed() -> Input:
    """The box; InputError when nothing is in it."""
    text = links.text(TEXT, in_language(EXAMPLES), always=True)
    st.text_area(_("One text a line"), key=TEXT, height=190)
    links.note_if_too_long(text)
    return Input(lines(text), example=text in EXAMPLES.values())


def file() -> Input | None:
    """The uploaded file and its columns; None as long as there is none."""
    upload = session().upload
    if upload is None:
        limits = _("CSV, TSV or TXT (one text a line), at most {rows} rows and {size} MB.").format(
            rows=decimal(MAX_ROWS, 0), size=MAX_BYTES // 1024**2
        )
        st.file_uploader(
            limits,
            type=["csv", "tsv", "txt"],
            max_upload_size=MAX_BYTES // 1024**2,
            key=UPLOADER,
            on_change=session().take_upload,
        )
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/description: **{literal(upload.name)}**", width="content")
            st.button(
                _("Another file"),
                key="sentiment_many_file",
                icon=":material/close:",
                on_click=session().drop_upload,
            )
    st.caption(
        _(
            "A file is not part of the link. It is kept in memory until you leave, reload the tab "
            "or take another."
        )
    )
    if upload is None:
        return None
    if isinstance(upload.found, InputError):
        raise upload.found
    note_coding(upload.coding)
    if isinstance(upload.found, Sheet):
        return Input(upload.found)
    return _columns(upload.number, upload.found)


def _columns(number: int, found: Table) -> Input:
    """Whether there is a heading, and which columns hold texts and labels."""
    n_ = counter()
    if found.titles:
        note = n_(
            "{count} line above the table was left out.",
            "{count} lines above the table were left out.",
            found.titles,
        )
        st.caption(note.format(count=found.titles))
    if found.escaped_quotes:
        st.caption(_('Quotation marks after a backslash (\\") were read as part of the texts.'))
    if found.literal_quotes:
        st.caption(_("A quotation mark is never closed, so all of them were read as plain signs."))
    key = f"sentiment_many_{number}"  # a new file starts from its own guesses
    heading = st.toggle(
        _("The first row holds the names of the columns"),
        found.heading,
        key=f"{key}_heading",
        persist_state="session",
    )
    names, body = found.names(heading), found.body(heading)
    if len(names) == 1:
        return Input(found.sheet(heading, 0, None))
    titles = [n.strip() or _("column {number}").format(number=k) for k, n in enumerate(names, 1)]
    left, right = st.columns(2)
    text = left.selectbox(
        _("Column of the texts"),
        range(len(names)),
        guess_text_column(names, body),
        format_func=titles.__getitem__,
        key=f"{key}_text_{heading}",
        persist_state="session",
    )
    guess = guess_label_column(names, body, text)
    none = _("none")
    choices = [NO_LABELS, *(k for k in range(len(names)) if k != text)]
    label = right.selectbox(
        _("Column of the labels"),
        choices,
        choices.index(NO_LABELS if guess is None else guess),
        format_func=option_names(choices, lambda k: none if k == NO_LABELS else titles[k]),
        key=f"{key}_label_{heading}_{text}",
        persist_state="session",
    )
    if label == NO_LABELS:
        return Input(found.sheet(heading, text, None))
    sheet = found.sheet(heading, text, label)
    schemes = possible_schemes([row.label for row in sheet.rows])
    scheme = schemes[0] if schemes else None
    if len(schemes) > 1:
        named = [*map(meanings, schemes)]
        scheme = st.selectbox(
            _("What the numbers among the labels mean"),
            schemes,
            format_func=lambda scheme: named[schemes.index(scheme)],
            key=f"{key}_scheme_{heading}_{label}",
            persist_state="session",
        )
    return Input(sheet, labelled=True, scheme=scheme)


def meanings(codes: Mapping[str, str]) -> str:
    """ "0 = negative, 1 = positive": what labels mean, in the reader's language."""
    return ", ".join(f"{code} = {style.label_name(label, _)}" for code, label in codes.items())


Models = Mapping[str, SentimentPredictor | InputError]


def load(languages: Sequence[str]) -> Models:
    """The best model of each language on the chosen device, or why it is not there."""
    found: dict[str, SentimentPredictor | InputError] = {}
    for lang in languages:
        try:
            found[lang] = predictor(best(lang))
        except InputError as error:
            found[lang] = error
    return found


def read_rows(
    rows: Sequence[Row], positions: Sequence[int], forced: str | None, known: Models
) -> Iterator[Chunk]:
    """The rows at `positions`, CHUNK at a time; `forced` is the language that all are read in.

    Of every WINDOW rows those of like length are read together.
    """
    windows = (positions[k : k + WINDOW] for k in range(0, len(positions), WINDOW))
    positions = [p for rest in windows for p in sorted(rest, key=lambda p: len(rows[p].text))]
    for start in range(0, len(positions), CHUNK):
        began = time.perf_counter()
        answers = _read_chunk(rows, positions[start : start + CHUNK], forced, known)
        yield Chunk(answers, time.perf_counter() - began)


def _read_chunk(
    rows: Sequence[Row], positions: Sequence[int], forced: str | None, known: Models
) -> dict[int, Answer]:
    """One batch per language: each model gets its rows together."""
    answers: dict[int, Answer] = {}
    texts: dict[str, dict[int, str]] = {}
    for position in positions:
        try:
            text = checked_text(rows[position])
            texts.setdefault(forced or detect_language(text), {})[position] = text
        except InputError as error:
            answers[position] = Answer(None, None, error)
    for lang, found in texts.items():
        model = known[lang]
        if isinstance(model, InputError):
            answers |= {position: Answer(lang, None, model) for position in found}
            continue
        read: dict[int, str] = {}
        for position, text in found.items():
            try:
                read[position] = model.check(text)
            except InputError as error:
                answers[position] = Answer(lang, None, error)
        for (k, text), verdict in zip(read.items(), model.classify([*read.values()]), strict=True):
            answers[k] = Answer(lang, verdict, None, None if text == found[k] else text)
    return answers


def checked_text(row: Row) -> str:
    """The row's text, made plain; InputError when it cannot be read."""
    if row.fault is not None:
        raise row.fault
    return check(row.text)
