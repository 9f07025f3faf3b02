"""A job that fills a page: each result is kept once, those of a stopped job too."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.jobs import Stop
from tests.pages.slow_work import SOON, numbers, until


def script() -> None:
    """A page that asks for what the test has put into the session."""
    import streamlit as st

    from pages.shared import streaming

    state = st.session_state
    kept = state.setdefault("kept", [])
    stream = streaming.current("numbers")
    if stream is None or stream.query != state.query:
        stream = streaming.begin(
            "numbers", state.query, state.query, state.work, kept.append, state.patience
        )
    state.stream = stream
    if stream.was_stopped:
        streaming.stopped("numbers", f"Stopped after {len(kept)}.")
    elif stream.is_running:
        streaming.status(stream, lambda: st.caption(f"{len(kept)} so far"), "halt")


def opened(work: object, patience: float = SOON) -> AppTest:
    at = AppTest.from_function(script, default_timeout=20)
    for name, value in {"query": 1, "work": work, "patience": patience}.items():
        at.session_state[name] = value
    return rerun(at)


def rerun(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a slow worker waits for; opened at the end of the test in any case."""
    event = threading.Event()
    yield event
    event.set()


def test_each_result_is_kept_once_however_often_the_page_runs() -> None:
    at = opened(numbers)
    rerun(rerun(at))
    assert at.session_state["kept"] == [0, 1, 2]
    assert not at.caption


def test_another_query_begins_anew() -> None:
    at = opened(numbers)
    at.session_state["query"] = 2
    rerun(at)
    assert at.session_state["kept"] == [0, 1, 2] * 2
    assert at.session_state["stream"].query == 2


def test_what_is_stopped_keeps_its_results_until_one_goes_on(gate: threading.Event) -> None:
    def work(stop: Stop) -> Iterator[str]:
        yield "first"
        until(lambda: gate.is_set() or stop())
        yield "second"

    at = opened(work, patience=0.0)
    assert until(lambda: at.session_state["stream"].job.results())
    assert rerun(at).caption[0].value == "1 so far"
    at.button(key="halt").click().run()
    assert at.session_state["stream"].was_stopped
    kept = len(at.session_state["kept"])
    assert at.caption[0].value == f"Stopped after {kept}."
    gate.set()
    at.button[0].click().run()
    assert not at.exception
    assert not at.session_state["stream"].was_stopped
    assert until(lambda: at.session_state["stream"].job.ended())
    assert rerun(at).session_state["kept"][kept:] == ["first", "second"]


def test_an_error_is_raised_once_and_the_next_run_begins_anew() -> None:
    calls: list[int] = []

    def work(_stop: Stop) -> Iterator[str]:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("only once")
        yield "fine"

    at = AppTest.from_function(script, default_timeout=20)
    for name, value in {"query": 1, "work": work, "patience": SOON}.items():
        at.session_state[name] = value
    at.run()
    assert len(at.exception) == 1
    assert rerun(at).session_state["kept"] == ["fine"]
