"""The page Translation as tests open it, and what is on it."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.parts.translation import inputs
from tests.pages.opened import opened


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`; its keys without their `translation_`."""
    own = {f"translation_{name}": value for name, value in query.items()}
    return opened("translation", {"lang": lang, **own})


def typed(at: AppTest, text: str) -> AppTest:
    """Types a text into the box."""
    at.text_area(key=inputs.TEXT).set_value(text).run()
    assert not at.exception
    return at


def upload(at: AppTest, name: str, data: bytes) -> AppTest:
    at.file_uploader(key=inputs.UPLOADER).set_value((name, data, "text/plain"))
    at.run()
    assert not at.exception
    return at


def translation(at: AppTest) -> str:
    """What stands in the box of the translation."""
    return str(at.code[0].value)


def strip(at: AppTest, place: int = 0) -> dict[str, Any]:
    """What a token component was given: 0 for the translation's words, 1 for the source's."""
    data: dict[str, Any] = json.loads(at.get("bidi_component")[place].proto.json)
    return data


def drawn(at: AppTest) -> list[str]:
    """The alternative texts of all figures."""
    return [str(figure.proto.alt) for figure in at.get("plotly_chart")]


def seen(at: AppTest, view: str) -> AppTest:
    """The same in another view of the page."""
    at.session_state["translation_view"] = view
    at.run()
    assert not at.exception
    return at


def rows(at: AppTest) -> list[tuple[int, str, str]]:
    """The table of lines, for which its view is opened and left again."""
    found = seen(at, "many").dataframe[0].value
    columns = (found[name] for name in ("line", "source", "translation"))
    cells = [(int(a), str(b), str(c)) for a, b, c in zip(*columns, strict=True)]
    seen(at, "translate")
    return cells
