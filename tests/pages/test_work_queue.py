"""The same question is computed once, memory is bounded, and nobody waits behind heavy work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.errors import InputError
from pages.shared import counters, work_queue
from pages.shared.jobs import Job, progress_message
from pages.shared.work_queue import Pool, Results, Stop, Work, size_of
from tests.pages.slow_work import SOON, behind, numbers, until


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work made by `behind(gate)` waits for it; opened at the end of the test in any case."""
    event = threading.Event()
    yield event
    event.set()


def counted(gate: threading.Event) -> tuple[list[int], Callable[[Stop], str]]:
    """A function that waits for the gate, and the list that grows whenever it is called."""
    calls: list[int] = []

    def function(_stop: Stop) -> str:
        calls.append(1)
        assert gate.wait(SOON)
        return "answer"

    return calls, function


def asked(pool: Pool, work: Work[object], question: object) -> Job[object]:
    return Job("k", work, pool, "kind", ("kind", question))


def compute(question: object, function: Callable[[Stop], object], pool: Pool) -> object:
    """The answer to a question, waited for."""

    def work(stop: Stop) -> Iterator[object]:
        yield function(stop)

    job = asked(pool, work, question)
    assert job.ended(SOON)
    return job.results()[0]


def test_twenty_who_ask_the_same_at_once_get_one_computation(gate: threading.Event) -> None:
    pool, (calls, function), before = Pool(), counted(gate), counters.counts()
    with ThreadPoolExecutor(20) as threads:
        answers = [threads.submit(compute, "q", function, pool) for _ in range(20)]
        assert until(lambda: counters.counts()["shared"] == before["shared"] + 19)
        gate.set()
        assert [answer.result(SOON) for answer in answers] == ["answer"] * 20
    assert len(calls) == 1
    assert compute("q", function, pool) == "answer"
    assert counters.counts()["remembered"] == before["remembered"] + 1
    assert len(calls) == 1
    compute("another", function, pool)
    assert len(calls) == 2


def test_without_a_question_nothing_is_shared() -> None:
    pool = Pool()
    first, second = Job("k", numbers, pool), Job("k", numbers, pool)
    assert first.task is not second.task
    assert first.ended(SOON)
    assert second.ended(SOON)
    assert not len(pool.results)


def test_an_error_reaches_all_who_wait_and_is_not_remembered(gate: threading.Event) -> None:
    pool, calls = Pool(), []

    def work(_stop: Stop) -> Iterator[object]:
        calls.append(1)
        assert gate.wait(SOON)
        if len(calls) == 1:
            raise InputError("broken")
        yield "fine"

    held = [asked(pool, work, "q") for _ in range(3)]
    gate.set()
    for job in held:
        assert job.ended(SOON)
        with pytest.raises(InputError, match="broken"):
            job.results()
    again = asked(pool, work, "q")
    assert again.ended(SOON)
    assert again.results() == ["fine"]


def test_who_stops_waiting_does_not_stop_the_others(gate: threading.Event) -> None:
    pool = Pool()
    mine, yours = (asked(pool, behind(gate), "q") for _ in range(2))
    mine.cancel()
    mine.cancel()  # twice is once
    assert not mine.usable
    assert yours.usable
    assert not yours.task.cancelled.is_set()
    yours.cancel()
    assert yours.task.cancelled.is_set()
    again = asked(pool, behind(gate), "q")
    assert again.task is not yours.task
    gate.set()
    assert again.ended(SOON)
    assert again.results() == ["through"]


def test_results_take_at_most_so_many_bytes_and_the_latest_used_ones_stay() -> None:
    kept, each = Results(limit=50_000), np.zeros(1_000)  # 8,000 bytes
    for k in range(5):
        kept.put(k, [each.copy()])
    assert kept.get(0) is not None  # used, so that 1 is the oldest now
    for k in range(5, 7):
        kept.put(k, [each.copy()])
    assert kept.get(0) is not None
    assert kept.get(1) is None
    assert 40_000 < kept.nbytes <= 50_000
    before = len(kept)
    kept.put("large", [np.zeros(10_000)])
    assert kept.get("large") is None
    assert len(kept) == before


def test_the_pool_keeps_within_its_bytes() -> None:
    pool = Pool(kept=60_000)
    for k in range(30):
        compute(k, lambda _stop: np.zeros(1_000), pool)
    assert 0 < pool.results.nbytes <= 60_000


def test_size_counts_arrays_once_and_looks_inside() -> None:
    array = np.zeros(1_000)
    assert 8_000 <= size_of([array]) < 8_500
    assert size_of([array, array]) < 8_600
    assert size_of({"a": (array, array + 1)}) > 16_000
    assert size_of(threading.Event()) > 100  # what an object holds
    assert size_of("x" * 5_000) > 5_000


def test_long_work_makes_way_between_two_chunks() -> None:
    """One thread: what is asked during a race of a hundred steps does not wait for its end."""
    pool, begun = Pool(threads=1), threading.Event()

    def race(_stop: Stop) -> Iterator[int]:
        for k in range(100):
            begun.set()
            time.sleep(0.02)
            yield k

    long = Job("race", race, pool)
    assert begun.wait(SOON)
    light = Job("light", numbers, pool)
    assert light.ended(SOON)
    assert not long.ended()
    assert long.ended(2 * SOON)
    assert long.results() == list(range(100))


def test_heavy_work_leaves_a_thread_to_the_light(gate: threading.Event) -> None:
    pool = Pool()

    def seconds(_stop: Stop) -> Iterator[None]:
        time.sleep(work_queue.LONG)
        yield

    learnt = Job("heavy", seconds, pool, "heavy")
    assert learnt.ended(SOON)
    heavy = [Job(k, behind(gate), pool, "heavy") for k in range(3)]
    light = Job("light", numbers, pool, "light")
    assert light.ended(SOON)
    assert [job.position for job in heavy] == [0, 1, 2]
    gate.set()
    assert all(job.ended(SOON) for job in heavy)


def test_a_question_is_refused_only_where_the_wait_would_be_too_long(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool()

    def work(_stop: Stop) -> Iterator[None]:
        time.sleep(0.25)
        yield

    assert Job("learns how long this takes", work, pool, "k").ended(SOON)
    held = [Job(k, behind(gate), pool, "k") for k in range(6)]
    assert until(lambda: held[1].position == 0)
    waits = [pool.expected_wait(job.task) for job in held]
    assert waits[:2] == [0, 0]
    assert waits[2:] == sorted(waits[2:])
    assert 0.4 < waits[-1] < 1.0  # five before it, two at a time
    assert "until its turn" not in progress_message(held[-1])
    monkeypatch.setattr(work_queue, "LONGEST_WAIT", 0.4)
    refused = counters.counts()["refusals"]
    with pytest.raises(InputError, match="4 computations are waiting"):
        Job("one too many", behind(gate), pool, "k")
    assert counters.counts()["refusals"] == refused + 1
    assert held[0].usable
    monkeypatch.setattr(work_queue, "LONGEST_WAIT", 30.0)
    assert Job("now", behind(gate), pool, "k").position == 5


def test_a_long_wait_is_said_in_seconds(gate: threading.Event) -> None:
    pool = Pool(threads=1)
    pool._totals.unknown = 3.0
    running = Job("runs", behind(gate), pool)
    assert until(lambda: running.position == 0)
    held = [Job(k, behind(gate), pool) for k in range(2)]
    assert progress_message(held[1]) == (
        "Waiting for a free processor: place 2 in the queue. About 6 s until its turn."
    )


def test_a_longer_question_is_expected_to_take_longer() -> None:
    pool = Pool()

    def task(text: str) -> work_queue.Task[object]:
        return work_queue.Task(numbers, "reading", text)

    pool._turns.note(task("short"), 0.2)
    assert pool._turns.expected(task("also short")) == pytest.approx(0.2)
    assert pool._turns.expected(task("x" * 1_000)) > 0.5
    pool._turns.note(task("y" * 1_000), 2.0)
    assert pool._turns.expected(task("x" * 1_000)) == pytest.approx(2.0)
    assert pool._turns.expected(task("short")) == pytest.approx(0.2)
