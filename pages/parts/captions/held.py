"""What a visit holds: photos that are read, sentences that are found. It ends with the session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import streamlit as st

from engine.errors import InputError
from engine.images import ENCODED
from engine.images.photo import SHOWN
from engine.results import Description
from pages.parts.captions.shown import Entry

UNREAD = 3 * (SHOWN**2 + ENCODED**2)
"""Bytes that a photo takes at most once it is read."""

Asked = tuple[str, int, float, str]
"""What a description depends on: the photo, width, penalty, device."""


@dataclass
class Held:
    """Photos by id, or why there is none; descriptions by what was asked."""

    entries: dict[str, Entry | InputError] = field(default_factory=dict)
    found: dict[Asked, Description] = field(default_factory=dict)


def held() -> Held:
    """The session's own."""
    store: Held = st.session_state.setdefault("_captions_held", Held())
    return store


def keep(own: Collection[str]) -> None:
    """Forgets what was removed: examples stay."""
    store = held()

    def stays(id: str) -> bool:
        entry = store.entries.get(id)
        return id in own or (isinstance(entry, Entry) and entry.example)

    kept = {id: entry for id, entry in store.entries.items() if stays(id)}
    store.found = {asked: found for asked, found in store.found.items() if stays(asked[0])}
    store.entries = kept


def room(id: str) -> int:
    """Bytes that a photo takes, or may take while it is not read."""
    entry = held().entries.get(id)
    if entry is None:
        return UNREAD
    return entry.photo.nbytes if isinstance(entry, Entry) else 0


def fault(id: str) -> InputError | None:
    """Why there is no such photo, if that is known."""
    entry = held().entries.get(id)
    return entry if isinstance(entry, InputError) else None


def faults(ids: Sequence[str]) -> list[InputError]:
    """The reasons for all that could not be read, in order."""
    return [found for id in ids if (found := fault(id)) is not None]
