"""The page on cells in Chromium: what only a browser shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows
from tests.browser.screen import on_first_screen


def drawn(page: Page) -> None:
    expect(page.locator(".st-key-cells_diagram [data-part] rect").first).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_is_wider_than_the_screen(windows: Windows, size: str, scheme: str) -> None:
    page = windows.visitor(size, "vi-VN", scheme).open("/cells", cells_cell="gru")
    drawn(page)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    on_first_screen(page.locator(".st-key-cells_diagram"), SIZES[size][1])
    on_first_screen(page.get_by_role("button", name="Bước tiếp", exact=True), SIZES[size][1])
    if size == "desktop":
        for key in ("cells_gate", "cells_headline", "cells_settings"):
            on_first_screen(page.locator(f".st-key-{key}"), SIZES[size][1])


def test_step_changes_diagram_equation_and_link(desktop: Visitor) -> None:
    page = desktop.open("/cells", lang="en")
    drawn(page)
    equation = page.locator(".katex").nth(1)
    before = equation.inner_text()
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page).to_have_url(re.compile("cells_step=3"))
    expect(equation).not_to_have_text(before)


@pytest.mark.parametrize(("cell", "line"), [("lstm", "f"), ("gru", "n")])
def test_every_formula_can_be_set_and_fits_a_phone(phone: Visitor, cell: str, line: str) -> None:
    state = {"cells_cell": cell, "cells_line": line, "cells_hidden": "4"}
    page = phone.open("/cells", lang="en", **state)
    drawn(page)
    expect(page.locator(".katex")).not_to_have_count(0)
    expect(page.locator(".katex-error")).to_have_count(0)
    box = page.locator(".katex").nth(1).locator(".katex-html").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SIZES["phone"][0]


def test_play_runs_to_the_end_and_stops(desktop: Visitor) -> None:
    page = desktop.open("/cells", lang="en", cells_input="hello", cells_step="1")
    drawn(page)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("cells_step=4"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_link_and_a_saved_diagram(desktop: Visitor) -> None:
    page = desktop.open("/cells", lang="en", cells_seed="42")
    drawn(page)
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("Seed of the weights")).to_have_value("42")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.locator(".st-key-cells_diagram").get_by_role("button", name="Save the figure").click()
    assert saved.value.suggested_filename == "lstm-step-2.svg"


def test_hands_on_the_drawings(desktop: Visitor) -> None:
    """Tap a gate's name, drag through time, tap a sum, and the same with keys alone."""
    page = desktop.open("/cells", lang="en", cells_input="hello")
    drawn(page)
    page.locator("[data-part='hold:f'] rect").first.click()
    expect(page).to_have_url(re.compile("cells_hold=f%3A000"))
    page.locator("[data-part='hold:i:1']").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("i%3A-0-"))
    page = desktop.open("/cells", lang="en", cells_view="unrolled", cells_cell="lstm")
    tapped = page.locator("[data-part='d_c.3'] rect").first
    expect(tapped).to_be_attached()
    assert "ghost" in (tapped.get_attribute("class") or "")  # the way back has not begun
    slider = page.locator(".st-key-cells_unrolled input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    expect(tapped).not_to_have_class(re.compile("ghost"))
    expect(page).to_have_url(re.compile("cells_moment=48"))  # 6 steps: 3 forward, 5 backward each
    tapped.click()
    expect(page.locator(".st-key-cells_arithmetic")).to_contain_text("∂e/∂c, the sum")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-cells_arithmetic")).to_contain_text("along the direct path")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(slider).to_have_value("0")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    ("view", "figure"),
    [
        ("unrolled", "unrolled"),
        ("curves", "tanh"),
        ("grus", "grus"),
        ("layers", "net"),
        ("hand", "exercise"),
    ],
)
def test_every_view_begins_on_the_first_screen(
    windows: Windows, size: str, view: str, figure: str
) -> None:
    page = windows.visitor(size).open("/cells", lang="en", cells_view=view, cells_cell="rnn")
    shown = page.locator(f".st-key-cells_{figure}").first
    if view == "hand":
        shown = page.get_by_label("Exercise number").first
        expect(shown).to_be_visible()
    else:
        on_first_screen(shown, SIZES[size][1])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
