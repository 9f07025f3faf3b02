"""What a visitor takes along: the text to copy or download, and the link to it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from pages.shared import links
from pages.shared.text import translator

TEXT = "_characters_finished"
"""Where the session keeps the finished text, for the run in which it is taken along."""


def draw(keys: Sequence[str]) -> None:
    """A popover; Streamlit's code box has a button that copies."""
    _ = translator()
    with st.popover(
        _("Take along"),
        icon=":material/ios_share:",
        key="characters_share",
        on_change="rerun",
    ) as shown:
        if shown.open:
            _contents(keys)


def _contents(keys: Sequence[str]) -> None:
    _ = translator()
    text = str(st.session_state.get(TEXT, ""))
    st.caption(_("The text: the button at its upper right copies it."))
    st.code(text, language=None, wrap_lines=True, height=160)
    st.download_button(
        _("Download as .txt"),
        text,
        "characters.txt",
        mime="text/plain",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(_("The link: it writes this very text again."))
    st.code(link(keys), language=None, wrap_lines=True)
    links.note_if_too_long(str(st.session_state.get("characters_prompt", "")))


def link(keys: Sequence[str]) -> str:
    """This page's address with the state of these keys."""
    held = {key: str(st.session_state.get(key, "")) for key in keys}
    kept = {key: v for key, v in held.items() if v and len(v) <= links.LIMIT}
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(kept)}"
