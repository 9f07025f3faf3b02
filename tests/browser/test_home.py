"""The home page in Chromium: type a sentence, switch the language, see what it computes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, Windows

TITLES = {
    "en": "What does a recurrent network remember?",
    "vi": "Mạng hồi quy nhớ được những gì?",
}


VERDICT = ".st-key-home_many_to_one"
"""The card of the board that reads a sentence."""


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
def test_a_first_visit_speaks_the_browsers_language(
    windows: Windows, size: str, locale: str
) -> None:
    visitor = windows.visitor(size, locale)
    page = visitor.open()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_have_text(TITLES[locale[:2]])
    expect(page).to_have_title(re.compile(r" · RNN Lab$"))
    verdict = {"en": "Positive", "vi": "Tích cực"}[locale[:2]]
    expect(page.locator(VERDICT).get_by_text(verdict)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_is_wider_than_the_screen(windows: Windows, size: str, scheme: str) -> None:
    page = windows.visitor(size, "vi-VN", scheme).open(home_view="models")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_typing_a_sentence_changes_the_verdict(phone: Visitor) -> None:
    page = phone.open()
    phone.type("Your sentence", "A terrible, boring waste of time")
    expect(page.locator(VERDICT).get_by_text("Negative")).to_be_visible()
    phone.type("Your sentence", "A wonderful film, I loved it")
    expect(page.locator(VERDICT).get_by_text("Positive")).to_be_visible()


def test_bad_input_is_answered_and_kept(desktop: Visitor) -> None:
    page = desktop.open(lang="vi")
    for text in ("", "\u26ce\u26ce", "x" * 6000):
        desktop.type("Câu của bạn", text)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Câu của bạn")).to_have_value(text)
        desktop.type("Câu của bạn", "Thức ăn rất ngon")
        expect(page.get_by_role("alert")).to_have_count(0)


def test_html_is_shown_as_it_was_typed(desktop: Visitor) -> None:
    page = desktop.open()
    desktop.type("Your sentence", "<img src=x onerror=alert(1)> good <b>film</b>")
    expect(page.get_by_label("Your sentence")).to_have_value(re.compile("<img"))
    expect(page.locator("img[src=x]")).to_have_count(0)


def test_the_language_switch_translates_and_keeps_what_was_typed(desktop: Visitor) -> None:
    page = desktop.open()
    desktop.type("Your sentence", "Thức ăn rất ngon")
    desktop.linked(home_text="Thức ăn rất ngon")
    page.get_by_role("radio", name="VI").or_(page.get_by_role("button", name="VI")).first.click()
    expect(page.locator("h1")).to_have_text(TITLES["vi"])
    expect(page.get_by_label("Câu của bạn")).to_have_value("Thức ăn rất ngon")
    expect(page).to_have_url(re.compile("lang=vi"))


def test_the_device_says_what_it_is_and_what_is_missing(phone: Visitor) -> None:
    page = phone.open()
    page.get_by_role("button", name=re.compile("CPU|NVIDIA|Apple")).click()
    expect(page.get_by_text("Compute on")).to_be_visible()
    missing = page.get_by_role("radiogroup", name="Not available here")
    expect(missing.get_by_role("radio").first).to_be_disabled()
    expect(page.get_by_text(re.compile("GPU.*: (none found|this build)")).first).to_be_visible()


def test_every_page_can_be_reached_on_a_phone(phone: Visitor) -> None:
    page = phone.open()
    page.get_by_test_id("stMain").get_by_role("link", name="Sentiment", exact=True).last.click()
    expect(page).to_have_url(re.compile("/sentiment"))
    phone.settled()
