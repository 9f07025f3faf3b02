"""Live training: short draws, one at a time, a bounded number at once, stopped by silence."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable

import pytest
import streamlit as st

from pages.shared import live
from pages.shared.live import LiveTraining, Seats
from tests.pages.slow_work import until
from tests.project import ROOT


class Counting:
    """A training that counts; `gate` holds it inside a draw."""

    def __init__(self, end: int = 10) -> None:
        self.end, self.steps, self.draws, self.inside, self.most = end, 0, 0, 0, 0
        self.gate = threading.Event()
        self.gate.set()

    @property
    def finished(self) -> bool:
        return self.steps >= self.end

    def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
        assert seconds <= 0.3
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.gate.wait(10)
        if not stop():
            self.steps += 1
        self.draws += 1
        self.inside -= 1

    def step(self) -> None:
        self.steps += 1

    def give_up(self) -> None:
        self.end = self.steps


@pytest.fixture(autouse=True)
def _session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without a browser."""
    monkeypatch.setattr(st, "session_state", {})


def drawn(training: Counting, count: int) -> bool:
    return until(lambda: training.draws >= count)


def test_only_ticks_train() -> None:
    training = Counting()
    held = LiveTraining(training, "x", Seats())
    held.tick()
    assert training.draws == 0  # not started
    held.resume()
    for count in (1, 2, 3):
        held.tick()
        assert drawn(training, count)
        assert until(lambda: held._job is not None and held._job.ended())
    assert training.steps == 3  # and no tick, no step: a closed tab trains nothing


def test_a_tick_is_skipped_while_the_last_one_is_under_way() -> None:
    training = Counting()
    training.gate.clear()
    held = LiveTraining(training, "x", Seats())
    held.resume()
    for _ in range(5):
        held.tick()
    training.gate.set()
    assert drawn(training, 1)
    assert training.most == 1
    assert training.draws == 1


def test_pausing_stops_the_draw_that_is_under_way() -> None:
    training = Counting()
    training.gate.clear()
    held = LiveTraining(training, "x", Seats())
    held.resume()
    held.tick()
    assert until(lambda: training.inside == 1)
    held.pause()
    training.gate.set()
    assert drawn(training, 1)
    held.tick()
    assert training.steps == 0
    assert not held.running


def test_it_ends_by_itself_or_by_stop() -> None:
    training = Counting(end=1)
    held = LiveTraining(training, "x", Seats())
    held.resume()
    held.tick()
    assert until(lambda: held.finished)
    held.tick()
    assert not held.running
    held.resume()
    assert not held.running
    other = LiveTraining(Counting(), "x", Seats())
    other.single_step()
    other.stop()
    assert other.finished
    assert other.training.steps == 1


def test_an_error_is_raised_once_and_pauses() -> None:
    class Broken(Counting):
        def advance(self, seconds: float, stop: Callable[[], bool]) -> None:
            raise ValueError("broken", seconds, stop)

    held = LiveTraining(Broken(), "x", Seats())
    held.resume()
    held.tick()
    assert until(lambda: held._job is not None and held._job.ended())
    with pytest.raises(ValueError, match="broken"):
        held.tick()
    assert not held.running
    held.tick()


def test_seats_are_bounded_and_the_queue_moves_up() -> None:
    now = [0.0]
    seats = Seats(count=2, patience=10.0, clock=lambda: now[0])
    assert [seats.ask(name) for name in "abcd"] == [0, 0, 1, 2]
    assert [seats.ask(name) for name in "dcba"] == [2, 1, 0, 0]  # places are kept
    seats.leave("a")
    assert [seats.ask(name) for name in "cd"] == [0, 1]
    now[0] = 11.0  # b and c have gone silent
    assert [seats.ask(name) for name in "de"] == [0, 0]


def test_who_has_no_seat_does_not_train_and_knows_the_position() -> None:
    seats = Seats(count=1)
    first, second = LiveTraining(Counting(), "x", seats), LiveTraining(Counting(), "y", seats)
    for held in (first, second):
        held.resume()
        held.tick()
    assert (first.position, second.position) == (0, 1)
    assert drawn(first.training, 1)
    assert second.training.draws == 0
    first.pause()
    second.tick()
    assert second.position == 0
    assert drawn(second.training, 1)


def test_a_new_training_takes_the_slot_and_the_old_one_stops() -> None:
    old = live.replace("x", Counting())
    old.resume()
    new = live.replace("x", Counting())
    assert not old.running
    assert live.current("x") is new
    live.discard("x")
    live.discard("x")
    assert live.current("x") is None


def test_no_rerun_holds_the_steps_up_with_a_search_of_all_objects() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
