"""Where things stand on the screen, once they have come to rest."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, expect

PATIENCE = 5.0
"""Seconds in which a page that is being laid out comes to rest."""


def on_first_screen(part: Locator, height: int, least: int = 0) -> None:
    """Asserts that `part` is seen, is taller than `least` pixels and ends above `height` pixels,
    without any scrolling.

    While a page is being built, what comes later stands elsewhere for a moment, and a drawing's
    container is empty, or taken out and put in again.
    """
    expect(part).to_be_visible()
    end = time.monotonic() + PATIENCE
    box = part.bounding_box()
    while time.monotonic() < end and (
        box is None or box["y"] + box["height"] > height or box["height"] <= least
    ):
        part.page.wait_for_timeout(100)
        box = part.bounding_box()
    assert box is not None, f"{part} is gone"
    bottom = box["y"] + box["height"]
    assert bottom <= height, f"{part} ends at {bottom:.0f} of {height} pixels"
    assert box["height"] > least, f"{part}: nothing is drawn"
