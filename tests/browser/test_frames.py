"""The page Frames in Chromium: play, tap, compose a clip, bring a film of one's own."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visitor, Windows
from tests.engine.images.films import moving, video


def test_the_film_plays_and_a_tap_chooses_a_frame(desktop: Visitor) -> None:
    page = desktop.open("/frames", frames_clip="fall", frames_at="10")
    line = page.get_by_role("slider", name="The film, frame by frame")
    expect(line).to_have_attribute("aria-valuenow", "10")
    page.get_by_role("button", name="Play").click()
    expect(line).not_to_have_attribute("aria-valuenow", "10")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    box = line.bounding_box()
    assert box is not None
    line.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    desktop.linked(frames_at="165")
    expect(page.get_by_text("Frame 166 of 330")).to_be_visible()
    line.press("ArrowRight")
    desktop.linked(frames_at="166")
    assert "Truth" in str(line.get_attribute("aria-valuetext"))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_clip_is_composed_on_the_page(windows: Windows, size: str) -> None:
    visitor = windows.visitor(size)
    page = visitor.open("/frames", frames_source="made", frames_actions="left")
    page.get_by_role("button", name="up", exact=True).click()
    visitor.linked(frames_actions="left.up")
    expect(page.get_by_text("to the left → up")).to_be_visible()
    line = page.get_by_role("slider", name="The film, frame by frame")
    expect(line).to_have_attribute("aria-valuemax", "23")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_film_of_ones_own_is_labelled(phone: Visitor) -> None:
    page = phone.open("/frames", frames_source="own", lang="vi")
    film = FilePayload(
        name="tay.mp4", mimeType="video/mp4", buffer=video("mp4", "libx264", moving(48))
    )
    page.locator("input[type=file]").set_input_files([film])
    expect(page.get_by_text("tay.mp4", exact=True).first).to_be_visible()
    line = page.get_by_role("slider")
    expect(line).to_have_attribute("aria-valuemax", "23")
    page.locator("input[type=file]").set_input_files(
        [FilePayload(name="x.mp4", mimeType="video/mp4", buffer=b"no film")]
    )
    expect(page.get_by_role("alert")).to_contain_text("không phải là phim")
    expect(line).to_have_attribute("aria-valuemax", "23")
