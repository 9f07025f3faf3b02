"""What a visit to the page Captions is about: what is asked, what is known, what is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import streamlit as st

from engine.decoding import Search
from engine.errors import InputError
from engine.figures.captions import photo as figures
from engine.images import ENCODED, SHOWN, Photo
from engine.results import Caption, CaptionWord, Description, Occlusion
from engine.tasks.captions import CaptionPredictor, PhotoFeatures
from pages.shared import links, models

MODEL = "captions-en"
"""Who describes: the small models are there to be compared."""

WORD, ALTERNATIVE = "captions_word", "captions_alternative"
MARKS = (WORD, ALTERNATIVE)
"""What belongs to one photo's sentences: of others it would mean something else."""

THUMBNAIL, LIGHT = 96, 6_000
"""Longest side of a small picture in pixels, and its heaviest in bytes."""

UNREAD = 3 * (SHOWN**2 + ENCODED**2)
"""Bytes that a photo takes at most once it is read."""


def forget_marks() -> None:
    """A callback: what was marked in other sentences."""
    links.set_values(dict.fromkeys(MARKS, ""))


@dataclass(frozen=True)
class PhotoSource:
    """A photo that can be read: where its bytes come from. `id` is unlike any other's: an example's
    name, or a hash."""

    id: str
    name: str
    size: int
    load: Callable[[], bytes] = field(compare=False, repr=False)
    example: bool = False


@dataclass(frozen=True)
class LoadedPhoto:
    """A photo that was read, and what the encoder makes of it."""

    id: str
    photo: Photo
    features: PhotoFeatures
    example: bool = False

    @cached_property
    def thumbnail(self) -> str:
        """Small, as a data URI."""
        return figures.data_uri(figures.jpeg(self.photo.pixels, THUMBNAIL, LIGHT))


Key = tuple[str, int, float, str]
"""What a description depends on: the photo, beam width, length penalty, device."""


@dataclass(frozen=True)
class Query:
    """All photos, the visitor's own first; the chosen one; and how sentences are searched for.
    `everything` says that the examples get their sentences too, whether they are chosen or not."""

    photos: tuple[PhotoSource, ...]
    chosen: PhotoSource
    search: Search
    device: str
    everything: bool = False

    @property
    def own(self) -> tuple[PhotoSource, ...]:
        """The visitor's photos."""
        return tuple(photo for photo in self.photos if not photo.example)

    @property
    def batch(self) -> list[PhotoSource]:
        """The photos that get a sentence: one's own, and the chosen one first, whatever it is."""
        photos = self.photos if self.everything else self.own
        return [self.chosen, *(photo for photo in photos if photo != self.chosen)]

    def key(self, id: str) -> Key:
        """What the description of a photo depends on."""
        return (id, self.search.width, self.search.penalty, self.device)


@dataclass(frozen=True)
class Selection:
    """What the page speaks of: a photo, all sentences found for it, the chosen one, the marked word
    in it, and what covering parts of the photo does to its words."""

    query: Query
    photo: LoadedPhoto
    description: Description
    caption: Caption
    at: int
    occlusion: Occlusion | None = None

    @property
    def word(self) -> CaptionWord:
        """The marked word."""
        return self.caption.words[self.at]

    @property
    def predictor(self) -> CaptionPredictor:
        """The captioner that the page speaks of."""
        return models.captions(MODEL, self.query.device)


@dataclass
class SessionCache:
    """What a visit holds, whatever page is shown; it ends with the session.

    `own` are the visitor's photos, `refused` why some of those that came last were left out,
    `picked` which of one's own is chosen ("" where it is an example). `photos` are those that were
    read, or why they cannot be, by id; `came` are the photos that came last, and `before` is what
    was picked then, with its marks: that is shown again where none of them can be read. `uploads`
    counts how often something was handed in."""

    own: list[PhotoSource] = field(default_factory=list)
    refused: list[InputError] = field(default_factory=list)
    photos: dict[str, LoadedPhoto | InputError] = field(default_factory=dict)
    descriptions: dict[Key, Description] = field(default_factory=dict)
    picked: str = ""
    came: list[str] = field(default_factory=list)
    before: tuple[str, dict[str, str]] = ("", {})
    uploads: int = 0

    def drop(self, ids: set[str]) -> None:
        """Forgets photos of one's own."""
        self.own = [photo for photo in self.own if photo.id not in ids]
        self.photos = {id: photo for id, photo in self.photos.items() if id not in ids}
        self.descriptions = {k: found for k, found in self.descriptions.items() if k[0] not in ids}

    def photo(self, id: str) -> LoadedPhoto | None:
        """The photo, if it has been read."""
        photo = self.photos.get(id)
        return photo if isinstance(photo, LoadedPhoto) else None

    def error(self, id: str) -> InputError | None:
        """Why there is no such photo, if that is known."""
        photo = self.photos.get(id)
        return photo if isinstance(photo, InputError) else None

    def size(self, id: str) -> int:
        """Bytes that a photo takes, or may take while it is not read."""
        photo = self.photos.get(id)
        if photo is None:
            return UNREAD
        return photo.photo.nbytes if isinstance(photo, LoadedPhoto) else 0


def cache() -> SessionCache:
    """The session's own."""
    found: SessionCache = st.session_state.setdefault("_captions", SessionCache())
    return found
