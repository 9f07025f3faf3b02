"""The page Captions in Chromium, on the models that are shipped."""

from __future__ import annotations

import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import PATIENCE, SIZES, Visitor, Windows, query
from tests.browser.screen import on_first_screen
from tests.project import ROOT

EXAMPLES = ROOT / "assets" / "examples"
TITLES = {"en": "What does it say about your photo?", "vi": "Mạng nói gì về bức ảnh của bạn?"}


def words(page: Page) -> Locator:
    return page.get_by_role("group", name=re.compile("word by word|từng từ một")).get_by_role(
        "button"
    )


def overlay(page: Page) -> Locator:
    """The photo's figure with its 7 × 7 cells."""
    return page.locator(".st-key-captions_photo_figure")


def picked(page: Page, name: str) -> Locator:
    """The pill of a photo."""
    main = page.get_by_test_id("stMain")
    return main.get_by_role("radio", name=name).or_(main.get_by_role("button", name=name)).first


def example(name: str, form: str, suffix: str) -> FilePayload:
    """An example photo as a file of another name and format."""
    out = BytesIO()
    with Image.open(EXAMPLES / f"{name}.jpg") as image:
        image.save(out, form)
    return FilePayload(name=f"mine-{name}.{suffix}", mimeType="", buffer=out.getvalue())


def first_example(locale: str) -> str:
    return {"en": "photographer", "vi": "nhiếp ảnh gia"}[locale[:2]]


def upload(page: Page, *files: FilePayload) -> None:
    """Hands photos in through the popover, which is closed again."""
    page.locator(".st-key-captions_files").get_by_role("button").first.click()
    page.locator("input[type=file]").first.set_input_files(list(files))
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("radio", name=re.compile("mine|long"))).not_to_have_count(0)
    page.keyboard.press("Escape")


def downloaded(page: Page, lines: int) -> list[str]:
    """The file's lines as soon as there are so many of them; at last, as many as there are.

    The photos are described one after the other, and nothing on the page says that all are done.
    """
    end = time.monotonic() + PATIENCE
    while True:
        with page.expect_download() as saved:
            page.get_by_role("button", name="Download (CSV)").click()
        found = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
        if len(found) >= lines or time.monotonic() > end:
            return found
        page.wait_for_timeout(500)


# Vietnamese, the longer of the languages, in both sizes.
@pytest.mark.parametrize(
    ("size", "locale"), [("desktop", "vi-VN"), ("phone", "vi-VN"), ("phone", "en-GB")]
)
def test_the_first_screen_holds_photo_and_sentence_and_on_a_desk_all_photos(
    windows: Windows, size: str, locale: str
) -> None:
    page = windows.visitor(size, locale).open("/captions")
    expect(page.locator("h1")).to_have_text(TITLES[locale[:2]])
    expect(words(page).last).to_be_visible()
    expect(overlay(page).locator(".hm")).to_have_count(1)
    sentence = page.get_by_role("heading", level=2).first
    inside = [overlay(page), sentence]
    if size == "desktop":
        files = page.locator(".st-key-captions_files").get_by_role("button").first
        inside += [words(page).last, picked(page, first_example(locale)), files]
        begun = sentence.bounding_box()
        assert begun is not None
        assert begun["y"] < 260
    elif locale == "en-GB":
        inside.append(words(page).first)
    for part in inside:
        on_first_screen(part, SIZES[size][1])


def test_a_tapped_word_moves_the_look_and_is_in_the_link(windows: Windows) -> None:
    author = windows.visitor()
    page = author.open("/captions", lang="en", captions_photo="cat", captions_width="3")
    expect(words(page).last).to_have_text("STOP")
    words(page).last.click()
    expect(page.get_by_text(re.compile("^Where it ends, after"))).to_be_visible()
    expect(page.get_by_text(re.compile("^For “STOP” it looked most at"))).to_be_visible()
    expect(page).to_have_url(re.compile("captions_word="))
    text = page.get_by_role("heading", level=2).first.inner_text()

    link = {**query(page), "lang": "vi"}
    there = windows.visitor("phone", "vi-VN").open("/captions", **link)
    expect(words(there).last).to_have_attribute("aria-pressed", "true")
    expect(there.get_by_role("heading", level=2).first).to_have_text(text)


def test_words_can_be_tapped_by_keyboard(desktop: Visitor) -> None:
    page = desktop.open("/captions", lang="en")
    words(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(words(page).nth(1)).to_have_attribute("aria-pressed", "true")


def test_several_files_at_once_one_of_them_broken(desktop: Visitor) -> None:
    page = desktop.open("/captions", lang="en", captions_view="many")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    broken = FilePayload(
        name="broken.jpg", mimeType="image/jpeg", buffer=(EXAMPLES / "cat.jpg").read_bytes()[:900]
    )
    upload(
        page, example("rocket", "PNG", "png"), broken, example("cat", "WEBP", "webp"),
        example("astronaut", "GIF", "gif"),
    )  # fmt: skip
    expect(page.get_by_role("alert").filter(has_text="broken.jpg is damaged")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(picked(page, "mine-rocket.png")).to_be_visible()
    lines = downloaded(page, 5)
    names = [line.split(",")[0] for line in lines]
    assert names == [
        "file",
        "mine-rocket.png",
        "mine-cat.webp",
        "mine-astronaut.gif",
        "photographer",
    ]
    assert all(re.match(r"[^,]+,[A-Z].+\.,-\d", line) for line in lines[1:]), lines
    assert "mine" not in page.url


def test_a_photo_of_ones_own_can_be_left_for_an_example_and_taken_again(phone: Visitor) -> None:
    page = phone.open("/captions", lang="en")
    expect(words(page).last).to_be_visible()
    upload(page, example("rocket", "JPEG", "jpg"))
    expect(picked(page, "mine-rocket.jpg")).to_have_attribute("aria-checked", "true")
    picked(page, "cat").click()
    phone.linked(captions_photo="cat")
    picked(page, "mine-rocket.jpg").click()
    phone.settled()
    expect(words(page).last).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_is_wider_than_the_screen(windows: Windows, size: str, scheme: str) -> None:
    page = windows.visitor(size, "vi-VN", scheme).open("/captions", captions_models="pairs")
    expect(words(page).last).to_be_visible()
    long = FilePayload(
        name=f"{'long-' * 30}.jpg", mimeType="", buffer=Path(EXAMPLES / "cat.jpg").read_bytes()
    )
    upload(page, long)
    expect(picked(page, "long-")).to_have_attribute("aria-checked", "true")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_one_view_is_shown_at_a_time(desktop: Visitor) -> None:
    page = desktop.open("/captions", lang="en")
    expect(overlay(page)).to_be_visible()
    page.get_by_text("How it works", exact=True).click()
    expect(overlay(page)).to_have_count(0)
    expect(page.locator(".katex").first).to_be_visible()
    desktop.linked(captions_view="lesson")


def test_photos_are_chosen_by_keyboard(desktop: Visitor) -> None:
    page = desktop.open("/captions", lang="en", captions_view="without")
    picked(page, "photographer").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    desktop.linked(captions_photo="cat")
    expect(picked(page, "cat")).to_have_attribute("aria-checked", "true")
    desktop.settled()  # until then the drawing of the photo before stands there as well
    on_first_screen(page.locator(".st-key-captions_unrolled"), SIZES["desktop"][1])


def test_what_is_recognised_and_what_is_a_guess_is_said(desktop: Visitor) -> None:
    page = desktop.open("/captions", lang="en", captions_photo="cat")
    expect(page.get_by_text("Recognised: “cat”.")).to_be_visible()
    out = BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "PNG")
    upload(page, FilePayload(name="mine.png", mimeType="", buffer=out.getvalue()))
    warning = page.get_by_role("alert").filter(has_text="Unsure: this photo is unlike those")
    expect(warning).to_be_visible()
