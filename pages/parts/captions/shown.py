"""What the page speaks of: a photo, what was found for it, and the word that was tapped."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decoding import Search
from engine.images import Photo
from engine.results import Caption, CaptionWord, Description
from engine.tasks.captions import PhotoFeatures
from pages.shared import links

MODEL = "captions-en"
"""Who describes: the small models are there to be compared."""

WORD, ALTERNATIVE = "captions_word", "captions_alternative"
MARKS = (WORD, ALTERNATIVE)
"""What belongs to one photo's sentences: of others it would mean something else."""


def forget() -> None:
    """A callback: what was marked in other sentences."""
    links.set_values(dict.fromkeys(MARKS, ""))


@dataclass(frozen=True)
class Entry:
    """One photo on the page. `id` is unlike any other's: an example's name, or a hash."""

    id: str
    photo: Photo
    seen: PhotoFeatures
    example: bool = False


@dataclass(frozen=True)
class Shown:
    """The chosen photo, all sentences found for it, the chosen one, and the tapped word in it."""

    entry: Entry
    description: Description
    caption: Caption
    at: int
    search: Search
    device: str

    @property
    def word(self) -> CaptionWord:
        return self.caption.words[self.at]
