"""The train page in Chromium: the first screen; fifty steps, stop, download, upload, sample."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Visitor, Windows


def button(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_first_screen_holds_the_controls_and_nothing_is_too_wide(
    windows: Windows, size: str
) -> None:
    page = windows.visitor(size).open("/train", lang="en", train_source="jack", train_view="lesson")
    start = page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True)
    shown = [page.locator(".st-key-train_example"), page.locator(".st-key-train_cell"), start]
    if size == "desktop":
        shown.append(page.locator(".st-key-train_numbers"))
    for part in shown:
        expect(part.first).to_be_visible()
        box = part.first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZES[size][1]
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_fifty_steps_stop_download_upload_sample(desktop: Visitor, tmp_path: Path) -> None:
    page = desktop.open(
        "/train",
        lang="en",
        train_source="jack",
        train_units="32",
        train_steps="10",
        train_view="keep",
    )
    button(page, "Start")
    many = re.compile(r"^(Iteration (5\d|[6-9]\d|[12]\d\d) of 300|Finished after)")
    expect(page.get_by_text(many).first).to_be_visible(timeout=120_000)
    stop = page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True)
    if stop.is_enabled():
        stop.click()
    expect(page.get_by_text(re.compile(r"^(Stopped|Finished) after")).first).to_be_visible()
    desktop.settled()
    with page.expect_download() as waiting:
        button(page, "Download the model")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "own-text-lstm-32.safetensors"
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(re.compile(r"LSTM, 32 units × 1, 28 characters"))).to_be_visible()
    expect(page.get_by_text(re.compile("^The uploaded model, after"))).to_be_visible()
    desktop.type("Beginning (may be empty)", "cat cat cat")
    expect(page.get_by_test_id("stCode").last).to_contain_text("cat cat cat")
    desktop.linked(train_prompt="cat cat cat")
    assert len(page.get_by_test_id("stCode").last.inner_text()) > 300
