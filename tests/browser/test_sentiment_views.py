"""Influence, Pooling and Compare two in Chromium, on the models that are shipped."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Windows, query

GOOD = "The food was really good"
FOOD = f"{GOOD}, but the waiter was dull"


def bars(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} .barlayer .point")


def test_a_tapped_words_influence_is_told_and_linked(windows: Windows) -> None:
    page = windows.visitor().open(
        "/sentiment", lang="en", sentiment_view="influence", sentiment_text=FOOD
    )
    words = page.get_by_role("group", name="word by word").get_by_role("button")
    expect(page.get_by_text(re.compile("^Without “.*removing it"))).to_be_visible()
    expect(bars(page, "sentiment_influence")).to_have_count(11)  # ten words and the comma
    words.filter(has_text="dull").click()
    summary = re.compile("“dull” speaks for negative .*without it the margin would be")
    expect(page.get_by_text(summary)).to_be_visible()
    expect(page).to_have_url(re.compile("sentiment_word=10"))

    there = windows.visitor("phone").open("/sentiment", **query(page))
    expect(there.get_by_text(summary)).to_be_visible()
    expect(bars(there, "sentiment_influence")).to_have_count(11)


def test_the_chosen_pooling_is_drawn(windows: Windows) -> None:
    visitor = windows.visitor("phone", scheme="dark")
    page = visitor.open(
        "/sentiment", lang="en", sentiment_view="pooling", sentiment_text="It is bad"
    )
    expect(bars(page, "sentiment_pooling_steps")).to_have_count(3)
    both = "both directions"
    page.get_by_role("radio", name=both).or_(page.get_by_role("button", name=both)).click()
    expect(bars(page, "sentiment_pooling_steps")).to_have_count(2 * 3)
    page.get_by_role("radio", name="GRU").or_(page.get_by_role("button", name="GRU")).click()
    expect(page).to_have_url(re.compile("sentiment_cell=gru"))
    visitor.settled()
    difference = re.compile("Difference: (0|[1-9]·10⁻¹[⁰¹²³⁴⁵⁶⁷⁸⁹])\\.")
    expect(page.get_by_text(difference)).to_have_count(1)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_two_texts_side_by_side_and_nothing_injected(windows: Windows) -> None:
    visitor = windows.visitor()
    page = visitor.open("/sentiment", lang="en", sentiment_view="compare", sentiment_text=GOOD)
    visitor.type("Second text", "<img src=x onerror=window.hit=1> A terrible, boring waste of time")
    expect(page.get_by_role("heading", name="Negative", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("P\\(positive\\) differs by"))).to_be_visible()
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hit") is None
    first, second = (page.get_by_label(name) for name in ("Your text, in English", "Second text"))
    one, other = first.bounding_box(), second.bounding_box()
    assert one is not None
    assert other is not None
    assert one["x"] + one["width"] <= other["x"]
    assert max(one["y"], other["y"]) < min(one["y"] + one["height"], other["y"] + other["height"])
    visitor.type("Second text", "Thức ăn rất ngon")
    expect(page.get_by_text(re.compile("Two different models"))).to_be_visible()
    visitor.linked(sentiment_other="Thức ăn rất ngon")
    visitor.type("Second text", "")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(first).to_have_value(GOOD)
