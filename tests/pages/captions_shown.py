"""What a view of the page Captions is handed, from a captioner whose numbers are known."""

from __future__ import annotations

import numpy as np
import torch

from engine.decoding import Search
from engine.images import Photo
from engine.tasks.captions import PhotoFeatures
from pages.parts.captions.shown import Entry, Shown
from tests.pages.fake_caption_predictor import FakeDescriber


def shown(width: int = 2, at: int = 1, other: int = 0) -> Shown:
    """The photo with the sentence "a dog runs" or, with `other` 1, "a dog runs in the snow"."""
    grey = np.zeros((224, 224, 3), np.uint8)
    entry = Entry(
        "grey", Photo("grey.png", grey, grey, (224, 224)), PhotoFeatures(torch.zeros(1, 49, 208))
    )
    search = Search(width)
    found = FakeDescriber().caption(entry.seen, search)
    return Shown(entry, found, found.captions[other], at, search, "cpu")
