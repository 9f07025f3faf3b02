"""Work for the job queue that takes as long as a test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from pages.shared.jobs import Stop

SOON = 5.0  # seconds that a test waits at most for another thread


def behind(gate: threading.Event) -> Callable[[Stop], Iterator[str]]:
    def work(_stop: Stop) -> Iterator[str]:
        gate.wait(SOON)
        yield "through"

    return work


def numbers(stop: Stop) -> Iterator[int]:
    del stop
    yield from range(3)


def until(condition: Callable[[], object]) -> bool:
    """Whether `condition` becomes true soon."""
    end = time.monotonic() + SOON
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(condition())
