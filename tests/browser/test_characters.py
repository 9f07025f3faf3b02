"""The page Characters in Chromium, on a small model that is shipped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SIZES, Windows, query
from tests.browser.screen import on_first_screen

SMALL = {"lang": "en", "characters_model": "chars-shakespeare-lstm"}


def letters(page: Page) -> Locator:
    return page.get_by_role("group", name="how sure the network was").get_by_role("button")


def test_the_same_seed_writes_the_same_text(windows: Windows) -> None:
    visitor = windows.visitor()
    page = visitor.open("/characters", **SMALL, characters_seed="3")
    expect(letters(page)).to_have_count(300)
    first = "".join(letters(page).all_text_contents())
    page.get_by_role("button", name="Write another").click()
    visitor.linked(characters_seed="4")
    expect(letters(page).first.locator("..")).not_to_have_text(first)

    there = windows.visitor("phone").open("/characters", **{**query(page), "characters_seed": "3"})
    expect(letters(there)).to_have_count(300)
    assert "".join(letters(there).all_text_contents()) == first
    main = there.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_changes_the_text_is_seen_with_it(windows: Windows, size: str) -> None:
    page = windows.visitor(size).open("/characters", **SMALL)
    on_first_screen(letters(page).first, SIZES[size][1])
    on_first_screen(page.get_by_role("button", name="Write another"), SIZES[size][1])
    if size == "desktop":
        for key in ("temperature", "model", "prompt"):
            on_first_screen(page.locator(f".st-key-characters_{key}"), SIZES[size][1])


def test_a_character_is_tapped_by_finger_and_key_and_is_linked(windows: Windows) -> None:
    visitor = windows.visitor(scheme="dark")
    page = visitor.open("/characters", **SMALL)
    letters(page).nth(30).click()
    expect(page.get_by_text(re.compile("In place of the tapped"))).to_be_visible()
    visitor.linked(characters_mark="30")
    expect(letters(page).nth(30)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    visitor.linked(characters_mark="31")
    expect(letters(page).nth(31)).to_have_attribute("aria-pressed", "true")


def test_picking_and_taking_along(windows: Windows) -> None:
    visitor = windows.visitor()
    page = visitor.open("/characters", **{**SMALL, "characters_view": "choose"})
    page.locator(".st-key-characters_pick_0 button").click()
    expect(page.get_by_text(re.compile("1 of 1 character was"))).to_be_visible()
    visitor.settled()
    page.get_by_text("Write", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The link: it writes this very text again.")).to_be_visible()
    link = page.get_by_text(re.compile("characters_model=chars-shakespeare-lstm")).first
    expect(link).to_contain_text("/characters?")
    expect(page.get_by_role("button", name="Download as .txt")).to_be_visible()
