"""The segmented control of "Look inside": one view of a page at a time."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.shared import links
from pages.shared.text import translator


def chosen(key: str, views: Mapping[str, str], default: str, *, wrap: bool | None = None) -> str:
    """Draws the control over `views`, ids with their names in English; returns the chosen id."""
    _ = translator()
    view = links.choice(key, views, default)
    st.segmented_control(
        _("View"),
        list(views),
        key=key,
        format_func=lambda id: _(views[id]),
        required=True,
        label_visibility="collapsed",
        wrap=wrap,
    )
    return view
