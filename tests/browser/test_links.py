"""Links in Chromium: a link reproduces what is seen, in either language."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, Windows, query

SENTENCE = "Ngon & rẻ: 50% <b>?"


def test_an_untouched_home_page_has_a_clean_address(desktop: Visitor) -> None:
    assert query(desktop.open()) == {}


def test_a_link_made_in_english_opens_in_vietnamese_with_the_same_state(windows: Windows) -> None:
    author = windows.visitor()
    page = author.open()
    author.type("Your sentence", SENTENCE)
    page.get_by_text("References", exact=True).click()
    expect(page).to_have_url(re.compile("home_view=references"))
    link = query(page)
    assert link == {"home_text": SENTENCE, "home_view": "references"}

    reader = windows.visitor("phone", "vi-VN")
    there = reader.open("/", **link)
    expect(there.get_by_text("bài giảng về mạng hồi quy")).to_be_visible()
    reader.linked(**link)
    assert query(there) == link
    there.get_by_text("Các loại bài toán", exact=True).click()
    expect(there.get_by_label("Câu của bạn")).to_have_value(SENTENCE)


def test_a_link_says_its_language(windows: Windows) -> None:
    page = windows.visitor(locale="en-GB").open("/", lang="vi", home_view="transformer")
    expect(page.get_by_text("Transformer là lựa chọn tốt hơn")).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "The food was really good"), ("vi", "Thức ăn rất ngon")]
)
def test_a_slide_opens_its_page_and_stays_in_the_address(
    desktop: Visitor, lang: str, sentence: str
) -> None:
    page = desktop.open("/", slide="5", lang=lang)
    expect(page).to_have_url(re.compile(r"/sentiment\?"))
    expect(page.get_by_role("textbox").first).to_have_value(sentence)
    desktop.settled()
    expect(page).to_have_url(
        re.compile(urlencode({"sentiment_text": sentence}).replace("+", r"\+"))
    )
    assert query(page) == {"slide": "5", "lang": lang, "sentiment_text": sentence}


def test_a_slide_can_be_searched_and_opened_from_the_map(desktop: Visitor) -> None:
    page = desktop.open("/", home_view="slides")
    page.get_by_role("button", name="6 · Sentiment of a comment: the vacuum cleaner").click()
    expect(page).to_have_url(re.compile("/sentiment"))
    expect(page.get_by_role("textbox").first).to_have_value(re.compile("vacuum cleaner"))


def test_a_page_opened_first_of_all_has_its_header(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", lang="vi")
    expect(page.get_by_text("EN", exact=True)).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    desktop.linked(lang="vi")


def test_the_language_follows_to_another_page(desktop: Visitor) -> None:
    page = desktop.open("/", lang="vi")
    page.get_by_test_id("stMain").get_by_role("link", name="Sắc thái", exact=True).last.click()
    expect(page).to_have_url(re.compile("/sentiment.*lang=vi"))
    desktop.settled()
    page.get_by_test_id("stMain").get_by_role("link", name="Trang chủ", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Mạng hồi quy nhớ được những gì?")


def test_back_undoes_a_choice(desktop: Visitor) -> None:
    page = desktop.open("/", home_view="slides")
    for name in ("References", "Models"):
        page.get_by_text(name, exact=True).click()
        expect(page).to_have_url(re.compile(f"home_view={name.lower()}"))
        desktop.settled()
    page.go_back()
    expect(page.get_by_text("Stanford").first).to_be_visible()
    desktop.linked(home_view="references")


def test_back_to_an_address_without_a_choice_undoes_it_and_the_way_forward_stays(
    desktop: Visitor,
) -> None:
    page = desktop.open("/")
    page.get_by_text("References", exact=True).click()
    desktop.linked(home_view="references")
    desktop.settled()
    page.go_back()
    expect(page.get_by_text("Stanford")).to_have_count(0)
    desktop.settled()
    assert query(page) == {}
    page.go_forward()
    expect(page.get_by_text("Stanford").first).to_be_visible()
    desktop.linked(home_view="references")


def test_a_long_text_is_not_in_the_link_and_the_page_says_so(desktop: Visitor) -> None:
    page = desktop.open()
    text = "A good film. " * 120
    desktop.type("Your sentence", text)
    expect(page.get_by_text("A text of more than 1,500 characters")).to_be_visible()
    expect(page.get_by_label("Your sentence")).to_have_value(text)
    assert "home_text" not in query(page)


def test_fast_clicks_end_at_the_last_one(desktop: Visitor) -> None:
    page = desktop.open("/", home_view="slides")
    for name in ("References", "Why not a Transformer?", "References", "Slide map", "References"):
        page.get_by_text(name, exact=True).click()
    expect(page).to_have_url(re.compile("home_view=references"))
    desktop.settled()
    expect(page.get_by_text("Stanford").first).to_be_visible()


def test_a_presenters_keys_turn_the_slides(desktop: Visitor) -> None:
    page = desktop.open("/", slide="40", lang="en", mode="lecture")
    expect(page.locator("h1")).to_contain_text("40 · LSTM step 4")
    desktop.turn("PageDown", to="41 · ")
    desktop.turn("PageDown", to="42 · ")
    expect(page).to_have_url(re.compile("/gradients"))
    desktop.turn("PageUp", to="41 · ")
