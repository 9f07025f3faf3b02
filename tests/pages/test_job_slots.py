"""One job per slot and session: the same key finds it again, a newer key replaces it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import jobs
from pages.shared.jobs import Job, Pool, Stop
from tests.pages.slow_work import SOON, behind, until


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work made by `behind(gate)` waits for it; opened at the end of the test in any case."""
    event = threading.Event()
    yield event
    event.set()


def script() -> None:
    """Asks for what the test has put into the session."""
    import streamlit as st

    from pages.shared import jobs

    state = st.session_state
    job = jobs.start(state.slot, state.wanted, state.work)
    state.seen = [*state.get("seen", []), job]
    if state.waits:
        st.text(jobs.wait(job))


def session(work: Callable[[Stop], Iterator[object]], *, waits: bool = False) -> AppTest:
    at = AppTest.from_function(script, default_timeout=10)
    for name, value in {"slot": "a", "wanted": 1, "work": work, "waits": waits}.items():
        at.session_state[name] = value
    return at


def ask(at: AppTest, **state: object) -> Job[object]:
    """Reruns the script with other wishes; the job it got."""
    for name, value in state.items():
        at.session_state[name] = value
    at.run()
    assert not at.exception
    seen: list[Job[object]] = at.session_state["seen"]
    return seen[-1]


def test_a_rerun_with_the_same_key_finds_its_job(gate: threading.Event) -> None:
    at = session(behind(gate))
    first = ask(at)
    assert ask(at) is first
    gate.set()
    assert first.ended(SOON)
    assert ask(at, waits=True) is first
    assert at.text[0].value == "['through']"


def test_a_newer_key_cancels_the_older_job_of_its_slot_only(gate: threading.Event) -> None:
    at = session(behind(gate))
    other = ask(at, slot="b")
    older = ask(at, slot="a", wanted=1)
    newer = ask(at, wanted=2)
    assert not older.usable
    assert newer.usable
    assert other.usable


def test_sessions_do_not_cancel_each_other(gate: threading.Event) -> None:
    mine, yours = session(behind(gate)), session(behind(gate))
    job = ask(mine)
    ask(yours, wanted=2)
    assert job.usable


def test_a_failed_job_is_tried_again() -> None:
    calls = []

    def work(_stop: Stop) -> Iterator[str]:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("only once")
        yield "fine"

    at = session(work)
    assert ask(at).ended(SOON)
    assert ask(at, waits=True).results() == ["fine"]


def test_a_slider_dragged_fast_does_not_stack_computations(gate: threading.Event) -> None:
    """Fifty positions while the threads are busy: one job waits, and only the last is computed."""
    pool, computed = Pool(), []
    busy = [Job(k, behind(gate), pool) for k in range(2)]
    assert until(lambda: not any(job.position for job in busy))

    def position(k: int) -> Callable[[Stop], Iterator[int]]:
        def work(_stop: Stop) -> Iterator[int]:
            computed.append(k)
            yield k

        return work

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "POOL", pool)
        at = session(position(0))
        drawn = [ask(at, wanted=k, work=position(k)) for k in range(50)]
    assert [job.position for job in drawn] == [0] * 49 + [1]
    gate.set()
    assert drawn[-1].ended(SOON)
    assert computed == [49]


def test_waiting_ends_with_the_result_and_leaves_no_trace_on_the_screen() -> None:
    def slow(_stop: Stop) -> Iterator[str]:
        time.sleep(2.5 * jobs.PATIENCE)
        yield "late"

    at = session(slow, waits=True)
    ask(at)
    assert at.text[0].value == "['late']"
    assert not at.caption
