"""The only way from a page to heavy work: what a session has in the process's one queue.

A session has one job per *slot*: a newer one (another `key`) takes the older one's place, so that a
slider dragged fast never stacks computations, and a rerun that asks for the same `key` gets the job
it has, finished parts included. Slot and key together are the question (`work_queue`), which other
sessions may have asked too: the key says all that the answer depends on. What is a visitor's own,
such as a training or an upload, is `private`. What takes less than 50 ms is called directly.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic

import streamlit as st

from engine.errors import N_, InputError
from pages.shared.text import _
from pages.shared.work_queue import (
    POOL,
    THREADS,
    Answer,
    Chunk,
    Pool,
    Stop,
    Work,
    configure_process,
)

__all__ = [
    "PATIENCE",
    "POOL",
    "THREADS",
    "Job",
    "Pool",
    "Stop",
    "Work",
    "configure_process",
    "give_up",
    "once",
    "progress_message",
    "start",
    "wait",
]

PATIENCE = 0.3
"""Seconds before a wait is worth a word on the screen."""

STOPPABLE = 1.0
"""Seconds before a wait can be stopped."""


class Job(Generic[Chunk]):
    """A session's hold on a task. The task is cancelled when the last hold on it is dropped (the
    tab was closed). Without a `question` nobody else can have the same task."""

    def __init__(
        self,
        key: Hashable,
        work: Work[Chunk],
        pool: Pool,
        slot: str = "",
        question: Hashable = None,
    ) -> None:
        self.key, self.pool, self.slot = key, pool, slot
        self.task = pool.ask(work, slot, question)
        self._hold = weakref.finalize(self, pool.release, self.task)

    def cancel(self) -> None:
        """Lets go of the task: unless others wait for it too, it stops at the end of the present
        chunk, or before the first."""
        self._hold()

    @property
    def usable(self) -> bool:
        """False when its result will never be complete, so that asking again begins anew."""
        return self.task.error is None and self._hold.alive

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


def start(
    slot: str,
    key: Hashable,
    work: Work[Chunk],
    *,
    private: bool = False,
    pool: Pool | None = None,
) -> Job[Chunk]:
    """The session's job of this `slot`: the one it has if `key` is the same, else a new one.

    Unless it is `private`, what others have asked with the same slot and key is not computed again.
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
    job = Job(key, work, pool or POOL, slot, None if private else (slot, key))
    st.session_state[name] = job
    return job


def _halted(slot: str) -> str:
    """Where the session keeps which work of this slot the visitor stopped."""
    return f"_halted_{slot}"


def wait(job: Job[Chunk]) -> list[Chunk]:
    """The whole result, with its progress on the screen meanwhile, and a way to stop it.

    Only the session's own script waits here, for one job at a time: an earlier one that is still
    under way was asked for by a run that was interrupted, and is given up. A rerun that arrives
    interrupts the waiting and leaves the job alone, so the new run finds it where it is.
    """

    def halt() -> None:
        job.cancel()
        st.session_state[_halted(job.slot)] = job.key

    if not job.ended():
        give_up(unless=job)
    if not job.ended(PATIENCE):
        st.session_state[_AWAITED] = job
        shown, said, waited = st.empty(), "", PATIENCE
        with shown.container(horizontal=True, vertical_alignment="center", gap="small"):
            line, button = st.empty(), st.empty()
        while not job.ended(PATIENCE):
            if (text := progress_message(job)) != said:
                line.caption(text)
                said = text
            # Reading the session's state is where a rerun may interrupt this one.
            st.session_state.get(_AWAITED)
            before, waited = waited, waited + PATIENCE
            if before < STOPPABLE <= waited:
                button.button(_("Stop"), key=f"_stop_{job.slot}", on_click=halt, type="tertiary")
        shown.empty()
    return job.results()


_AWAITED = "_awaited_job"
"""Where the session keeps the job that its script waited for last."""


def give_up(unless: Job[Any] | None = None) -> None:
    """Lets go of the job that an earlier run waited for, unless it is over or still wanted."""
    job: Job[Any] | None = st.session_state.get(_AWAITED)
    if job is None or job is unless:
        return
    del st.session_state[_AWAITED]
    if not job.ended():
        job.cancel()


def once(
    slot: str, key: Hashable, compute: Callable[[Stop], Answer], *, private: bool = False
) -> Answer:
    """One answer, waited for; computed again for another `key` only."""

    def work(stop: Stop) -> Iterator[Answer]:
        yield compute(stop)

    return wait(start(slot, key, work, private=private))[0]


def progress_message(job: Job[Any]) -> str:
    """What a job that is not over does: its position in the queue with the time until its turn, as
    far as that can be told; or that it computes."""
    position = job.position
    if not position:
        return _("Computing …")
    text = _("Waiting for a free processor: place {place} in the queue.").format(place=position)
    seconds = math.ceil(job.pool.expected_wait(job.task))
    if seconds < 2:
        return text
    until = _("About {seconds} s until its turn.").format(seconds=seconds)
    return f"{text} {until}"
