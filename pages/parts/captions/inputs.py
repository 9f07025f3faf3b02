"""What the page is asked: photos from uploads, the camera and the examples; how to search.

Nothing is decoded here: bytes are counted, names are listed, and what is too much is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from engine.device import AUTO
from engine.errors import N_, InputError
from engine.figures.captions import photo as figures
from engine.images import FORMATS, MAX_BYTES, read_file, safe_name
from engine.tasks.captions import DEFAULT
from pages.parts.captions.session import (
    LIGHT,
    MARKS,
    THUMBNAIL,
    LoadedPhoto,
    PhotoSource,
    Query,
    SessionCache,
    cache,
    forget_marks,
)
from pages.shared import beam, links, views
from pages.shared.text import ASSETS, SOURCE, _, language, message
from pages.shared.tokens.photos import Thumbnail, choose_photo

PHOTO = "captions_photo"
"""Which example: part of the link, as uploads are not."""

PICK, UPLOADER, CAMERA = "captions_pick", "_captions_uploader", "captions_camera"
FILES, SHOWN = "captions_files", "captions_show"
SHOWS = {"one": N_("One photo"), "all": N_("All photos")}
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


def draw(*, gallery: bool = False) -> Query:
    """The photos to choose from, what adds others, and how sentences are searched for; with a
    `gallery` also whether all photos are shown."""
    known = cache()
    _drop_unreadable(known)
    if tapped := st.session_state.pop(PICK, ""):
        _take(tapped)
    query = _query(known, examples(), everything=gallery and _all_are_shown())
    choose_photo(
        [Thumbnail(id=each.id, name=each.name, picture=_small(each)) for each in query.photos],
        query.chosen.id,
        key=PICK,
        label=_("Which photo"),
    )
    for error in known.refused:
        st.error(message(error), icon=":material/broken_image:")
    with st.container(horizontal=True, gap="small"):
        with st.popover(_("Your photos"), icon=":material/add_a_photo:", key=FILES):
            _uploads(known)
        if gallery:
            views.pick(SHOWN, _("Show"), SHOWS, None, "one", quiet=True)
        beam.settings("captions", query.search, forget_marks)
    return query


def warn() -> None:
    """What the model knows and what it guesses, in plain words."""
    text = _(
        "The model has learnt from 6,000 photos (8,000 with those that it is tested on), mostly "
        "of people and dogs outdoors. Elsewhere an image classifier may name one thing, and the "
        "rest of the sentence is often wrong. It guesses whether it sees a man or a woman, and "
        "what they do: do not rely on either."
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
    """Every photo of the page, one's own first."""
    return (*(photo.id for photo in cache().own), *EXAMPLES)


def title(photo: LoadedPhoto) -> str:
    """The file's name; for an example what it shows."""
    return _(EXAMPLES[photo.id]) if photo.example else photo.photo.name


def _all_are_shown() -> bool:
    return links.choice(SHOWN, SHOWS, "one") == "all"


def _small(photo: PhotoSource) -> str:
    """The photo as a thumbnail; "" while it is not read."""
    if photo.example:
        return _example_thumbnail(photo.id)
    loaded = cache().photo(photo.id)
    return loaded.thumbnail if loaded else ""


@lru_cache(maxsize=len(EXAMPLES))
def _example_thumbnail(id: str) -> str:
    pixels = read_file(FOLDER / f"{id}.jpg").pixels
    return figures.data_uri(figures.jpeg(pixels, THUMBNAIL, LIGHT))


def _uploads(known: SessionCache) -> None:
    """The uploader, the camera, and a way to remove the chosen photo. All types are let in: we
    refuse kindly. What comes is kept beyond the widget, which is empty again."""
    label = _("Your photos: {formats}; at most {most} at once, {size} MB each")
    upload, shot = f"{UPLOADER}{known.uploads}", "_captions_shot"
    st.file_uploader(
        label.format(formats=", ".join(FORMATS), most=MOST, size=MAX_BYTES // 2**20),
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=upload,
        on_change=_add,
        args=(upload,),
    )
    if st.toggle(_("Take one with the camera"), key=CAMERA):
        st.camera_input(_("Your camera"), key=shot, on_change=_add, args=(shot,))
    if known.picked:
        st.button(
            _("Remove the chosen photo"),
            key="captions_remove",
            icon=":material/delete:",
            on_click=_remove,
            args=(known.picked,),
        )
    st.caption(
        _(
            "Your photos are not part of the link. They are held in memory for this visit and "
            "stored nowhere: a reload of the tab forgets them."
        )
    )


def _add(key: str) -> None:
    """A callback: keeps what was handed in, chooses the first of it, and notes what is refused."""
    found = st.session_state[key] or []
    uploads, known = (found if isinstance(found, list) else [found]), cache()
    if not uploads:
        return
    known.uploads += 1
    came, known.refused = accepted(uploads)
    if came:
        marks = {mark: str(st.session_state.get(mark, "")) for mark in MARKS}
        known.before, known.came = (known.picked, marks), [photo.id for photo in came]
        known.own += [photo for photo in came if photo not in known.own]
        known.picked = known.came[0]
        forget_marks()


def _remove(id: str) -> None:
    """A callback: a photo of one's own is forgotten; the next one is shown, or the example."""
    known = cache()
    known.drop({id})
    known.picked = known.own[0].id if known.own else ""
    forget_marks()


def _drop_unreadable(known: SessionCache) -> None:
    """What cannot be read is said, and forgotten: what was chosen before stays chosen."""
    errors = {photo.id: known.error(photo.id) for photo in known.own}
    broken = {id for id, error in errors.items() if error is not None}
    known.refused += [error for error in errors.values() if error is not None]
    known.drop(broken)
    if known.picked in broken:
        readable = [id for id in known.came if id not in broken]
        if readable:
            known.picked = readable[0]
        else:
            known.picked, marks = known.before
            links.set_values(marks)


def accepted(uploads: Sequence[Any]) -> tuple[list[PhotoSource], list[InputError]]:
    """Those that fit into a visit, in order, and for each of the others why it is left out."""
    known = cache()
    held = {photo.id: photo for photo in known.own}
    fit: dict[str, PhotoSource] = {}
    refused: list[InputError] = []
    total = sum(photo.size + known.size(photo.id) for photo in known.own)
    for upload in uploads:
        data = upload.getvalue()
        digest = hashlib.sha256(data + upload.name.encode("utf-8", "replace")).hexdigest()[:16]
        photo = PhotoSource(digest, safe_name(upload.name), upload.size, upload.getvalue)
        size = photo.size + known.size(photo.id)
        if photo.id in held:
            fit[photo.id] = held[photo.id]
        elif len(held) == MOST:
            text = N_("{name} is left out: {most} photos are taken at a time.")
            refused.append(InputError(text, name=photo.name, most=MOST))
        elif total + size > LIMIT:
            text = N_(
                "{name} is left out: with it, more than {limit} MB would be held. Remove others, "
                "or save it smaller."
            )
            refused.append(InputError(text, name=photo.name, limit=LIMIT // 2**20))
        else:
            held[photo.id] = fit[photo.id] = photo
            total += size
    return list(fit.values()), refused


def _query(known: SessionCache, shipped: Sequence[PhotoSource], *, everything: bool) -> Query:
    """Of the photo that is shown: one's own that was picked or has just come, else an example."""
    photos = (*known.own, *shipped)
    if not photos:
        raise InputError(N_("There are no example photos here. Upload one of your own."))
    ids = [photo.id for photo in shipped]
    example = links.choice(PHOTO, ids, ids[0]) if ids else ""
    if known.picked not in {photo.id for photo in known.own}:
        known.picked = ""
    shown = known.picked or example or photos[0].id
    chosen = next(photo for photo in photos if photo.id == shown)
    search = beam.search("captions", DEFAULT)
    device = str(st.session_state.get("device", AUTO))
    return Query(photos, chosen, search, device, everything)


def _take(id: str) -> None:
    """Another photo is looked at, and what was marked in the last one is forgotten."""
    if id in EXAMPLES:
        cache().picked = ""
        links.set_values({PHOTO: id})
    elif id in {photo.id for photo in cache().own}:
        cache().picked = id
    forget_marks()
