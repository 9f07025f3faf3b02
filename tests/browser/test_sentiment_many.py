"""Many sentences in Chromium, on the models that are shipped: upload, watch, sort, download."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from playwright.sync_api import FilePayload, Page, Position, expect

from tests.browser.conftest import Visitor, Windows

PRAISE = ["The food was really good", "A wonderful film", "Thức ăn rất ngon", "Quán sạch và đẹp"]
BLAME = ["The worst film of all", "It broke in a week", "Món ăn dở tệ", "Máy bị hỏng, quá tệ"]


def reviews(count: int) -> FilePayload:
    """A labelled CSV in both languages, with a row that cannot be read and one like a formula."""
    generator, out = random.Random(0), io.StringIO()
    write = csv.writer(out).writerow
    write(["id", "Bình luận", "Nhãn"])
    write([0, "🂡🂢", "tích cực"])
    write([1, "=1+1 is a wonderful film", "positive"])
    for k in range(2, count):
        good = generator.random() < 0.5
        write([k, generator.choice(PRAISE if good else BLAME), "1" if good else "0"])
    return {"name": "reviews.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}


def opened(visitor: Visitor, lang: str) -> Page:
    query = {"lang": lang, "sentiment_view": "many", "sentiment_many_source": "file"}
    return visitor.open("/sentiment", **query)


def test_a_labelled_file_gives_accuracy_a_table_and_a_safe_download(
    desktop: Visitor, tmp_path: Path
) -> None:
    page = opened(desktop, "en")
    page.locator(".st-key-sentiment_many_uploader input[type=file]").set_input_files(reviews(300))
    page.get_by_role("button", name="Start: 300 rows").click()
    expect(page.get_by_text("Accuracy")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("299 texts in")).to_be_visible()
    expect(page.get_by_text("1 row could not be read")).to_be_visible()
    expect(page.locator(".st-key-sentiment_many_confusion .heatmaplayer").first).to_be_attached()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the results (CSV)").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 300
    assert "no words" in rows[0]["note"]
    assert rows[1]["text"] == "'=1+1 is a wonderful film"
    right = sum(row["correct"] == "yes" for row in rows)
    assert right / 299 > 0.8
    expect(page.get_by_text(f"{right} of 299 labelled texts")).to_be_visible()


def test_a_tap_on_a_heading_sorts_the_table(desktop: Visitor) -> None:
    page = opened(desktop, "en")
    page.locator(".st-key-sentiment_many_uploader input[type=file]").set_input_files(reviews(20))
    page.get_by_role("button", name="Start: 20 rows").click()
    table = page.locator("[data-testid=stDataFrame]")
    expect(table).to_be_visible(timeout=60_000)
    first = table.locator("[role=row][aria-rowindex='2'] [role=gridcell]").first
    expect(first).to_have_text("2")
    heading: Position = {"x": 40, "y": 15}
    table.click(position=heading)  # ascending
    table.click(position=heading)  # descending
    expect(first).to_have_text("21")


def test_on_a_phone_nothing_is_wider_than_the_screen(windows: Windows) -> None:
    page = opened(windows.visitor("phone", "vi-VN", "dark"), "vi")
    page.locator(".st-key-sentiment_many_uploader input[type=file]").set_input_files(reviews(80))
    page.locator(".st-key-sentiment_many_start button").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible(timeout=60_000)
    box = page.locator(".st-key-sentiment_many_confusion").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(wide) is False


def test_the_file_outlives_another_view(desktop: Visitor) -> None:
    page = opened(desktop, "en")
    page.locator(".st-key-sentiment_many_uploader input[type=file]").set_input_files(reviews(20))
    page.get_by_role("button", name="Start: 20 rows").click()
    expect(page.get_by_text("Accuracy")).to_be_visible(timeout=60_000)
    page.get_by_text("How it works", exact=True).click()
    expect(page.get_by_text("Accuracy")).to_have_count(0)
    page.get_by_text("Many sentences", exact=True).click()
    expect(page.get_by_text("Accuracy")).to_be_visible()
    expect(page.get_by_text("reviews.csv")).to_be_visible()
