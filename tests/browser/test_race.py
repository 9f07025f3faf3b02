"""The race page in Chromium: the first screen, a live race, the link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows
from tests.browser.screen import on_first_screen

# Small, and too hard to be learnt while a test looks on.
QUICK = {"race_lag": "20", "race_units": "8", "race_rate": "0.001"}


def button(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_first_screen_holds_the_controls_and_nothing_is_too_wide(
    windows: Windows, size: str
) -> None:
    page = windows.visitor(size).open("/race", lang="en")
    start = page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True)
    shown = [start, page.get_by_text("GRU is first"), page.locator(".st-key-race_progress")]
    if size == "desktop":
        shown.append(page.get_by_role("slider"))
        shown.append(page.locator(".st-key-race_progress .xaxislayer-above"))
        shown.append(page.locator(".st-key-race_by_lag .xaxislayer-above"))
    for part in shown:
        on_first_screen(part.first, SIZES[size][1])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_race_runs_by_itself_pauses_and_ends(desktop: Visitor) -> None:
    page = desktop.open("/race", lang="en", **QUICK)
    button(page, "Start")
    expect(page.get_by_text(re.compile(r"^Step [1-9]\d* so far")).first).to_be_visible()
    button(page, "Pause")
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    desktop.settled()
    stood = page.get_by_text(re.compile(r"^Step \d+ so far")).first.inner_text()
    page.wait_for_timeout(1500)
    assert page.get_by_text(re.compile(r"^Step \d+ so far")).first.inner_text() == stood
    button(page, "Resume")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    so_far = page.get_by_text(re.compile(r"^Step \d+ so far")).first
    expect(so_far).not_to_have_text(stood)
    desktop.settled()  # a click while the buttons are drawn anew may be lost
    button(page, "Stop")
    expect(page.get_by_text(re.compile("had not learnt by then"))).to_have_count(3)
    button(page, "Reset")
    expect(page.get_by_text(re.compile("Press Start for a race"))).to_be_visible()


def test_settings_show_their_values_and_are_in_the_link(desktop: Visitor) -> None:
    page = desktop.open("/race", lang="en", race_keep="4")
    page.get_by_test_id("stMain").get_by_role("radio", name="Adding").or_(
        page.get_by_text("Adding", exact=True)
    ).first.click()
    desktop.settled()
    page.locator(".st-key-race_settings button").first.click()
    expect(page.get_by_label("Seed (0 to 9999)")).to_have_value("0")
    page.get_by_label("Seed (0 to 9999)").fill("77")
    page.get_by_label("Seed (0 to 9999)").press("Enter")
    expect(page).to_have_url(re.compile("race_seed=77"))
    query = parse_qs(urlsplit(page.url).query)
    assert query["race_task"] == ["adding"]
    assert query["race_keep"] == ["4"]
