"""The page Accents in Chromium: restore a text, tap a letter, save it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, Windows


@pytest.mark.parametrize(("size", "locale"), [("desktop", "en-GB"), ("phone", "vi-VN")])
def test_a_text_is_restored_tapped_and_saved(windows: Windows, size: str, locale: str) -> None:
    visitor = windows.visitor(size, locale)
    page = visitor.open("/accents")
    label = {"en": "Vietnamese without its marks", "vi": "Tiếng Việt không dấu"}[locale[:2]]
    box = page.get_by_label(label)
    box.fill("toi khong biet")
    box.press("Control+Enter")
    visitor.settled()
    expect(page.get_by_test_id("stCode")).to_contain_text("tôi không biết")
    name = {"en": "The text letter by letter", "vi": "Văn bản theo từng chữ cái"}[locale[:2]]
    letters = page.get_by_role("group", name=name).get_by_role("button")
    expect(letters).to_have_count(len("toi khong biet"))
    letters.nth(1).click()
    visitor.linked(accents_at="1", accents_text="toi khong biet")
    expect(page.get_by_text("“ô”").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="(TXT)").click()
    assert saved.value.path().read_text(encoding="utf-8") == "tôi không biết"
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_headline_leads_to_the_gradient_and_the_link_back_to_what_was_seen(
    desktop: Visitor,
) -> None:
    page = desktop.open("/accents", accents_text="toi khong biet", accents_at="11")
    expect(page.get_by_text("The gradient reaches")).to_be_visible()
    page.locator(".st-key-accents_headline button").click()
    desktop.linked(accents_view="gradient", accents_at="11")
    expect(page.locator(".st-key-accents_gradient_figure .js-plotly-plot")).to_be_visible()
    address = page.url
    page.goto(address)
    desktop.settled()
    expect(page.get_by_text("in “biết”: which words")).to_be_visible()


def test_html_is_shown_as_it_was_typed(desktop: Visitor) -> None:
    page = desktop.open("/accents", accents_text="<img src=x onerror=alert(1)> xin chao")
    expect(page.get_by_test_id("stCode")).to_contain_text("<img src=x onerror=alert(1)> xin chào")
