"""A page with one slider and slow work behind it, for test_sessions.py."""

from __future__ import annotations

import time
from collections.abc import Iterator

import streamlit as st

from pages.shared import jobs


@st.cache_resource
def diary() -> dict[str, list[int]]:
    """Which positions were begun and which were computed to the end, over all runs."""
    return {"begun": [], "ended": []}


st.title("Slider")
position = st.slider("Position", 0, 100, 0)
collected = diary()


def work(_stop: jobs.Stop) -> Iterator[int]:
    collected["begun"].append(position)
    for part in range(20):
        time.sleep(0.02)
        yield part
    collected["ended"].append(position)


done = jobs.wait(jobs.start("slider", position, work))
st.text(f"Computed: {position} in {len(done)} parts")
st.text(f"Begun: {len(collected['begun'])}, ended: {len(collected['ended'])}")
