"""What the page is asked: photos from uploads, the camera and the examples; how to search.

Nothing is decoded here: bytes are counted, names are listed, and what is too much is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from engine.device import AUTO
from engine.errors import N_, InputError
from engine.images import FORMATS, MAX_BYTES, safe_name
from engine.tasks.captions import DEFAULT
from pages.parts.captions.session import (
    MARKS,
    LoadedPhoto,
    PhotoSource,
    Query,
    cache,
    forget_marks,
)
from pages.shared import beam, links
from pages.shared.text import ASSETS, SOURCE, _, language, literal, message

PHOTO = "captions_photo"
"""Which example: part of the link, as uploads are not."""

PICK, UPLOADER, CAMERA = "captions_pick", "_captions_uploader", "captions_camera"
MOST = 20
"""Photos of one's own at a time."""

LIMIT = 60 * 2**20
"""Bytes that a session holds at most, uploads and what they are decoded to together."""

FOLDER = ASSETS / "examples"
EXAMPLES = {
    "photographer": N_("photographer"),
    "cat": N_("cat"),
    "rocket": N_("rocket"),
    "astronaut": N_("astronaut"),
}


def draw() -> Query:
    """Uploader, camera, and what to choose from."""
    known = cache()
    uploads = _uploads()
    own, refused = accepted(uploads)
    known.keep({photo.id for photo in own})
    errors = {photo.id: known.error(photo.id) for photo in own}
    for error in (*refused, *filter(None, errors.values())):
        st.error(message(error), icon=":material/broken_image:")
    query = _query([photo for photo in own if errors[photo.id] is None], examples())
    _pick(query)
    if uploads:
        st.caption(
            _(
                "Your photos are not part of the link. They are held in memory for this visit "
                "and stored nowhere."
            )
        )
    return query


def settings(query: Query) -> None:
    """The popover with the search's settings."""
    beam.settings("captions", query.search, forget_marks)


def warn() -> None:
    """What the model knows and what it guesses, in plain words."""
    text = _(
        "The model has learnt from 6,000 photos (8,000 with those that it is tested on), mostly "
        "of people and dogs outdoors, and knows nothing else: elsewhere it will be wrong, with "
        "the same confidence. It guesses whether it sees a man or a woman, and what they do: do "
        "not rely on either."
    )
    if language() != SOURCE:
        text += " " + _("The sentences are in English, the only language that it has learnt.")
    st.caption(f":material/info: {text}")


def examples() -> list[PhotoSource]:
    """The photos that are shipped."""
    files = {name: FOLDER / f"{name}.jpg" for name in EXAMPLES}
    return [
        PhotoSource(name, _(EXAMPLES[name]), path.stat().st_size, path.read_bytes, example=True)
        for name, path in files.items()
        if path.is_file()
    ]


def ids() -> tuple[str, ...]:
    """Every photo that the page shows in this run, one's own first."""
    return (*cache().own, *EXAMPLES)


def title(photo: LoadedPhoto) -> str:
    """The file's name; for an example what it shows."""
    return _(EXAMPLES[photo.id]) if photo.example else photo.photo.name


def _uploads() -> list[Any]:
    """What was uploaded, then the camera's photo. All types are let in: we refuse kindly."""
    label = _("Your photos: {formats}; at most {most} at once, {size} MB each")
    found = st.file_uploader(
        label.format(formats=", ".join(FORMATS), most=MOST, size=MAX_BYTES // 2**20),
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=UPLOADER,
    )
    with_camera = st.toggle(_("Take one with the camera"), key=CAMERA)
    shot = st.camera_input(_("Your camera"), key="_captions_shot") if with_camera else None
    return [*found, *([shot] if shot is not None else [])]


def accepted(uploads: Sequence[Any]) -> tuple[list[PhotoSource], list[InputError]]:
    """Those that fit into a visit, in order, and for each of the others why it is left out."""
    fit: dict[str, PhotoSource] = {}
    refused: list[InputError] = []
    total = 0
    for upload in uploads:
        photo = PhotoSource(_hash(upload), safe_name(upload.name), upload.size, upload.getvalue)
        size = photo.size + cache().size(photo.id)
        if photo.id in fit:
            continue
        if len(fit) == MOST:
            text = N_("{name} is left out: {most} photos are taken at a time.")
            refused.append(InputError(text, name=photo.name, most=MOST))
        elif total + size > LIMIT:
            text = N_(
                "{name} is left out: with it, more than {limit} MB would be held. Remove others, "
                "or save it smaller."
            )
            refused.append(InputError(text, name=photo.name, limit=LIMIT // 2**20))
        else:
            fit[photo.id], total = photo, total + size
    return list(fit.values()), refused


def _hash(upload: Any) -> str:
    """Of name and bytes, computed once for each upload."""
    hashes = cache().hashes
    if upload.file_id not in hashes:
        digest = hashlib.sha256(upload.getvalue() + upload.name.encode("utf-8", "replace"))
        hashes[upload.file_id] = digest.hexdigest()[:16]
    return hashes[upload.file_id]


def _query(own: Sequence[PhotoSource], shipped: Sequence[PhotoSource]) -> Query:
    """Of the photo that is shown: one's own that was picked or has just come, else an example."""
    if not (own or shipped):
        raise InputError(N_("There are no example photos here. Upload one of your own."))
    ids, names, known = [photo.id for photo in shipped], [photo.id for photo in own], cache()
    example = links.choice(PHOTO, ids, ids[0]) if ids else ""
    new = [id for id in names if id not in known.own]
    if new:
        marks = {mark: str(st.session_state.get(mark, "")) for mark in MARKS}
        known.came, known.before = new, (known.picked, marks)
    picked = new[0] if new else known.picked
    if picked and picked not in names:
        # It was removed, or cannot be read.
        readable = [id for id in (known.came if known.error(picked) else names) if id in names]
        before = known.before[0] if known.before[0] in names else ""
        picked = readable[0] if readable else before
    if picked != known.picked:
        back = known.error(known.picked) is not None and picked == known.before[0]
        links.set_values(known.before[1] if back else dict.fromkeys(MARKS, ""))
    known.picked, known.own = picked, names
    photos = (*own, *shipped)
    shown = picked or example or names[0]
    chosen = next(photo for photo in photos if photo.id == shown)
    search = beam.search("captions", DEFAULT)
    return Query(photos, chosen, search, str(st.session_state.get("device", AUTO)))


def _pick(query: Query) -> None:
    """One's own by name, and the examples."""
    names = {photo.id: photo.name for photo in query.photos}
    st.session_state[PICK] = query.chosen.id
    st.pills(
        _("Which photo"),
        list(names),
        key=PICK,
        format_func=lambda id: literal(_short(names[id])),
        required=True,
        label_visibility="collapsed",
        on_change=_take,
        args=([photo.id for photo in query.photos if photo.example],),
    )


def _take(shipped: Sequence[str]) -> None:
    """A callback: another photo is looked at, and what was marked in the last one is forgotten."""
    forget_marks()
    picked = str(st.session_state[PICK])
    cache().picked = "" if picked in shipped else picked
    if picked in shipped:
        links.set_values({PHOTO: picked})


def _short(name: str, limit: int = 28) -> str:
    path = Path(name)
    return name if len(name) <= limit else f"{path.stem[: limit - 8]}…{path.suffix[-6:]}"
