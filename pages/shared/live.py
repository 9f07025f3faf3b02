"""Training while you watch: drawn in short ticks by the page, so that a closed tab stops it.

A session holds one `LiveTraining` per slot: it owns the training (model, generators) and a lock. A
fragment that reruns every `TICK` seconds calls `tick()`, which queues at most `SHARE` seconds of
steps as a job and never waits for them; while the last ones are still under way it queues none.
Pausing stops the drawing. Over all sessions at most `Seats.count` trainings draw at once; the
others stand in a queue and see their position in it.

A page shows `buttons`, does what they ask for with `run_command`, and draws inside `watch`. The
slot's name begins the keys of its buttons.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from engine.errors import InputError
from pages.shared import jobs
from pages.shared.header import show_error
from pages.shared.text import _

TICK = 0.5
"""Seconds between two drawings of a training by its page."""

SHARE = 0.3
"""Seconds of steps that one tick draws at most."""


class Training(Protocol):
    """What is trained. Its parts that pages read must be safe to read while `advance` runs."""

    @property
    def finished(self) -> bool:
        """Whether no step is left."""

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
        self._last_asked: dict[object, float] = {}
        self._lock = threading.Lock()

    def ask(self, who: object) -> int:
        """0 when `who` may train now, else the position in the queue, from 1."""
        with self._lock:
            now = self._clock()
            recent = {w: t for w, t in self._last_asked.items() if now - t <= self.patience}
            recent[who] = now  # who stood there already keeps the position
            self._last_asked = recent
            return max(0, list(recent).index(who) - self.count + 1)

    def leave(self, who: object) -> None:
        """Frees the seat, or the position in the queue, of `who`."""
        with self._lock:
            self._last_asked.pop(who, None)


SEATS = Seats()

Trained = TypeVar("Trained", bound=Training)


class LiveTraining(Generic[Trained]):
    """A session's training: paused at first, then running, paused …, at last finished.

    `position` is its place in the queue, 0 when it may train.
    """

    def __init__(self, training: Trained, slot: str, seats: Seats | None = None) -> None:
        self.training, self.slot, self.seats = training, slot, seats or SEATS
        self.running, self.position = False, 0
        self._ticket = object()
        self._lock = threading.Lock()
        self._job: jobs.Job[None] | None = None

    @property
    def finished(self) -> bool:
        """Whether no step is left."""
        return self.training.finished

    def resume(self) -> None:
        """Lets the ticks take steps, unless it is finished."""
        self.running = not self.finished

    def pause(self) -> None:
        """Stops at the end of the step that is under way."""
        self.running, self.position = False, 0
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
        self.position = self.seats.ask(self._ticket)
        if self.position or (self._job is not None and not self._job.ended()):
            return
        last, self._job = self._job, None
        try:
            if last is not None:
                last.results()
        except Exception:
            self.pause()
            raise

        def advance(stop: jobs.Stop) -> Iterator[None]:
            if self._lock.acquire(blocking=False):
                try:
                    self.training.advance(SHARE, stop)
                finally:
                    self._lock.release()
            yield

        self._job = jobs.start(self.slot, object(), advance, private=True)

    def single_step(self) -> None:
        """Takes one step and waits for it."""

        def step(_stop: jobs.Stop) -> Iterator[None]:
            with self._lock:
                self.training.step()
            yield

        self.pause()
        jobs.wait(jobs.start(self.slot, object(), step, private=True))


def current(slot: str) -> LiveTraining[Any] | None:
    """The session's training of this slot, if it has one."""
    found: LiveTraining[Any] | None = st.session_state.get(f"_live_{slot}")
    return found


def replace(slot: str, training: Training) -> LiveTraining[Any]:
    """Makes `training` the session's one of this slot; an earlier one is paused and let go."""
    discard(slot)
    taken: LiveTraining[Any] = LiveTraining(training, slot)
    st.session_state[f"_live_{slot}"] = taken
    return taken


def discard(slot: str) -> None:
    """Forgets the session's training of this slot."""
    before = current(slot)
    if before is not None:
        before.pause()
        del st.session_state[f"_live_{slot}"]


def running(slot: str) -> bool:
    """Whether the session has a training of this slot that is neither paused nor finished."""
    live = current(slot)
    return live is not None and live.running


def buttons(slot: str, icon: str) -> None:
    """Start, under `icon`, then Pause or Resume; Step, Stop, Reset. Each one that makes no sense
    now is grey. Their keys are the slot's name and the command: race_start."""
    live = current(slot)
    over = live is None or live.finished
    if over:
        _button(slot, "start", _("Start"), icon)
    elif running(slot):
        _button(slot, "pause", _("Pause"), "pause")
    else:
        _button(slot, "resume", _("Resume"), "play_arrow")
    _button(slot, "step", _("Step"), "skip_next", disabled=live is not None and over)
    _button(slot, "stop", _("Stop"), "stop", disabled=over)
    _button(slot, "reset", _("Reset"), "restart_alt", disabled=live is None)


def _button(
    slot: str,
    command: str,
    label: str,
    icon: str,
    *,
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"{slot}_{command}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=request,
        args=(slot, command),
    )


def request(slot: str, command: str) -> None:
    """For a button's callback: the command is done at the start of the next run."""
    st.session_state[f"_{slot}_command"] = command


def run_command(
    slot: str,
    begin: Callable[[], LiveTraining[Any]],
    others: Mapping[str, Callable[[], object]] | None = None,
) -> None:
    """Does what the button that was pressed last asks for, and runs the page again, since the
    buttons are others then.

    `begin` makes a new training; `others` are commands of the page's own, or what these commands do
    there. Raises InputError where a command cannot be done.
    """
    command: str | None = st.session_state.pop(f"_{slot}_command", None)
    if command is None:
        return
    live = current(slot)
    actions: dict[str, Callable[[], object]] = {
        "start": lambda: begin().resume(),
        "step": lambda: (live or begin()).single_step(),
        "reset": lambda: discard(slot),
    }
    if live is not None:
        actions |= {"pause": live.pause, "resume": live.resume, "stop": live.stop}
    if action := {**actions, **(others or {})}.get(command):
        action()
    st.rerun()


def watch(slot: str, draw: Callable[[], None]) -> None:
    """Draws a training, at every tick anew while it runs; its steps are taken after the drawing."""
    ticking = running(slot)

    def tick() -> None:
        draw()
        live = current(slot)
        try:
            if live is not None:
                live.tick()  # last, so that steps are taken while nothing is drawn
        except InputError as error:
            show_error(error)
        if running(slot) != ticking:
            st.rerun()  # the buttons change, and this part no longer has to come again by itself

    st.fragment(tick, run_every=TICK if ticking else None)()


def redraw(slot: str, draw: Callable[[], None], ticks: int) -> None:
    """Draws what belongs to a training, anew after so many ticks while it runs."""
    st.fragment(draw, run_every=ticks * TICK if running(slot) else None)()


def queue_notice(slot: str) -> bool:
    """Says which position in the queue the training has, if it has to wait; whether it has."""
    live = current(slot)
    if live is None or not live.position:
        return False
    text = _("Others are training here: you are number {place} in the queue.")
    st.info(text.format(place=live.position), icon=":material/hourglass_top:")
    return True
