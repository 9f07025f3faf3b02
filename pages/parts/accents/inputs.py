"""The text that is to get its marks: typed, chosen or from a file; and who restores it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from engine.device import AUTO
from engine.errors import N_, InputError
from engine.figures import accents as figures
from engine.figures.style import cell_style
from engine.language import MAX_CHARACTERS
from engine.results import Restored
from pages.shared import jobs, links, models
from pages.shared.header import show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, decimal, literal
from pages.shared.uploads import decode

TEXT, AT, EXAMPLE, UPLOADER = (
    "accents_text",
    "accents_at",
    "accents_example",
    "accents_upload",
)
FILE, ERROR = "_accents_file", "_accents_error"
"""Where the session keeps the uploaded text, as name and pieces; or why there is none."""

MODEL, FORWARD = "accents-vi", "accents-vi-forward"
BYTES = 100_000

EXAMPLES = (
    "Cau hoi nay kho qua. Cau thu vua ghi ban thang.",
    "Toi khong biet ban dang o dau.",
    "Hoc sinh lop 12 o Ha Noi dang hoc deep learning.",
    "Tôi muon mua mot cuốn sach ve lich su Viet Nam.",
)
"""In the first, "cau" is two words, and what follows decides which; the last is half marked."""


@dataclass(frozen=True)
class Query:
    """A text, in pieces that are read one after the other; the page speaks of the first. `name` is
    the file's, "" for a typed text."""

    pieces: tuple[str, ...]
    device: str
    name: str = ""

    @property
    def text(self) -> str:
        """What the page speaks of."""
        return self.pieces[0]

    def restore(self, name: str = MODEL) -> list[Restored]:
        """All pieces with their marks, by the network of this name."""
        predictor = models.accents(name, self.device)

        def work(stop: jobs.Stop) -> Iterator[Restored]:
            for piece in self.pieces:
                yield from predictor.restore([piece], stop)

        key = (self.pieces, name, self.device)
        return jobs.wait(jobs.start(f"accents_{name}", key, work, private=bool(self.name)))


def draw() -> tuple[Query, DeltaGenerator]:
    """The box, the examples and the upload; and the place between box and examples, where the
    answer goes. InputError where there is nothing to restore."""
    if (error := st.session_state.pop(ERROR, None)) is not None:
        show_error(error)
    held: tuple[str, str] | None = st.session_state.get(FILE)
    device = str(st.session_state.get("device", AUTO))
    if held is not None:
        name, text = held
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/description: **{literal(name)}**", width="content")
            st.button(
                _("Back to the box"), key="accents_box", icon=":material/close:", on_click=_drop
            )
        st.caption(_("A file is not part of the link: a reload of the tab forgets it."))
        return Query(tuple(_pieces(text)), device, name), st.container()
    text = links.text(TEXT, EXAMPLES[0])
    st.text_area(
        _("Vietnamese without its marks, or with some"),
        key=TEXT,
        height=100,
        on_change=forget_letter,
    )
    links.note_if_too_long(text)
    answer = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.session_state[EXAMPLE] = text if text in EXAMPLES else None
        st.pills(
            _("Example sentences"),
            EXAMPLES,
            key=EXAMPLE,
            format_func=_chip,
            label_visibility="collapsed",
            wrap=True,
            on_change=_take_example,
        )
        with st.popover(_("Upload a text"), icon=":material/upload_file:", key="accents_file"):
            limits = _("TXT, at most {size} kB").format(size=BYTES // 1000)
            st.file_uploader(limits, ["txt"], key=UPLOADER, on_change=_read, max_upload_size=1)
    if not text.strip():
        raise InputError(N_("There is no text yet. Type a sentence, or choose an example."))
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            N_("This text has {length} characters; at most {limit} can be read at once."),
            length=decimal(len(text), 0),
            limit=decimal(MAX_CHARACTERS, 0),
        )
    return Query((text.replace("\r\n", "\n"),), device), answer


def forget_letter() -> None:
    """A callback: in another text the chosen letter would be another one."""
    links.set_values({AT: ""})


def letter(found: Restored) -> int | None:
    """The chosen letter's place; without a choice, that of the letter that is least sure. None
    where no letter has a choice."""
    places = [str(place) for place in found.places]
    chosen = links.choice(AT, ["", *map(str, range(len(found.text)))], "")
    return int(chosen) if chosen in places else figures.weakest(found)


def network_name(name: str) -> str:
    """What a network is called beside others: its cell, and which way it reads."""
    arguments = models.accents_headers()[name].arguments
    cell = cell_style(arguments["cell"]).title
    both = arguments["bidirectional"]
    called = (_("{cell}, both ways") if both else _("{cell}, forward")).format(cell=cell)
    return _("{network} (the large one)").format(network=called) if name == MODEL else called


def _chip(example: str) -> str:
    return literal(example if len(example) <= 32 else f"{example[:31].rsplit(' ', 1)[0]} …")


def _take_example() -> None:
    if chosen := st.session_state[EXAMPLE]:
        links.set_values({AT: "", TEXT: chosen})


def _drop() -> None:
    forget_letter()
    st.session_state.pop(FILE, None)


def _read() -> None:
    """A callback: keeps the text beyond the widget, or why there is none."""
    file = st.session_state[UPLOADER]
    if file is None:
        return
    forget_letter()
    try:
        st.session_state[FILE] = (file.name, decode(file.name, file.getvalue(), BYTES).text)
    except InputError as error:
        st.session_state[ERROR] = error


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of at most `MAX_CHARACTERS`, cut behind line ends or spaces where there
    are any."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while len(text) > MAX_CHARACTERS:
        head = text[:MAX_CHARACTERS]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1 or MAX_CHARACTERS
        yield text[:cut]
        text = text[cut:]
    yield text
