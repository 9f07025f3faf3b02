"""How a figure on a page can be saved: as the visitor chose in the header."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.figures import style

SAVE = "save"
FORMATS = {"svg": "SVG", "png": "PNG"}
"""SVG for papers and print, PNG for slides and chats."""


def config(filename: str) -> dict[str, Any]:
    """Plotly's settings for `st.plotly_chart`, with a button that saves `filename`."""
    return style.config(filename, st.session_state.get(SAVE, "svg"))
