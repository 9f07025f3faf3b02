"""Opens the view "Many sentences" as Streamlit runs it, and waits until it has read everything."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from pages.parts.sentiment.batch import SOURCE
from tests.pages.opened import opened

START, STOP, UPLOADER = "sentiment_many_start", "sentiment_many_stop", "sentiment_many_uploader"


def view(lang: str = "en", **query: str) -> AppTest:
    return opened("sentiment", {"lang": lang, "sentiment_view": "many", **query}, 60)


def quiet(at: AppTest) -> AppTest:
    assert not at.exception
    return at


def upload(data: bytes | str, name: str = "reviews.csv", lang: str = "en") -> AppTest:
    at = view(lang, **{SOURCE: "file"})
    content = data.encode() if isinstance(data, str) else data
    return quiet(at.file_uploader(key=UPLOADER).upload(name, content).run())


def said(at: AppTest) -> str:
    elements = [*at.markdown, *at.caption, *at.warning, *at.error]
    return "\n".join(str(element.value) for element in elements)


def has(at: AppTest, key: str) -> bool:
    return any(getattr(button, "key", None) == key for button in at.button)


def finished(at: AppTest) -> AppTest:
    """Runs on until nothing is being computed; a browser is asked to do so by `run_every`."""
    end = time.monotonic() + 60
    while has(at, STOP) and time.monotonic() < end:
        time.sleep(0.05)
        quiet(at.run())
    assert not has(at, STOP)
    return at


def started(at: AppTest) -> AppTest:
    return finished(quiet(at.button(key=START).click().run()))
