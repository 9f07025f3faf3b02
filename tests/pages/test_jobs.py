"""The pool behind heavy work: two threads, one bounded queue, nothing lost."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest

from engine.errors import InputError
from pages.shared import jobs
from pages.shared.jobs import Job, Pool, Stop
from tests.pages.slow_work import SOON, behind, numbers, until


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work made by `behind(gate)` waits for it; opened at the end of the test in any case."""
    event = threading.Event()
    yield event
    event.set()


def test_chunks_arrive_in_order() -> None:
    job = Job("k", numbers, Pool())
    assert job.ended(SOON)
    assert job.results() == [0, 1, 2]
    assert job.usable


def test_any_number_of_jobs_shares_two_threads() -> None:
    pool, used = Pool(), set()

    def work(_stop: Stop) -> Iterator[None]:
        used.add(threading.get_ident())
        time.sleep(0.002)
        yield

    held = [Job(k, work, pool) for k in range(20)]
    assert all(job.ended(SOON) for job in held)
    assert len(pool.threads) == 2
    assert used <= {thread.ident for thread in pool.threads}
    assert all(thread.daemon and thread.is_alive() for thread in pool.threads)


def test_position_in_the_queue(gate: threading.Event) -> None:
    pool = Pool()
    running = [Job(k, behind(gate), pool) for k in range(2)]
    assert until(lambda: not any(job.position for job in running))
    waiting = [Job(k, numbers, pool) for k in range(3)]
    assert [job.position for job in waiting] == [1, 2, 3]
    waiting[0].cancel()
    assert [job.position for job in waiting] == [0, 1, 2]
    gate.set()
    assert until(lambda: all(job.ended() for job in waiting))
    assert [job.position for job in waiting] == [0, 0, 0]


def test_the_queue_is_bounded_and_cancelled_jobs_make_room(gate: threading.Event) -> None:
    pool = Pool(capacity=3)
    running = [Job(k, behind(gate), pool) for k in range(2)]
    assert until(lambda: not any(job.position for job in running))
    waiting = [Job(k, numbers, pool) for k in range(3)]
    with pytest.raises(InputError, match="3 computations are waiting"):
        Job("one too many", numbers, pool)
    waiting[1].cancel()
    assert Job("fits now", numbers, pool).position == 3


def test_cancelled_before_its_turn_it_never_begins(gate: threading.Event) -> None:
    pool, begun = Pool(threads=1), threading.Event()

    def work(_stop: Stop) -> Iterator[None]:
        begun.set()
        yield

    first, second = Job(1, behind(gate), pool), Job(2, work, pool)
    second.cancel()
    gate.set()
    assert first.ended(SOON)
    assert second.ended(SOON)
    assert not begun.is_set()
    assert not second.usable


def test_cancelled_in_between_it_ends_after_its_chunk_and_keeps_what_is_finished() -> None:
    def endless(_stop: Stop) -> Iterator[int]:
        k = 0
        while True:
            yield k
            k += 1
            time.sleep(0.001)

    job = Job("k", endless, Pool())
    assert until(lambda: len(job.results()) >= 3)
    job.cancel()
    assert job.ended(SOON)
    done = job.results()
    assert done == list(range(len(done)))


def test_work_may_ask_within_a_chunk() -> None:
    seen = threading.Event()

    def one_long_chunk(stop: Stop) -> Iterator[str]:
        seen.set()
        assert until(stop)
        yield "stopped by itself"

    job = Job("k", one_long_chunk, Pool())
    assert seen.wait(SOON)
    job.cancel()
    assert job.ended(SOON)


def test_an_error_reaches_the_page_and_spares_the_thread() -> None:
    def fails(_stop: Stop) -> Iterator[int]:
        yield 1
        raise InputError("broken {what}", what="text")

    pool = Pool(threads=1)
    job = Job("k", fails, pool)
    assert job.ended(SOON)
    with pytest.raises(InputError, match="broken text"):
        job.results()
    assert not job.usable
    assert Job("next", numbers, pool).ended(SOON)


def test_a_dropped_job_is_cancelled(gate: threading.Event) -> None:
    """What happens when a tab is closed: the session goes, and its hold on the job with it."""
    pool = Pool(threads=1)
    blocker = Job("blocks the thread", behind(gate), pool)
    job = Job("k", numbers, pool)
    task = job.task
    del job
    gc.collect()
    assert task.cancelled.is_set()
    gate.set()
    assert blocker.ended(SOON)


def test_progress_in_words(gate: threading.Event) -> None:
    pool = Pool(threads=1)
    running = Job("runs", behind(gate), pool)
    assert until(lambda: running.position == 0)
    waiting = Job("waits", numbers, pool)
    assert jobs.progress_message(running) == "Computing …"
    assert jobs.progress_message(waiting) == "Waiting for a free processor: place 1 in the queue."
