"""A drawing whose parts can be tapped, and which plays in time if it has moments.

Like the tokens: numbers and texts go in as JSON and become SVG nodes and `textContent` only. The
parts are one tab stop, arrow keys move to the nearest part, Enter and Space tap it. Time has
buttons and a slider of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from engine.figures.drawing import Drawing, Real
from pages.shared import lecture
from pages.shared.header import SAVE
from pages.shared.text import _

_HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "rnnlab_sketch",
    html='<div class="sketch"></div>',
    css=(_HERE / "sketch.css").read_text(encoding="utf-8"),
    js="".join((_HERE / f).read_text(encoding="utf-8") for f in ("nodes.js", "sketch.js")),
)


def sketch(
    drawing: Drawing,
    parts: Mapping[str, str],
    *,
    key: str,
    label: str,
    saved_as: str,
    across: Real,
    on_tap: Callable[[str], None],
    selected: str = "",
    moments: Sequence[str] = ("",),
    spans: Sequence[tuple[Real, Real]] = (),
    at: int = 0,
    on_move: Callable[[int], None] | None = None,
    squeezed: bool = False,
    above: int = 0,
) -> None:
    """Shows the `drawing`, `across` pixels wide at its own size, in a container of this `key`.

    `parts` are the ids of what can be tapped, with what a screen reader says of them; `on_tap` gets
    the id before the script runs. `moments` are what happens at each moment of time, `spans` the
    place that each is about; the drawing shows what is there at moment `at`, and `on_move` gets the
    moment at which the reader stopped. In lecture mode the drawing leaves `above` pixels for other
    things. On a narrow screen a `squeezed` drawing gets shorter wires and keeps its type; any other
    one scrolls.
    """
    component = f"{key}_component"

    def tap() -> None:
        on_tap(str(st.session_state[component].tapped))

    def move() -> None:
        if on_move is not None:
            on_move(int(st.session_state[component].moved))

    room = max(lecture.window() - lecture.AROUND - above - 50, 240) if lecture.is_on() else 0
    with st.container(key=key):
        _mount(
            key=component,
            data={
                "id": f"{saved_as}, {len(moments)}",
                "across": across,
                "height": drawing.pixels,
                "squeezed": squeezed,
                "shapes": drawing.shapes(across),
                "parts": dict(parts),
                "moments": list(moments),
                "spans": [list(span) for span in spans],
                "at": at,
                "selected": selected,
                "label": label,
                "name": saved_as,
                "format": st.session_state.get(SAVE, "svg"),
                "room": room,
                "texts": _texts(),
            },
            on_tapped_change=tap,
            on_moved_change=move,
        )


def _texts() -> dict[str, str]:
    """What the drawing's own buttons are called."""
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Back"),
        "step": _("Step"),
        "time": _("Time: forward, then backward"),
        "save": _("Save the figure"),
        "full": _("Full screen"),
    }
