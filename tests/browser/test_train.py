"""The train page in Chromium: the first screen; fifty steps, stop, download, upload, sample."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows
from tests.browser.screen import on_first_screen

SLOW = 120_000
"""Milliseconds that a step of the flow may take where other tests share the machine."""


def button(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_first_screen_holds_the_controls_and_nothing_is_too_wide(
    windows: Windows, size: str
) -> None:
    page = windows.visitor(size).open("/train", lang="en", train_source="jack")
    start = page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True)
    shown = [start]
    if size == "desktop":
        shown.append(page.get_by_test_id("stCode"))
        named = ("train_example", "train_cell", "train_loss", "train_numbers")
        shown += [page.locator(f".st-key-{key}") for key in named]
    for part in shown:
        on_first_screen(part.first, SIZES[size][1])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_fifty_steps_stop_download_upload_sample(desktop: Visitor, tmp_path: Path) -> None:
    page = desktop.open(
        "/train",
        lang="en",
        train_source="jack",
        train_units="32",
        train_steps="5",
        train_iterations="3000",  # so that it is stopped and not finished
        train_view="keep",
    )
    main = page.get_by_test_id("stMain")
    button(page, "Start")
    fifty = re.compile(r"^Iteration ([5-9]\d|[1-9]\d\d|[1-9]\D\d{3}) of 3")
    expect(main.get_by_text(fifty).first).to_be_visible(timeout=SLOW)
    button(page, "Stop")
    expect(main.get_by_text(re.compile(r"^Stopped after")).first).to_be_visible(timeout=SLOW)
    download = main.get_by_role("button", name="Download the model", exact=True)
    expect(download).to_be_enabled(timeout=SLOW)
    with page.expect_download(timeout=SLOW) as waiting:
        download.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "own-text-lstm-32.safetensors"
    main.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(path)
    summary = re.compile(r"LSTM, 32 units × 1, 28 characters")
    expect(main.get_by_text(summary)).to_be_visible(timeout=SLOW)
    expect(main.get_by_text(re.compile("^The uploaded model, after"))).to_be_visible(timeout=SLOW)
    box = main.get_by_label("Beginning (may be empty)")
    box.fill("cat cat cat")
    box.press("Enter")
    written = main.get_by_test_id("stCode").last
    expect(written).to_have_text(re.compile(r"^cat cat cat[\s\S]{300,}"), timeout=SLOW)
    desktop.linked(train_prompt="cat cat cat")
