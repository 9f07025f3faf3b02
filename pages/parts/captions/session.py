"""What a visit to the page Captions is about: what is asked, what is known, what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import streamlit as st

from engine.decoding import Search
from engine.errors import InputError
from engine.images import ENCODED, SHOWN, Photo
from engine.results import Caption, CaptionWord, Description
from engine.tasks.captions import CaptionPredictor, PhotoFeatures
from pages.shared import links, models

MODEL = "captions-en"
"""Who describes: the small models are there to be compared."""

WORD, ALTERNATIVE = "captions_word", "captions_alternative"
MARKS = (WORD, ALTERNATIVE)
"""What belongs to one photo's sentences: of others it would mean something else."""

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


Key = tuple[str, int, float, str]
"""What a description depends on: the photo, beam width, length penalty, device."""


@dataclass(frozen=True)
class Query:
    """All photos, the visitor's own first; the chosen one; and how sentences are searched for."""

    photos: tuple[PhotoSource, ...]
    chosen: PhotoSource
    search: Search
    device: str

    @property
    def own(self) -> tuple[PhotoSource, ...]:
        """The visitor's photos."""
        return tuple(photo for photo in self.photos if not photo.example)

    @property
    def batch(self) -> list[PhotoSource]:
        """The photos that get a sentence: one's own, and the chosen one first, whatever it is."""
        return [self.chosen, *(photo for photo in self.own if photo != self.chosen)]

    def key(self, id: str) -> Key:
        """What the description of a photo depends on."""
        return (id, self.search.width, self.search.penalty, self.device)


@dataclass(frozen=True)
class Selection:
    """What the page speaks of: a photo, all sentences found for it, the chosen one, and the marked
    word in it."""

    query: Query
    photo: LoadedPhoto
    description: Description
    caption: Caption
    at: int

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
    """What a visit holds: photos by id, or why there is none; descriptions; which of the visitor's
    photos is picked, and which there were in the last run; uploads' hashes. It ends with the
    session.

    `came` are the photos that came last, and `before` is what was picked then, with its marks: that
    is shown again where none of them can be read."""

    photos: dict[str, LoadedPhoto | InputError] = field(default_factory=dict)
    descriptions: dict[Key, Description] = field(default_factory=dict)
    picked: str = ""
    own: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    before: tuple[str, dict[str, str]] = ("", {})
    hashes: dict[str, str] = field(default_factory=dict)

    def keep(self, own: Collection[str]) -> None:
        """Forgets what was removed: examples stay."""

        def stays(id: str) -> bool:
            return id in own or ((photo := self.photo(id)) is not None and photo.example)

        self.descriptions = {k: found for k, found in self.descriptions.items() if stays(k[0])}
        self.photos = {id: photo for id, photo in self.photos.items() if stays(id)}

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
