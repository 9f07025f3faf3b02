"""A film with the labels of its frames: it plays, and a tap on its time line chooses a frame.

Like the tokens: numbers and texts go in as JSON and become SVG nodes and `textContent` only. The
time line is one tab stop; arrow keys move by a frame, Enter and Space play.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.shared.text import _, decimal

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class TimeLine:
    """What is said of each frame: `labels` (T,) are numbers of the film's label names, −1 for
    none."""

    name: str
    labels: NDArray[np.int64]


_mount = st.components.v2.component(
    "rnnlab_film",
    html='<div class="film"></div>',
    css=(_HERE / "film.css").read_text(encoding="utf-8"),
    js="".join((_HERE / f).read_text(encoding="utf-8") for f in ("nodes.js", "film.js")),
)


def film(
    frames: NDArray[np.uint8],
    lines: Sequence[TimeLine],
    names: Mapping[str, str],
    *,
    key: str,
    label: str,
    pace: float,
    palette: Literal["heat", "grey"],
    differs: NDArray[np.bool_] | None = None,
) -> int:
    """Shows the film with its time lines and returns the chosen frame.

    `frames` (T, S, S) are as bright as they are shown; `names` are the labels' names with their
    colours, `pace` the frames a second. `differs` (T,) says where the last two lines are of
    different minds. The frame lives in `st.session_state[key]`, as text.
    """

    def choose() -> None:
        st.session_state[key] = str(st.session_state[f"{key}_component"].chosen)

    count = len(frames)
    index = str(st.session_state.get(key, "0"))
    at = min(int(index), count - 1) if index.isdecimal() else 0
    _mount(
        key=f"{key}_component",
        data={
            "id": f"{hash(frames.tobytes())}",
            "frames": b64encode(frames.tobytes()).decode("ascii"),
            "count": count,
            "side": frames.shape[1],
            "pace": pace,
            "palette": palette,
            "at": at,
            "label": label,
            "names": list(names),
            "colours": list(names.values()),
            "lines": [{"name": line.name, "runs": _runs(line.labels)} for line in lines],
            "differs": [] if differs is None else _runs(np.where(differs, 0, -1)),
            "texts": {
                "play": _("Play"),
                "pause": _("Pause"),
                "none": _("no label"),
                "differs": _("They differ"),
                "time": _("{seconds} s").format(seconds=decimal(0.5, 1)),
            },
        },
        on_chosen_change=choose,
    )
    return at


def _runs(labels: NDArray[np.int64]) -> list[list[int]]:
    """[first, last + 1, label] of every stretch of one label; none where there is no label."""
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    runs = [[a, b, int(labels[a])] for a, b in pairwise(edges) if a < b]
    return [run for run in runs if run[2] >= 0]
