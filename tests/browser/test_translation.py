"""The page Translation in Chromium, on the models that are shipped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows, query
from tests.browser.screen import on_first_screen

TITLES = {
    "en": "How does it translate a sentence, word by word?",
    "vi": "Mạng dịch một câu, từng từ một, như thế nào?",
}


def words(page: Page) -> Locator:
    return page.get_by_role("group", name=re.compile("word by word|từng từ một")).get_by_role(
        "button"
    )


def table(page: Page) -> Locator:
    """The attention matrix."""
    return page.locator(".st-key-translation_attention")


@pytest.mark.parametrize(("size", "locale"), [("desktop", "en-GB"), ("phone", "vi-VN")])
def test_the_first_screen_and_nothing_wider_than_it(
    windows: Windows, size: str, locale: str
) -> None:
    page = windows.visitor(size, locale).open("/translation")
    expect(page.locator("h1")).to_have_text(TITLES[locale[:2]])
    expect(words(page).last).to_have_text("STOP")
    expect(table(page).locator(".hm")).to_have_count(1)
    on_first_screen(table(page), SIZES[size][1])
    on_first_screen(page.locator(".st-key-translation_text"), SIZES[size][1])
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_tapped_word_moves_the_look_and_is_in_the_link(windows: Windows) -> None:
    author = windows.visitor()
    page = author.open("/translation", lang="en")
    box = page.get_by_role("textbox", name="Text to translate")
    box.fill("Deux chiens courent.")
    box.press("Control+Enter")
    author.linked(translation_text="Deux chiens courent.")
    expect(words(page).last).to_have_text("STOP")
    words(page).last.click()
    expect(page.get_by_text(re.compile("^For “STOP” it looked most at"))).to_be_visible()
    expect(page).to_have_url(re.compile("translation_word="))
    there = windows.visitor("phone", "vi-VN").open("/translation", **{**query(page), "lang": "vi"})
    expect(words(there).last).to_have_attribute("aria-pressed", "true")


def test_a_swap_takes_the_translation_as_the_text(desktop: Visitor) -> None:
    page = desktop.open("/translation", lang="en")
    expect(words(page).last).to_have_text("STOP")
    found = page.get_by_test_id("stCode").first.inner_text().strip()
    page.get_by_role("button", name="Swap").click()
    desktop.linked(translation_direction="en-fr")
    expect(page.get_by_role("textbox", name="Text to translate")).to_have_value(found)


def test_a_file_stays_until_the_box_is_wanted_back_even_while_it_is_translated(
    desktop: Visitor,
) -> None:
    page = desktop.open("/translation", lang="en", translation_view="many")
    box = page.get_by_role("textbox", name="Text to translate")
    expect(box).to_have_value("La nature est un temple.")
    for count in (60, 90):
        text = "\n".join(f"Je vois {k} chats noirs." for k in range(1, count))
        file = {"name": "cats.txt", "mimeType": "text/plain", "buffer": text.encode()}
        desktop.settled()
        page.get_by_role("button", name="Upload a text").click()
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        back = page.get_by_role("button", name="Back to the box")
        expect(back).to_be_visible()
        page.keyboard.press("Escape")
        if count == 60:  # until it is done
            expect(page.get_by_role("button", name="Download (TSV)")).to_be_enabled(timeout=60_000)
            desktop.settled()
            expect(page.get_by_test_id("stCode").last).to_contain_text("59")
        back.click()
        expect(box).to_have_value("La nature est un temple.")
