"""A view of the page Translation on its own, as a link opens it, and what is on it."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from tests.pages.translation_selection import SOURCE


def _script(view: str, direction: str, source: str, at: int) -> None:
    """What the page does around a view; it runs apart from this file."""
    import streamlit as st

    from pages.parts.translation import comparison, forcing, gradient, inside
    from pages.shared import links
    from tests.pages.translation_selection import selection

    if view == "fails":
        with links.synced_address():
            inside.draw_failures()
        return
    draw = {
        "gradient": gradient.draw,
        "small": comparison.draw,
        "force": forcing.draw,
        "tree": inside.draw_tree,
        "trip": inside.draw_round_trip,
    }[view]
    with links.synced_address():
        draw(selection(direction, source, at), st.container(), st.container())


def page(
    view: str,
    lang: str = "en",
    query: dict[str, str] | None = None,
    *,
    direction: str = "fr-en",
    source: str = SOURCE,
    at: int = 1,
) -> AppTest:
    """The view, opened by a link with this `query` (its keys without their `translation_`)."""
    app = AppTest.from_function(_script, args=(view, direction, source, at), default_timeout=20)
    app.session_state["lang"] = lang
    for name, value in (query or {}).items():
        app.query_params[f"translation_{name}"] = value
    return rerun(app)


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def texts(at: AppTest, which: int) -> list[str]:
    """The words of a row of pills."""
    data = json.loads(at.get("bidi_component")[which].proto.json)
    return [piece["text"] for piece in data["pieces"]]


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("plotly_chart")]
