"""The settings of beam search: how many beginnings go on side by side, and what length costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from engine.decoding import Search
from pages.shared import links
from pages.shared.text import decimal, translator

WIDTHS = tuple(str(width) for width in range(1, 11))
PENALTIES = ("0", "0.5", "1", "1.5")


def search(page: str, default: Search) -> Search:
    """What the link and the widgets of a page say; the rest is the default's."""
    width = links.choice(f"{page}_width", WIDTHS, str(default.width))
    penalty = links.choice(f"{page}_penalty", PENALTIES, f"{default.penalty:g}")
    return replace(default, width=int(width), penalty=float(penalty))


def settings(page: str, chosen: Search, forget: Callable[[], None]) -> None:
    """A popover with both; a change calls `forget`, since what is found will be other sentences."""
    _ = translator()
    label = _("Settings: beam width {width}, length penalty {penalty}").format(
        width=chosen.width, penalty=_number(f"{chosen.penalty:g}")
    )
    with st.popover(label, icon=":material/tune:", key=f"{page}_settings"):
        _controls(f"{page}_width", f"{page}_penalty", forget)


def _controls(width: str, penalty: str, forget: Callable[[], None]) -> None:
    _ = translator()
    links.resend(width, penalty)
    st.select_slider(
        _("Beam width: how many beginnings go on side by side; 1 is greedy choice"),
        WIDTHS,
        key=width,
        on_change=forget,
    )
    st.segmented_control(
        _("Length penalty: 0 favours short sentences, more favours long ones"),
        PENALTIES,
        key=penalty,
        format_func=_number,
        required=True,
        on_change=forget,
    )


def _number(id: str) -> str:
    digits = len(id.partition(".")[2])
    return decimal(float(id), digits)
