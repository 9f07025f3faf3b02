"""The sentiment page in Chromium, on the models that are shipped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows, query
from tests.browser.screen import on_first_screen

TITLES = {"en": "Positive or negative?", "vi": "Khen hay chê?"}
YOUR_TEXT = {"en": "Your text, in English or Vietnamese", "vi": "Văn bản của bạn"}
LECTURE = {
    "The food was really good": "Positive",
    "Thức ăn rất ngon": "Positive",
    "Máy hút bụi bị hỏng": "Negative",
    "Bộ phim có những phần": "Positive",
}
FILM = "Bộ phim có những phần buồn tẻ, nhưng tổng thể là rất đáng xem"


def verdict(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def tokens(page: Page) -> Locator:
    names = re.compile("token by token|theo từng token")
    return page.get_by_role("group", name=names).get_by_role("button")


def line(page: Page) -> Locator:
    """The points of the line below the tokens."""
    return page.locator(".st-key-sentiment_course .scatterlayer .trace").last.locator(".point")


# Vietnamese, the longer of the languages, in both sizes.
@pytest.mark.parametrize(
    ("size", "locale"), [("desktop", "vi-VN"), ("phone", "vi-VN"), ("phone", "en-GB")]
)
def test_the_first_screen_holds_text_verdict_tokens_and_line(
    windows: Windows, size: str, locale: str
) -> None:
    page = windows.visitor(size, locale).open("/sentiment")
    lang = locale[:2]
    expect(page.locator("h1")).to_have_text(TITLES[lang])
    expect(page.locator("h1")).to_have_count(1)
    name = {"en": "Positive", "vi": "Tích cực"}[lang]
    shown = [verdict(page, name), tokens(page).last]
    if size == "desktop":
        expect(line(page).last).to_be_visible()
        shown.append(page.locator(".st-key-sentiment_course .xaxislayer-above"))
        shown.append(page.get_by_label(YOUR_TEXT[lang]))
    for part in shown:
        on_first_screen(part, SIZES[size][1])


def test_tokens_stand_above_their_points(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", sentiment_text=FILM)
    expect(line(page).last).to_be_visible()
    points = line(page).count()
    assert points > 10
    expect(tokens(page)).to_have_count(points)  # the buttons are drawn in a frame of their own
    above, below = tokens(page).all(), line(page).all()
    for token, point in zip(above, below, strict=True):
        one, other = token.bounding_box(), point.bounding_box()
        assert one is not None
        assert other is not None
        middle = one["x"] + one["width"] / 2
        assert middle == pytest.approx(other["x"] + other["width"] / 2, abs=3)


@pytest.mark.parametrize(("start", "name"), LECTURE.items())
def test_the_lectures_sentences_are_read_rightly(desktop: Visitor, start: str, name: str) -> None:
    page = desktop.open("/sentiment", lang="en", sentiment_text="The worst film of all")
    expect(verdict(page, "Negative")).to_be_visible()
    page.get_by_role("radio", name=start).or_(page.get_by_role("button", name=start)).click()
    expect(page.get_by_label(YOUR_TEXT["en"])).to_have_value(re.compile(f"^{start}"))
    expect(verdict(page, name)).to_be_visible()


def test_typing_gives_verdict_gradient_and_link(phone: Visitor) -> None:
    page = phone.open("/sentiment", lang="en")
    phone.type(YOUR_TEXT["en"], "A terrible, boring waste of time")
    expect(verdict(page, "Negative")).to_be_visible()
    expect(page.get_by_text(re.compile("^Small plain RNN, last state"))).to_be_visible()
    page.locator(".st-key-sentiment_headline button").click()
    expect(page.get_by_text(re.compile("(first|last) (token|step)"))).not_to_have_count(0)
    expect(page.get_by_text(re.compile("held-out texts of"))).to_have_count(3)
    phone.linked(sentiment_text="A terrible, boring waste of time")


def test_a_tapped_token_is_marked_and_in_the_link(windows: Windows) -> None:
    author = windows.visitor()
    page = author.open("/sentiment", lang="en", sentiment_text=FILM)
    tokens(page).filter(has_text="nhưng").click()
    expect(page.get_by_text(re.compile("^After nhưng: "))).to_be_visible()
    expect(page).to_have_url(re.compile("sentiment_step="))
    link = {**query(page), "lang": "vi"}

    there = windows.visitor("phone", "vi-VN").open("/sentiment", **link)
    expect(there.get_by_label(YOUR_TEXT["vi"])).to_have_value(FILM)
    expect(there.get_by_text(re.compile("^Sau nhưng: "))).to_be_visible()
    expect(tokens(there).filter(has_text="nhưng")).to_have_attribute("aria-pressed", "true")


def test_switching_the_language_keeps_text_and_settings(desktop: Visitor) -> None:
    page = desktop.open(
        "/sentiment", lang="en", sentiment_view="gradient", sentiment_gradient_axis="lag"
    )
    desktop.type(YOUR_TEXT["en"], "Thức ăn rất ngon")
    page.get_by_test_id("stMain").get_by_text("VI", exact=True).click()
    expect(page.locator("h1")).to_have_text(TITLES["vi"])
    expect(page.get_by_label(YOUR_TEXT["vi"])).to_have_value("Thức ăn rất ngon")
    desktop.linked(sentiment_gradient_axis="lag")


def test_bad_input_is_answered_and_kept(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", lang="vi")
    for text in ("", "🂡🂢", "a" * 100_000, "\u202eالطعام كان جيدًا", "\x07\x1b\u200b"):
        desktop.type(YOUR_TEXT["vi"], text)
        expect(page.get_by_role("alert")).to_have_count(1)
        expect(page.get_by_label(YOUR_TEXT["vi"])).to_have_value(text)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        desktop.type(YOUR_TEXT["vi"], "Thức ăn rất ngon")
        expect(verdict(page, "Tích cực")).to_be_visible()


def test_emoji_alone_are_read_where_the_network_knows_them(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", lang="vi", sentiment_text="😀🎉")
    expect(tokens(page)).not_to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_text_on_which_the_gradient_vanishes_is_one_tap_away(desktop: Visitor) -> None:
    """Of the film the plain RNN's gradient does not vanish; of the offered text it does."""
    page = desktop.open("/sentiment", lang="en", sentiment_view="gradient")
    expect(page.get_by_text(re.compile("^In the plain RNN it does not vanish"))).to_be_visible()
    page.locator(".st-key-sentiment_vanishes button").click()
    smaller = re.compile("^At the first token the gradient is [5-9][0-9] times smaller")
    expect(page.get_by_text(smaller).first).to_be_visible()
    expect(page.locator(".st-key-sentiment_vanishes")).to_have_count(0)


def test_html_injects_nothing_anywhere(desktop: Visitor) -> None:
    hostile = "<img src=x onerror=window.hit=1> <b>good</b> food <script>window.hit=1</script>"
    page = desktop.open("/sentiment", lang="en")
    desktop.type(YOUR_TEXT["en"], hostile)
    expect(tokens(page).first).to_have_text("<")
    tokens(page).first.click()
    expect(page.get_by_text(re.compile("^After <"))).to_be_visible()
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hit") is None
    expect(page.get_by_label(YOUR_TEXT["en"])).to_have_value(hostile)


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_is_wider_than_the_screen(windows: Windows, size: str, scheme: str) -> None:
    page = windows.visitor(size, "vi-VN", scheme).open("/sentiment", sentiment_text=FILM * 3)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_one_view_is_shown(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", lang="en", sentiment_view="fails")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_text("How it works", exact=True).click()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(page.locator(".katex").first).to_be_visible()
    expect(page).to_have_url(re.compile("sentiment_view=lesson"))


def test_a_figure_can_be_saved_as_a_vector_picture(desktop: Visitor) -> None:
    page = desktop.open("/sentiment", lang="en")
    expect(line(page).last).to_be_visible()
    figure = page.locator(".st-key-sentiment_course")
    figure.hover()
    with page.expect_download() as saved:
        figure.locator(".modebar-btn").click()
    assert saved.value.suggested_filename == "probability-after-each-token.svg"
    assert saved.value.path().read_text(encoding="utf-8").startswith("<svg")
