"""The token component in Chromium: text stays text, taps and keys work, it can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Windows
from tests.browser.instrumented_server import InstrumentedServer, serve
from tests.browser.tokens_page import HOSTILE, TEXTS
from tests.project import ROOT

# Draws the page's background and then the button's, half transparent, and reads both pixels:
# [button's text, button's ground] as red, green, blue.
PAINTED = """button => {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = 1
  const context = canvas.getContext("2d", { willReadFrequently: true })
  const paint = (...colours) => {
    for (const colour of colours) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1) }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const page = getComputedStyle(document.querySelector(".stApp")).backgroundColor
  const style = getComputedStyle(button)
  return [paint(style.color), paint(page, style.backgroundColor)]
}"""


@pytest.fixture(scope="module")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstrumentedServer]:
    script = ROOT / "tests" / "browser" / "tokens_page.py"
    with serve(script, tmp_path_factory.mktemp("tokens")) as running:
        yield running


@pytest.fixture
def open_windows(coloured: InstrumentedServer, chromium: Browser) -> Iterator[Windows]:
    windows = Windows(coloured, chromium)
    yield windows
    windows.close()


@pytest.fixture
def page(open_windows: Windows) -> Page:
    return open_windows.visitor().open()


def group(page: Page) -> Locator:
    return page.get_by_role("group", name="All pieces")


def test_data_stays_text(page: Page) -> None:
    buttons = group(page).get_by_role("button")
    expect(buttons).to_have_count(len(TEXTS))
    assert [buttons.nth(k).inner_text() for k in range(3)] == TEXTS[:3]
    assert buttons.nth(3).text_content() == HOSTILE
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hit") is None


def test_a_tap_gives_the_index_and_a_second_tap_takes_it_back(page: Page) -> None:
    third = group(page).get_by_role("button").nth(2)
    expect(page.get_by_text("Chosen: None")).to_be_visible()
    third.click()
    expect(page.get_by_text("Chosen: 2")).to_be_visible()
    expect(third).to_have_attribute("aria-pressed", "true")
    third.click()
    expect(page.get_by_text("Chosen: None")).to_be_visible()
    expect(third).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_does_all_that_a_finger_does(page: Page) -> None:
    buttons = group(page).get_by_role("button")
    expect(buttons).to_have_count(len(TEXTS))
    assert [b.get_attribute("tabindex") for b in buttons.all()].count("0") == 1
    buttons.first.focus()
    for key, index in [("ArrowRight", 1), ("ArrowRight", 2), ("End", 6), ("ArrowRight", 6)]:
        page.keyboard.press(key)
        expect(buttons.nth(index)).to_be_focused()
    for key, index in [("Home", 0), ("ArrowLeft", 0), ("ArrowDown", 1)]:
        page.keyboard.press(key)
        expect(buttons.nth(index)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chosen: 1")).to_be_visible()
    expect(buttons.nth(1)).to_be_focused()  # the rerun did not take the focus away
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Chosen: 2")).to_be_visible()
    assert [b.get_attribute("tabindex") for b in buttons.all()].count("0") == 1


def test_each_piece_says_in_words_what_its_colour_says(page: Page) -> None:
    expect(group(page).get_by_role("button", name="good: 1.0", exact=True)).to_be_visible()


def luminance(colour: list[int]) -> float:
    """WCAG 2.1's relative luminance."""
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_colour(open_windows: Windows, scheme: str) -> None:
    page = open_windows.visitor(scheme=scheme).open()
    buttons = group(page).get_by_role("button")
    expect(buttons).to_have_count(len(TEXTS))
    grounds = set()
    for button in buttons.all():
        ink, ground = button.evaluate(PAINTED)
        dark, light = sorted((luminance(ink), luminance(ground)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (scheme, ink, ground)  # WCAG AA
        grounds.add(tuple(ground))
    assert len(grounds) >= 4  # positive, negative, weak, none


def test_on_a_phone_nothing_is_cut_off(open_windows: Windows) -> None:
    page = open_windows.visitor("phone").open()
    assert group(page).evaluate("e => e.scrollWidth <= e.clientWidth")
    box = group(page).get_by_role("button").last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    assert box["height"] >= 24  # WCAG 2.5.8, target size
