"""A page as a link opens it, and what is on it."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.project import ROOT


def opened(page: str, query: dict[str, str], timeout: float = 20) -> AppTest:
    """The page of that name, opened by a link with this query, already run."""
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=timeout)
    at.query_params["home_view"] = "references"  # Home comes first: the view that asks no network
    at.run()
    del at.query_params["home_view"]
    at.switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """All that the page says in words, without Markdown's backslashes."""
    found = [*at.markdown, *at.caption, *at.error, *at.info]
    return "\n".join(str(element.value) for element in found).replace("\\", "")


def press(at: AppTest, key: str) -> AppTest:
    """Presses a button and runs the page."""
    at.button(key=key).click().run()
    assert not at.exception
    return at


def live_buttons(at: AppTest, page: str) -> dict[str, bool]:
    """Which buttons of something live are there, and which of them can be pressed."""
    wishes = ("start", "pause", "resume", "step", "stop", "reset")
    keys = {str(b.key) for b in at.button}
    return {
        wish: not at.button(key=f"{page}_{wish}").disabled
        for wish in wishes
        if f"{page}_{wish}" in keys
    }


def widget(at: AppTest, key: str) -> Any:
    """A widget by its key; AppTest's own types leave open whether it is a container."""
    return at.get_by_key(key)
