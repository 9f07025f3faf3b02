"""Coloured, tappable text; `film`, `sketch` and `bets` beside it have the other components.

Text and numbers go in as JSON and are shown through `textContent` only, so nothing that a user
types is ever HTML. It is one tab stop; arrow keys move within it, Enter and Space tap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypedDict

import streamlit as st

from pages.shared import lecture

_HERE = Path(__file__).parent


class Token(TypedDict):
    """One piece of text: `value` colours it, `title` says in words what the colour says."""

    text: str
    value: float | None
    """−1 … 1 on the diverging scale (orange … teal), 0 … 1 on the sequential; None: no colour."""

    continues: bool
    """Whether it is glued to the piece before it."""

    title: str
    room: float
    """Its share of the axis below, where the tokens stand above a figure."""


def token(
    text: str, value: float | None, title: str, *, continues: bool = False, room: float = 1.0
) -> Token:
    """One piece of text that is followed by a gap and takes as much room as any other."""
    return Token(text=text, value=value, continues=continues, title=title, room=room)


_mount = st.components.v2.component(
    "rnnlab_tokens",
    html=(_HERE / "tokens.html").read_text(encoding="utf-8"),
    css=(_HERE / "tokens.css").read_text(encoding="utf-8"),
    js=(_HERE / "tokens.js").read_text(encoding="utf-8"),
)


def tokens(
    pieces: Sequence[Token],
    *,
    key: str,
    label: str,
    scale: Literal["diverging", "sequential"] = "diverging",
    above: tuple[int, int] | None = None,
    flowing: bool = False,
    before: str = "",
    marked: int | None = None,
    stretch: tuple[int, int] = (0, 0),
    on_tap: Callable[[int], None] | None = None,
) -> int | None:
    """Shows `pieces` and returns the index of the tapped one; a second tap takes it back.

    The index lives in `st.session_state[key]`, as text ("" for none): the page sets it before, or
    lets `links.choice` of the same key do so. `label` names the whole text for a screen reader.
    `above` gives the left and right margins of the figure below: each token then stands above its
    stretch of that axis, if the screen is wide enough. `flowing` sets the pieces without gaps, as
    running text: for characters, among which "\n" ends a line; `before` is then put in front of
    them, to be read only. `marked` is outlined while nothing is tapped, and the pieces from the
    first of `stretch` to before its second are lined. `on_tap` gets each tapped index in place of
    the state. In lecture mode the type is large.
    """

    def tap() -> None:
        """Runs before the script, so that the whole run sees the new index."""
        tapped = str(st.session_state[f"{key}_component"].tapped)
        if on_tap is not None:
            return on_tap(int(tapped))
        st.session_state[key] = "" if tapped == st.session_state.get(key) else tapped
        return None

    index = str(st.session_state.get(key, ""))
    chosen = int(index) if index in map(str, range(len(pieces))) else None
    left, right = above or (0, 0)
    _mount(
        key=f"{key}_component",
        data={
            "pieces": list(pieces),
            "selected": chosen,
            "marked": marked if chosen is None else None,
            "stretch": list(stretch),
            "label": label,
            "scale": scale,
            "aligned": above is not None,
            "flowing": flowing,
            "before": before if flowing else "",
            "left": left,
            "right": right,
            "large": lecture.is_on(),
        },
        on_tapped_change=tap,
    )
    return chosen
