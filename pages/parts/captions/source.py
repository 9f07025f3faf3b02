"""Where photos come from: uploads, the camera, the examples; and which one is chosen.

Nothing is decoded here: bytes are counted, names are listed, and what is too much is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from engine.errors import N_, InputError
from engine.images import FORMATS, MAX_BYTES
from engine.images.names import safe_name
from pages.parts.captions import held
from pages.parts.captions.shown import Entry, forget
from pages.shared import links
from pages.shared.text import ASSETS, literal, message, translator

PHOTO = "captions_photo"
"""Which example: part of the link, as uploads are not."""

PICK, OWN = "captions_pick", "_captions_own"
UPLOADER, CAMERA, SHOT = "_captions_uploader", "captions_camera", "_captions_shot"
MOST = 20
"""Photos of one's own at a time."""

HELD = 60 * 2**20
"""Bytes that a session holds at most, uploads and what they are decoded to together."""

FOLDER = ASSETS / "examples"
EXAMPLES = {
    "photographer": N_("photographer"),
    "cat": N_("cat"),
    "rocket": N_("rocket"),
    "astronaut": N_("astronaut"),
}


@dataclass(frozen=True)
class Given:
    """A photo that is there to be read: where its bytes come from."""

    id: str
    name: str
    size: int
    load: Callable[[], bytes] = field(compare=False, repr=False)
    example: bool = False


@dataclass(frozen=True)
class Choice:
    """All photos, one's own first, and the chosen one."""

    photos: tuple[Given, ...]
    chosen: Given

    @property
    def own(self) -> tuple[Given, ...]:
        return tuple(given for given in self.photos if not given.example)


def draw() -> Choice:
    """Uploader, camera, and what to choose from."""
    _ = translator()
    uploads = _uploads()
    own, refused = taken(uploads)
    held.keep({given.id for given in own})
    for error in (*refused, *held.faults([given.id for given in own])):
        st.error(message(error), icon=":material/broken_image:")
    usable = [given for given in own if held.fault(given.id) is None]
    choice = _chosen(usable, examples())
    _pick(choice)
    if uploads:
        st.caption(
            _(
                "Your photos are not part of the link. They are held in memory for this visit "
                "and stored nowhere."
            )
        )
    return choice


def examples() -> list[Given]:
    """The photos that are shipped."""
    _ = translator()
    files = {name: FOLDER / f"{name}.jpg" for name in EXAMPLES}
    return [
        Given(name, _(EXAMPLES[name]), path.stat().st_size, path.read_bytes, example=True)
        for name, path in files.items()
        if path.is_file()
    ]


def ids() -> tuple[str, ...]:
    """Every photo that the page shows in this run, one's own first."""
    _picked, own = st.session_state.get(OWN, ("", []))
    return (*own, *EXAMPLES)


def name(entry: Entry) -> str:
    """The file's, for an example what it shows."""
    return translator()(EXAMPLES[entry.id]) if entry.example else entry.photo.name


def _uploads() -> list[Any]:
    """What was uploaded, then the camera's photo. All types are let in: we refuse kindly."""
    _ = translator()
    label = _("Your photos: {formats}; at most {most} at once, {size} MB each")
    found = st.file_uploader(
        label.format(formats=", ".join(FORMATS), most=MOST, size=MAX_BYTES // 2**20),
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=UPLOADER,
    )
    with_camera = st.toggle(_("Take one with the camera"), key=CAMERA)
    shot = st.camera_input(_("Your camera"), key=SHOT) if with_camera else None
    return [*found, *([shot] if shot is not None else [])]


def taken(uploads: Sequence[Any]) -> tuple[list[Given], list[InputError]]:
    """Those that fit into a visit, in order, and for each of the others why it is left out."""
    fit: dict[str, Given] = {}
    refused: list[InputError] = []
    total = 0
    for upload in uploads:
        given = Given(_id(upload), safe_name(upload.name), upload.size, upload.getvalue)
        room = given.size + held.room(given.id)
        if given.id in fit:
            continue
        if len(fit) == MOST:
            refused.append(_too_many(given.name))
        elif total + room > HELD:
            refused.append(_too_much(given.name))
        else:
            fit[given.id], total = given, total + room
    return list(fit.values()), refused


def _too_many(name: str) -> InputError:
    return InputError(
        N_("{name} is left out: {most} photos are taken at a time."), name=name, most=MOST
    )


def _too_much(name: str) -> InputError:
    return InputError(
        N_(
            "{name} is left out: with it, more than {limit} MB would be held. Remove others, or "
            "save it smaller."
        ),
        name=name,
        limit=HELD // 2**20,
    )


def _id(upload: Any) -> str:
    """A hash of name and bytes, computed once for each upload."""
    known: dict[str, str] = st.session_state.setdefault("_captions_ids", {})
    if upload.file_id not in known:
        digest = hashlib.sha256(upload.getvalue() + upload.name.encode("utf-8", "replace"))
        known[upload.file_id] = digest.hexdigest()[:16]
    return known[upload.file_id]


def _chosen(own: Sequence[Given], shipped: Sequence[Given]) -> Choice:
    """The photo that is shown: one's own that was picked or has just come, else an example."""
    if not (own or shipped):
        raise InputError(N_("There are no example photos here. Upload one of your own."))
    ids = [given.id for given in shipped]
    example = links.choice(PHOTO, ids, ids[0]) if ids else ""
    before: tuple[str, list[str]] = st.session_state.get(OWN, ("", []))
    names = [given.id for given in own]
    new = [id for id in names if id not in before[1]]
    # Where the picked one is gone (removed, or not readable) the next of one's own is shown.
    kept = before[0] if before[0] in names else names[0] if before[0] and names else ""
    picked = new[0] if new else kept
    if picked != before[0]:
        forget()
    st.session_state[OWN] = (picked, names)
    photos = (*own, *shipped)
    wanted = picked or example or names[0]
    return Choice(photos, next(given for given in photos if given.id == wanted))


def _pick(choice: Choice) -> None:
    """One's own by name, and the examples."""
    _ = translator()
    names = {given.id: given.name for given in choice.photos}
    st.session_state[PICK] = choice.chosen.id
    st.pills(
        _("Which photo"),
        list(names),
        key=PICK,
        format_func=lambda id: literal(_short(names[id])),
        required=True,
        label_visibility="collapsed",
        on_change=_take,
        args=([given.id for given in choice.photos if given.example],),
    )


def _take(shipped: Sequence[str]) -> None:
    """A callback: another photo is looked at, and what was marked in the last one is forgotten."""
    forget()
    picked = str(st.session_state[PICK])
    _own, names = st.session_state.get(OWN, ("", []))
    st.session_state[OWN] = ("" if picked in shipped else picked, names)
    if picked in shipped:
        links.set_values({PHOTO: picked})


def _short(name: str, limit: int = 28) -> str:
    path = Path(name)
    return name if len(name) <= limit else f"{path.stem[: limit - 8]}…{path.suffix[-6:]}"
