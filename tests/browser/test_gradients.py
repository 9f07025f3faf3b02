"""The page "Gradients" in Chromium: first screen, a bet, and the link that reproduces it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SIZES, Visitor
from tests.browser.screen import on_first_screen

VIEWS = ("BPTT by hand", "Cells compared", "Clipping", "How it works")


def curves(page: Page) -> Locator:
    return page.locator(".st-key-gradients_by_lag .scatterlayer .trace .js-line")


def test_the_first_screen_and_a_bet_that_uncovers_the_curve(desktop: Visitor) -> None:
    page = desktop.open("/gradients", lang="en")
    expect(page.locator("h1")).to_have_count(1)
    expect(curves(page)).to_have_count(2)
    circle = page.locator(".st-key-gradients_eigenvalues .xaxislayer-above")
    for part in (page.get_by_text(re.compile("^It vanishes")), curves(page).last, circle):
        on_first_screen(part, SIZES["desktop"][1])

    page.get_by_text("ρ = 2, input 0.3", exact=True).click()
    expect(page.get_by_text(re.compile("^Your bet:"))).to_be_visible()
    expect(curves(page)).to_have_count(0)
    page.get_by_role("button", name="Explodes").click()
    expect(page.get_by_text("You bet “explodes”: right.")).to_be_visible()
    expect(page.get_by_text("Your bets so far, on all pages: 1 of 1 right.")).to_be_visible()
    expect(curves(page)).to_have_count(2)
    expect(page).to_have_url(re.compile("gradients_preset=explodes"))
    expect(page).to_have_url(re.compile("gradients_bet=explodes"))
    page.reload()  # the browser keeps the score
    expect(page.get_by_text("Your bets so far, on all pages: 1 of 1 right.")).to_be_visible()


def test_a_link_on_a_phone_and_no_view_is_wider_than_it(phone: Visitor) -> None:
    link = {"gradients_preset": "explodes", "gradients_bet": "explodes", "gradients_units": "3"}
    page = phone.open("/gradients", lang="en", **link)
    expect(page.get_by_text("You bet “explodes”: right.")).to_be_visible()
    expect(page.get_by_text("2.00", exact=True)).to_be_visible()  # the preset's ρ
    for view in VIEWS:
        page.get_by_text(view, exact=True).click()
        expect(page.get_by_role("radio", name=view)).to_be_checked()
        phone.settled()
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth"), view
