"""Each slide's link: its figure is on the first screen, and fills the window in lecture mode."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pages.shared.slides import SLIDES
from tests.browser.conftest import SIZES, Visitor
from tests.browser.screen import on_first_screen

IN_TURN = [(number, ("en", "vi")[k % 2]) for k, number in enumerate(SLIDES)]
THE_OTHER = [
    pytest.param(number, "vi" if lang == "en" else "en", marks=pytest.mark.slow)
    for number, lang in IN_TURN
]


@pytest.mark.parametrize(("number", "lang"), [*IN_TURN, *THE_OTHER])
def test_a_slide_shows_its_figure_without_scrolling(
    desktop: Visitor, number: int, lang: str
) -> None:
    page = desktop.open("/", slide=str(number), lang=lang)
    expect(page).to_have_url(re.compile(rf"[?&]slide={number}\b"))
    figure = page.locator(f".st-key-{SLIDES[number].figure}").first
    on_first_screen(figure, SIZES["desktop"][1], least=40)


def test_every_slide_names_its_figure() -> None:
    assert not [number for number, slide in SLIDES.items() if not slide.figure]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_lecture_mode_turns_with_the_arrow_keys_and_fills_the_window(
    desktop: Visitor, lang: str
) -> None:
    page = desktop.open("/", slide="30", mode="lecture", lang=lang)
    expect(page.locator("h1")).to_contain_text("30 ·")
    desktop.turn("ArrowRight", to="31 · ")
    desktop.settled()
    expect(page.get_by_role("navigation", name="App pages")).to_have_count(0)
    figure = page.locator(f".st-key-{SLIDES[31].figure}").first
    on_first_screen(figure, SIZES["desktop"][1])
    box = figure.bounding_box()
    assert box is not None
    assert box["height"] > SIZES["desktop"][1] / 2
    desktop.turn("PageUp", to="30 · ")
    page.reload()
    expect(page.locator("h1")).to_contain_text("30 ·")
    desktop.turn("Escape", to=re.compile(r"^(?!30 · )"))
