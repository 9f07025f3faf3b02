"""axe-core over every page: no serious finding in either theme; what can be tapped is large enough.

https://github.com/dequelabs/axe-core; rules of WCAG 2 A and AA.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.shared.slides import PAGES
from tests.browser.conftest import Windows

TURNS = (("en", "light"), ("vi", "dark"))
CASES = [(page, *TURNS[k % 2]) for k, page in enumerate(PAGES)]
OTHERS = [
    pytest.param(page, *TURNS[(k + 1) % 2], marks=pytest.mark.slow) for k, page in enumerate(PAGES)
]
STREAMLITS = {"scrollable-region-focusable"}
"""What Streamlit's own boxes with a height, and its formulas, are found wanting in."""

SMALLEST = 24
"""Pixels: the least side of what is tapped (WCAG 2.2, 2.5.8)."""


@pytest.mark.parametrize(("page", "lang", "scheme"), [*CASES, *OTHERS])
def test_no_serious_finding(windows: Windows, page: str, lang: str, scheme: str) -> None:
    visitor = windows.visitor("desktop", scheme=scheme)
    opened = visitor.open(f"/{page.replace('home', '')}", lang=lang)
    opened.wait_for_timeout(500)
    found = Axe().run(opened, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    serious = [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical") and each["id"] not in STREAMLITS
        for node in each["nodes"]
    ]
    assert not serious, "\n".join(serious)


@pytest.mark.parametrize("page", ["sentiment", "accents", "home"])
def test_targets_can_be_hit_with_a_finger(windows: Windows, page: str) -> None:
    opened = windows.visitor("phone").open(f"/{page.replace('home', '')}", lang="en")
    opened.wait_for_timeout(500)
    small = []
    for control in opened.locator("[data-testid=stMain] button:visible:not(.modebar-btn)").all():
        box = control.bounding_box()
        if box is not None and min(box["width"], box["height"]) < SMALLEST:
            small.append((control.inner_text(), box["width"], box["height"]))
    assert not small
