"""Two workers share the tests: one has those of the browser, which wait a lot, one the rest. The
engine's types and shapes are checked at each test's beginning."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import jaxtyping
import pytest

BROWSER = Path(__file__).parent / "browser"
ASIDE = 10
"""How much the other tests make way for the browser's, which have a visitor's patience."""
LONGEST_NAME, BEGINNING = 80, 40
"""Characters of a parameter that still name its test, and of a longer one those that do."""

CHECKED = 1.0
"""Seconds of a test in which every call of the engine is checked. What a longer one does then, such
as a training's next steps, it has done before, and checks take two thirds of the time."""

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a worker is on one of the two cores


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long text or file names a test by its beginning and its length: some films are made anew in
    each worker, and must have the same name in both."""
    if not isinstance(val, str | bytes) or len(val) <= LONGEST_NAME:
        return None
    return f"{val[:BEGINNING]!r}, {len(val)} long"


def pytest_itemcollected(item: pytest.Item) -> None:
    """A file's tests stay together, so that what they share is made once."""
    group = "browser" if BROWSER in item.path.parents else str(item.path)
    item.add_marker(pytest.mark.xdist_group(group))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The browser's tests come first, so their worker makes way only when it has done them all."""
    among_others = "PYTEST_XDIST_WORKER" in os.environ
    if among_others and BROWSER not in item.path.parents and not os.nice(0):
        os.nice(ASIDE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Checks types and shapes for a second of each test and of what is set up for it."""
    update = jaxtyping.config.update
    update("jaxtyping_disable", False)
    end = threading.Timer(CHECKED, update, ("jaxtyping_disable", True))
    end.daemon = True
    end.start()
    try:
        return (yield)
    finally:
        end.cancel()
