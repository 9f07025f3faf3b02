"""What a view of the page Captions is handed, from a captioner whose numbers are known."""

from __future__ import annotations

import numpy as np
import torch

from engine.decoding import Search
from engine.images import Photo
from engine.tasks.captions import PhotoFeatures
from pages.parts.captions.session import LoadedPhoto, PhotoSource, Query, Selection
from tests.pages.fake_caption_predictor import FakeCaptionPredictor


def selection(width: int = 2, at: int = 1, other: int = 0) -> Selection:
    """The photo with the sentence "a dog runs" or, with `other` 1, "a dog runs in the snow"."""
    grey = np.zeros((224, 224, 3), np.uint8)
    photo = LoadedPhoto(
        "grey", Photo("grey.png", grey, grey, (224, 224)), PhotoFeatures(torch.zeros(1, 49, 208))
    )
    source = PhotoSource("grey", "grey.png", grey.nbytes, grey.tobytes)
    query = Query((source,), source, Search(width), "cpu")
    found = FakeCaptionPredictor().caption(photo.features, query.search)
    return Selection(query, photo, found, found.captions[other], at)
