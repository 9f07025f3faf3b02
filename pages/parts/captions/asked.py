"""What the views ask of the captioner, through the queue."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from engine.tasks.captions import CaptionPredictor
from pages.parts.captions.shown import MODEL, Shown
from pages.shared import jobs, models

Result = TypeVar("Result")


def describer(shown: Shown) -> CaptionPredictor:
    """The captioner that the page speaks of."""
    return models.captions(MODEL, shown.device)


def once(shown: Shown, slot: str, key: Hashable, look: Callable[[jobs.Stop], Result]) -> Result:
    """One answer about the photo; asked again for another `key`, photo or device only."""
    return jobs.once(f"captions_{slot}", (shown.entry.id, shown.device, key), look)
