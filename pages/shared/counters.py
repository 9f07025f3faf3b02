"""What this process has done so far, in numbers: no text, no address, nobody's name.

`hosting.operation` shows them where that is switched on; counting costs nothing to speak of.
"""

from __future__ import annotations

import threading

import streamlit as st

NAMES = {
    "visits": "Sessions that were opened.",
    "computations": "Computations that a worker has begun.",
    "waits": "Computations that waited for a free worker.",
    "wait_seconds": "Seconds that computations have waited for a free worker.",
    "refusals": "Computations that were refused because too many waited.",
    "shared": "Questions that waited for the same computation as an earlier one.",
    "remembered": "Questions whose answer was known from before.",
    "errors": "Computations and runs of a page that ended in an error of the app's own.",
    "requests": "Requests to the JSON API.",
}
"""Every counter by name, and what it counts."""

NOTICED = 0.05
"""Seconds: a shorter wait is none."""

_counts = dict.fromkeys(NAMES, 0.0)
_lock = threading.Lock()


def count(name: str, amount: float = 1.0) -> None:
    """Adds to a counter; KeyError for an unknown name. Safe to call from any thread."""
    with _lock:
        _counts[name] += amount


def counts() -> dict[str, float]:
    """All counters as they are now."""
    with _lock:
        return dict(_counts)


def count_visit() -> None:
    """Counts this session once, however often its page runs."""
    if "_counted" not in st.session_state:
        st.session_state["_counted"] = True
        count("visits")


def count_wait(seconds: float) -> None:
    """Counts a computation that begins after so many seconds."""
    count("computations")
    if seconds > NOTICED:
        count("waits")
        count("wait_seconds", seconds)
