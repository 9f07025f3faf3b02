"""Training while you watch: drawn in short ticks by the page, so that a closed tab stops it.

A session holds one `Live` per slot: it owns the training (model, generators) and a lock. A fragment
that reruns every `TICK` seconds calls `tick()`, which queues at most `SHARE` seconds of steps as a
job and never waits for them; while the last ones are still under way it queues none. Pausing stops
the drawing. Over all sessions at most `Seats.count` trainings draw at once; the others stand in a
queue and see their place in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from pages.shared import jobs

TICK = 0.5
"""Seconds between two looks of a page at its training."""

SHARE = 0.3
"""Seconds of steps that one tick draws at most."""


class Training(Protocol):
    """What is trained. Its parts that pages read must be safe to read while `advance` runs."""

    @property
    def finished(self) -> bool: ...

    def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Takes steps for about `seconds`, or until `stop()`."""

    def step(self) -> None:
        """Takes one step."""

    def give_up(self) -> None:
        """Ends it for good."""


class Seats:
    """Who may train at present: the first `count` of those who keep asking, in order of arrival.

    Whoever has not asked for `patience` seconds has gone (the tab was closed) and is forgotten.
    """

    def __init__(
        self, count: int = 3, patience: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.count, self.patience, self._clock = count, patience, clock
        self._asked: dict[object, float] = {}
        self._lock = threading.Lock()

    def ask(self, who: object) -> int:
        """0 when `who` may train now, else the place in the queue, from 1."""
        with self._lock:
            now = self._clock()
            self._asked = {w: t for w, t in self._asked.items() if now - t <= self.patience}
            self._asked[who] = now  # who stood there already keeps the place
            return max(0, list(self._asked).index(who) - self.count + 1)

    def leave(self, who: object) -> None:
        with self._lock:
            self._asked.pop(who, None)


SEATS = Seats()

Trained = TypeVar("Trained", bound=Training)


class Live(Generic[Trained]):
    """A session's training: paused at first, then running, paused …, at last finished."""

    def __init__(self, training: Trained, slot: str, seats: Seats | None = None) -> None:
        self.training, self.slot, self.seats = training, slot, seats or SEATS
        self.running, self.place = False, 0
        self._ticket = object()
        self._lock = threading.Lock()
        self._job: jobs.Job[None] | None = None

    @property
    def finished(self) -> bool:
        return self.training.finished

    def resume(self) -> None:
        self.running = not self.finished

    def pause(self) -> None:
        """Stops at the end of the step that is under way."""
        self.running, self.place = False, 0
        self.seats.leave(self._ticket)
        if self._job is not None:
            self._job.cancel()

    def stop(self) -> None:
        """Ends the training for good."""
        self.pause()
        with self._lock:
            self.training.give_up()

    def tick(self) -> None:
        """Queues the next steps if it is this training's turn. Raises what the last ones raised,
        and InputError when the server's queue is full."""
        if not self.running:
            return
        if self.finished:
            self.pause()
            return
        self.place = self.seats.ask(self._ticket)
        if self.place or (self._job is not None and not self._job.ended()):
            return
        last, self._job = self._job, None
        try:
            if last is not None:
                last.results()
        except Exception:
            self.pause()
            raise
        self._job = jobs.start(self.slot, object(), self._draw)

    def single(self) -> None:
        """Takes one step and waits for it."""
        self.pause()
        jobs.wait(jobs.start(self.slot, object(), self._one))

    def _draw(self, stop: jobs.Stop) -> Iterator[None]:
        if self._lock.acquire(blocking=False):
            try:
                self.training.advance(SHARE, stop)
            finally:
                self._lock.release()
        yield

    def _one(self, _stop: jobs.Stop) -> Iterator[None]:
        with self._lock:
            self.training.step()
        yield


def held(slot: str) -> Live[Any] | None:
    """The session's training of this slot, if it has one."""
    found: Live[Any] | None = st.session_state.get(f"_live_{slot}")
    return found


def hold(slot: str, training: Training) -> Live[Any]:
    """Makes `training` the session's one of this slot; an earlier one is paused and let go."""
    drop(slot)
    taken: Live[Any] = Live(training, slot)
    st.session_state[f"_live_{slot}"] = taken
    return taken


def drop(slot: str) -> None:
    """Forgets the session's training of this slot."""
    before = held(slot)
    if before is not None:
        before.pause()
        del st.session_state[f"_live_{slot}"]
