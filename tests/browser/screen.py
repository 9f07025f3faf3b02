"""Where things stand on the screen, once they have come to rest."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, expect

PATIENCE = 5.0
"""Seconds in which a page that is being laid out comes to rest."""


def on_first_screen(part: Locator, height: int) -> None:
    """Asserts that `part` is seen and ends above `height` pixels, without any scrolling.

    While a page is being built, what comes later stands elsewhere for a moment.
    """
    expect(part).to_be_visible()
    end = time.monotonic() + PATIENCE
    while (bottom := _bottom(part)) > height and time.monotonic() < end:
        part.page.wait_for_timeout(100)
    assert bottom <= height, f"{part} ends at {bottom:.0f} of {height} pixels"


def _bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"] + box["height"]
