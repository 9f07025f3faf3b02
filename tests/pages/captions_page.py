"""The page Captions as tests open it, and what is on it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.parts.captions import inputs
from tests.pages.opened import opened


def page(lang: str = "en", **query: str) -> AppTest:
    """The page, opened by a link with this `query`; its keys without their `captions_`."""
    own = {f"captions_{name}": value for name, value in query.items()}
    return opened("captions", {"lang": lang, **own})


def photo(colour: str = "red", form: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, form)
    return out.getvalue()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Hands in all files at once."""
    at.file_uploader[0].set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    at.run()
    assert not at.exception
    return at


def _components(at: AppTest) -> list[dict[str, Any]]:
    """What the page's components were given, in order."""
    return [json.loads(component.proto.json) for component in at.get("bidi_component")]


def shown(at: AppTest) -> dict[str, Any]:
    """What the token component was given."""
    return next(data for data in _components(at) if "pieces" in data)


def _row(at: AppTest) -> dict[str, Any]:
    return next(data for data in _components(at) if "photos" in data)


def chosen(at: AppTest) -> str:
    """The id of the chosen photo."""
    return str(_row(at)["chosen"])


def choose(at: AppTest, id: str) -> AppTest:
    """Taps a photo."""
    at.session_state[inputs.PICK] = id
    at.run()
    assert not at.exception
    return at


def drawn(at: AppTest) -> list[str]:
    """The alternative texts of all figures."""
    return [str(figure.proto.alt) for figure in at.get("plotly_chart")]


def photos(at: AppTest) -> list[str]:
    """The names to choose from."""
    return [str(photo["name"]) for photo in _row(at)["photos"]]


def rows(at: AppTest) -> list[tuple[str, str]]:
    table = at.dataframe[0].value
    return list(zip(table["file"], table["sentence"], strict=True))
