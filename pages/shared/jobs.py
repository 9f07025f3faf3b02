"""The only way from a page to heavy work: two threads for the whole process and one queue.

Each thread that runs torch gets an OpenMP team of its own, so a thread per user would exhaust the
machine. Work is a generator; what it yields is kept as it comes. A session has one job per *slot*:
a newer one (another `key`) cancels the older, so that a slider dragged fast never stacks
computations, and a rerun that asks for the same `key` gets the job it has, finished parts included.
What takes less than 50 ms is called directly.
"""

from __future__ import annotations

import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Any, Generic, TypeVar

import streamlit as st

from engine.device import share_cores
from engine.errors import N_, InputError
from pages.shared import counters
from pages.shared.text import _

THREADS = 2

CAPACITY = 32
"""Jobs that may wait, over all sessions."""

PATIENCE = 0.3
"""Seconds before a wait is worth a word on the screen."""

STOPPABLE = 1.0
"""Seconds before a wait can be stopped."""

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")
Stop = Callable[[], bool]
Work = Callable[[Stop], Iterable[Chunk]]


@cache
def configure_process() -> None:
    """Settings of the whole process, made once, before the first job."""
    share_cores(THREADS)
    # What a worker does is thousands of small operations, each of which lets go of Python's lock
    # and asks for it again. While another thread draws a page it may wait this long for its turn,
    # every time: with Python's 5 ms a training step took 15 seconds beside a busy thread, now a
    # quarter.
    sys.setswitchinterval(1e-4)


class Task(Generic[Chunk]):
    """What a thread sees of a job. `finished` only grows; `ended` is set once, last."""

    def __init__(self, work: Work[Chunk]) -> None:
        self.work, self.asked = work, time.monotonic()
        self.finished: list[Chunk] = []
        self.error: Exception | None = None
        self.cancelled, self.ended = threading.Event(), threading.Event()

    def run(self) -> None:
        """Takes chunk after chunk until the work ends or is cancelled; errors go to the job."""
        try:
            if self.cancelled.is_set():
                return
            counters.count_wait(time.monotonic() - self.asked)
            chunks = self.work(self.cancelled.is_set)
            for chunk in chunks:
                self.finished.append(chunk)
                if self.cancelled.is_set():
                    return
        except Exception as error:
            self.error = error
        finally:
            self.ended.set()


class Pool:
    """At most `threads` long-lived threads that serve one queue of at most `capacity` tasks."""

    def __init__(self, threads: int = THREADS, capacity: int = CAPACITY) -> None:
        self.limit, self.capacity = threads, capacity
        self.threads: list[threading.Thread] = []
        self._waiting: deque[Task[Any]] = deque()
        self._changed = threading.Condition()

    def submit(self, task: Task[Any]) -> None:
        """Queues `task`; raises InputError when too many wait already."""
        with self._changed:
            self._waiting = deque(t for t in self._waiting if not t.cancelled.is_set())
            if len(self._waiting) >= self.capacity:
                counters.count("refusals")
                raise InputError(
                    N_("{count} computations are waiting. Please try again in a moment."),
                    count=len(self._waiting),
                )
            self._waiting.append(task)
            if len(self.threads) < self.limit:
                name = f"worker-{len(self.threads) + 1}"
                self.threads.append(
                    threading.Thread(target=self._run_worker, name=name, daemon=True)
                )
                self.threads[-1].start()
            self._changed.notify()

    def position(self, task: Task[Any]) -> int:
        """1 for the next in the queue, 2 for the one after it …; 0 when it no longer waits."""
        with self._changed:
            queue = [t for t in self._waiting if not t.cancelled.is_set()]
        return queue.index(task) + 1 if task in queue else 0

    def _run_worker(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                task = self._waiting.popleft()
            task.run()
            del task  # or the last job's results would live until the next one comes


POOL = Pool()


class Job(Generic[Chunk]):
    """A session's hold on a task, which is cancelled when it is dropped (the tab was closed)."""

    def __init__(self, key: Hashable, work: Work[Chunk], pool: Pool, slot: str = "") -> None:
        self.key, self.pool, self.slot = key, pool, slot
        self.task = Task(work)
        weakref.finalize(self, self.task.cancelled.set)
        pool.submit(self.task)

    def cancel(self) -> None:
        """Stops at the end of the present chunk, or before the first."""
        self.task.cancelled.set()

    @property
    def usable(self) -> bool:
        """False when its result will never be complete, so that asking again begins anew."""
        return self.task.error is None and not self.task.cancelled.is_set()

    @property
    def position(self) -> int:
        """In the queue, from 1; 0 when it no longer waits."""
        return self.pool.position(self.task)

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether it is over, after waiting at most `seconds` for that."""
        return self.task.ended.wait(seconds)

    def results(self) -> list[Chunk]:
        """What is finished so far; raises what the work raised."""
        if self.task.error is not None:
            raise self.task.error
        return list(self.task.finished)


def start(slot: str, key: Hashable, work: Work[Chunk], *, pool: Pool | None = None) -> Job[Chunk]:
    """The session's job of this `slot`: the one it has if `key` is the same, else a new one.

    `work(stop)` yields the result in chunks and may ask `stop()` within a chunk; what the engine
    computes without gradients it computes in torch's inference mode by itself. Raises InputError
    when the queue is full.
    """
    name = f"_job_{slot}"
    if st.session_state.get(_halted(slot)) == key:
        raise InputError(
            N_(
                "Stopped before it was finished. Change something, or reload the page, to start "
                "anew."
            )
        )
    current: Job[Chunk] | None = st.session_state.get(name)
    if current is not None:
        if current.key == key and current.usable:
            return current
        current.cancel()
    job = Job(key, work, pool or POOL, slot)
    st.session_state[name] = job
    return job


def _halted(slot: str) -> str:
    """Where the session keeps which work of this slot the visitor stopped."""
    return f"_halted_{slot}"


def wait(job: Job[Chunk]) -> list[Chunk]:
    """The whole result, with its progress on the screen meanwhile, and a way to stop it.

    Only the session's own script waits here. A rerun that arrives interrupts it and leaves the job
    alone, so the new run finds it where it is, or replaces it.
    """

    def halt() -> None:
        job.cancel()
        st.session_state[_halted(job.slot)] = job.key

    if not job.ended(PATIENCE):
        shown, waited = st.empty(), PATIENCE
        with shown.container(horizontal=True, vertical_alignment="center", gap="small"):
            line, button = st.empty(), st.empty()
        while not job.ended(PATIENCE):
            line.caption(progress_message(job))
            before, waited = waited, waited + PATIENCE
            if before < STOPPABLE <= waited:
                button.button(_("Stop"), key=f"_stop_{job.slot}", on_click=halt, type="tertiary")
        shown.empty()
    return job.results()


def once(slot: str, key: Hashable, compute: Callable[[Stop], Answer]) -> Answer:
    """One answer, waited for; computed again for another `key` only."""

    def work(stop: Stop) -> Iterator[Answer]:
        yield compute(stop)

    return wait(start(slot, key, work))[0]


def progress_message(job: Job[Any]) -> str:
    """What a job that is not over does: its position in the queue, or that it computes."""
    position = job.position
    if position:
        text = _("Waiting for a free processor: place {place} in the queue.")
        return text.format(place=position)
    return _("Computing …")
