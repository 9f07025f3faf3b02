"""The page Captions as tests open it, and what is on it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.parts.captions import inputs
from tests.pages.opened import opened, widget


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
    at.file_uploader(key=inputs.UPLOADER).set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    at.run()
    assert not at.exception
    return at


def shown(at: AppTest) -> dict[str, Any]:
    """What the token component was given."""
    data: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return data


def drawn(at: AppTest) -> list[str]:
    """The alternative texts of all figures."""
    return [str(figure.proto.alt) for figure in at.get("plotly_chart")]


def photos(at: AppTest) -> list[str]:
    """The names to choose from, without Markdown's backslashes."""
    return [str(name).replace("\\", "") for name in widget(at, inputs.PICK).options]


def rows(at: AppTest) -> list[tuple[str, str]]:
    table = at.dataframe[0].value
    return list(zip(table["file"], table["sentence"], strict=True))
