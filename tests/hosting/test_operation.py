"""Health, counters and the log: they say what they should, and nothing that a visitor typed."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hosting import operation
from pages.shared import counters, jobs
from tests.hosting.conftest import Lines
from tests.pages.conftest import Open
from tests.pages.slow_work import SOON, numbers


def checked(check: Callable[[], bool]) -> TestClient:
    return TestClient(Starlette(routes=[operation.health(check)]))


def test_a_process_that_infers_is_healthy() -> None:
    with checked(operation.infer) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_network_that_says_something_else_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operation, "CHECKED", (*operation.CHECKED[:2], "negative"))
    with checked(operation.infer) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})


def test_a_check_that_raises_or_hangs_is_unhealthy(
    monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    def broken() -> bool:
        raise RuntimeError("secret")

    def slow() -> bool:
        time.sleep(0.2)
        return True

    with checked(broken) as client:
        assert client.get("/healthz").status_code == 503
    assert lines()[-1]["error"] == "RuntimeError"
    monkeypatch.setattr(operation, "PATIENCE", 0.01)
    with checked(slow) as client:
        assert client.get("/healthz").status_code == 503
    assert "secret" not in json.dumps(lines())


def test_many_callers_cost_one_check() -> None:
    calls = []

    def check() -> bool:
        calls.append(1)
        return True

    with checked(check) as client:
        assert {client.get("/healthz").status_code for _ in range(20)} == {200}
    assert len(calls) == 1


def test_a_process_that_is_about_to_end_says_so() -> None:
    operation._draining.set()
    try:
        with checked(lambda: True) as client:
            answer = client.get("/healthz")
    finally:
        operation._draining.clear()
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})


def metrics() -> dict[str, float]:
    """Every value of `/metrics` by name; each has a help line and a type."""
    with TestClient(Starlette(routes=[operation.metrics()])) as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    rows = answer.text.splitlines()
    values = dict(row.split(" ") for row in rows if row[0] != "#")
    for name in values:
        assert [row.split(" ")[1] for row in rows if f" {name} " in row] == ["HELP", "TYPE"]
    return {name: float(value) for name, value in values.items()}


@pytest.mark.usefixtures("fake_models")
def test_what_happens_is_counted(app: Open) -> None:
    before = metrics()
    assert set(before) == {f"rnnlab_{n}_total" for n in counters.NAMES} | {"rnnlab_memory_bytes"}
    assert 2e7 < before["rnnlab_memory_bytes"] < 2e10
    at = app()
    at.run()
    assert metrics()["rnnlab_visits_total"] == before["rnnlab_visits_total"] + 1
    begun = metrics()["rnnlab_computations_total"]
    job = jobs.Job("k", numbers, jobs.Pool())
    assert job.ended(SOON)
    assert metrics()["rnnlab_computations_total"] == begun + 1


def test_only_a_wait_that_is_noticed_is_one() -> None:
    before = counters.counts()
    counters.count_wait(0.001)
    counters.count_wait(2.0)
    after = counters.counts()
    assert after["computations"] - before["computations"] == 2
    assert after["waits"] - before["waits"] == 1
    assert after["wait_seconds"] - before["wait_seconds"] == 2


def test_the_log_holds_no_values_of_other_peoples_messages(lines: Lines) -> None:
    other = logging.getLogger("someone.else")
    other.warning("cannot read %s", "typed text")
    other.warning(f"cannot read {'typed text'}")
    try:
        int("typed text")
    except ValueError:
        other.exception("typed text")
    operation.log("request", endpoint="classify", status=200)
    found = lines()
    assert [line["event"] for line in found] == [*["message"] * 3, "request"]
    assert found[0]["template"] == "cannot read %s"
    assert found[2]["error"] == "ValueError"
    assert found[2]["places"][0].startswith("hosting/test_operation.py:")
    assert found[3]["endpoint"] == "classify"
    assert all({"time", "level"} <= line.keys() for line in found)
    assert "typed" not in json.dumps(lines())
