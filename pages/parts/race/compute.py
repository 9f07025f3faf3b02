"""What the page asks of the engine: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import streamlit as st

from engine.device import AUTO
from engine.results import RaceResult, StepTiming
from engine.tasks.memory import Plan, Race, load, timings
from pages.shared import jobs, live
from pages.shared.text import ASSETS

SLOT = "race"


@lru_cache(maxsize=1)
def example() -> tuple[Plan, RaceResult]:
    """The race that is there before anybody has started one: computed beforehand."""
    return load(ASSETS / "races" / "recall.json")


def held() -> live.Live[Race] | None:
    """The session's race."""
    return live.held(SLOT)


def shown() -> tuple[Plan, RaceResult]:
    """The session's race, or the example."""
    race = held()
    return example() if race is None else (race.training.plan, race.training.result)


def begin(plan: Plan) -> live.Live[Race]:
    """A new race at its start line; the session's earlier one is let go. A job, since the first
    measurements take over 50 ms. Networks this small are faster on the CPU: only a device that
    was chosen is used.
    """
    chosen = st.session_state.get("device", AUTO)

    def work(_stop: jobs.Stop) -> Iterator[Race]:
        yield Race(plan, "cpu" if chosen == AUTO else chosen)

    (race,) = jobs.wait(jobs.start("race_begin", object(), work))
    return live.hold(SLOT, race)


def times(plan: Plan) -> list[StepTiming]:
    """The same step on every device here."""

    def work(stop: jobs.Stop) -> Iterator[StepTiming]:
        for row in timings(plan):
            yield row
            if stop():
                return

    return jobs.wait(jobs.start("race_timing", plan, work))
