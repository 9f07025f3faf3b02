"""A job that fills a page: what it finds is kept as it comes, while one looks on or stops it.

In each run of the page `current(slot)` takes over what is finished. Where that stream does not
work on the present query, `begin(slot, query, …)` starts one that does. Then `watch(stream, …)`
draws a part of the page by itself as long as there is work, with `status(…)` in it. What the
visitor stopped gets `stopped(slot, …)`, which offers to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from pages.shared import jobs
from pages.shared.text import _

TICK = 0.5
"""Seconds between two looks of a page at its stream."""

Query = TypeVar("Query")
Chunk = TypeVar("Chunk")


@dataclass
class Stream(Generic[Query, Chunk]):
    """A session's job that works on `query`; `keep` gets each of its results once, in order.

    `taken` counts the results that were kept; `was_stopped` says that the visitor ended it.
    """

    slot: str
    query: Query
    job: jobs.Job[Chunk]
    keep: Callable[[Chunk], None]
    taken: int = 0
    was_stopped: bool = False

    @property
    def is_running(self) -> bool:
        """Whether more results will come."""
        return not self.was_stopped and not self.job.ended()

    def collect(self) -> bool:
        """Keeps what is finished; returns whether more will come.

        Raises what the work raised, once: the next run begins anew."""
        if self.was_stopped:
            return False  # what comes late is not wanted
        over = self.job.ended()  # asked first, so that nothing comes in between unseen
        try:
            results = self.job.results()
        except Exception:
            restart(self.slot)
            raise
        for result in results[self.taken :]:
            self.keep(result)
        self.taken = len(results)
        return not over

    def stop(self) -> None:
        """A callback: ends the work after the present chunk; what is found stays."""
        self.job.cancel()
        self.job.ended(0.0 if self.job.position else 1.0)
        self.collect()
        self.was_stopped = True


def current(slot: str) -> Stream[Any, Any] | None:
    """The session's stream of this slot, if there is one, after collecting what is finished."""
    stream: Stream[Any, Any] | None = st.session_state.get(_key(slot))
    if stream is not None:
        stream.collect()
    return stream


def begin(
    slot: str,
    query: Query,
    key: Hashable,
    work: jobs.Work[Chunk],
    keep: Callable[[Chunk], None],
    patience: float,
    *,
    private: bool = False,
) -> Stream[Query, Chunk]:
    """A new stream, in place of the slot's last one. `key` and `private` are the job's
    (`jobs.start`).

    Waits `patience` seconds for its end, so that short work does not flicker.
    """
    stream = Stream(slot, query, jobs.start(slot, key, work, private=private), keep)
    st.session_state[_key(slot)] = stream
    stream.job.ended(patience)
    stream.collect()
    return stream


def restart(slot: str) -> None:
    """A callback: the next run begins a new stream for what is left."""
    st.session_state.pop(_key(slot), None)


def _key(slot: str) -> str:
    return f"_stream_{slot}"


def watch(
    stream: Stream[Any, Any],
    draw: Callable[[], None],
    is_complete: Callable[[], bool],
    every: float = TICK,
) -> None:
    """Calls `draw` by itself every `every` seconds; at the stream's end, and as soon as
    `is_complete()`, the whole page runs again."""

    def collect_and_draw() -> None:
        if not stream.collect() or is_complete():
            st.rerun()
        draw()

    st.fragment(collect_and_draw, run_every=every)()


def status(
    stream: Stream[Any, Any], progress: Callable[[], object], key: str, label: str | None = None
) -> None:
    """A row: the position in the queue while it waits, else `progress()`; a button to stop it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if stream.job.position:
            st.caption(jobs.progress_message(stream.job))
        else:
            progress()
        st.button(label or _("Stop"), key=key, icon=":material/stop:", on_click=stream.stop)


def stopped(slot: str, text: str, label: str | None = None, icon: str = "play_arrow") -> None:
    """A row: what was stopped, and a button that goes on with it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(text)
        name = label or _("Go on")
        st.button(name, icon=f":material/{icon}:", on_click=restart, args=(slot,))
