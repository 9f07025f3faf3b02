"""Settings behind a button: a link's values are the ones that are seen when it is opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

LINKS = {
    "/cells": ("cells_settings", {"cells_hidden": "4"}, "4"),
    "/gradients": ("gradients_settings", {"gradients_length": "100"}, "100"),
    "/race": ("race_settings", {"race_units": "16"}, "16"),
    "/sentiment": ("sentiment_settings", {"sentiment_language": "vi"}, "Tiếng Việt"),
    "/characters": ("characters_settings", {"characters_length": "100"}, "100"),
    "/train": ("train_settings", {"train_units": "64"}, "64"),
}


@pytest.mark.parametrize("page", LINKS)
def test_a_link_s_settings_are_seen_when_the_popover_opens(desktop: Visitor, page: str) -> None:
    key, query, collected = LINKS[page]
    shown = desktop.open(page, lang="en", **query)
    desktop.settled()
    shown.keyboard.press("r")  # runs the script once more: the values were set in the run before
    shown.wait_for_timeout(300)
    desktop.settled()
    shown.locator(f".st-key-{key} button").first.click()
    body = shown.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    pressed = body.locator('[aria-checked="true"], [aria-pressed="true"], [kind$="Active"]')
    slid = body.get_by_test_id("stSliderThumbValue")
    expect(pressed.or_(slid).get_by_text(collected, exact=True).first).to_be_visible()
