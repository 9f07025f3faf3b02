"""The race itself: its buttons, a card per cell, accuracy and gradient by lag as they learn."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from engine.cells import CELLS
from engine.device import AUTO
from engine.figures import numbers, style
from engine.figures import race as figures
from engine.results import Lane, RaceResult
from engine.tasks.memory import Plan, Race, load
from pages.parts.race import controls
from pages.shared import jobs, live, views
from pages.shared.text import ASSETS, _, lesson, literal

SLOT = "race"


@lru_cache(maxsize=1)
def example() -> tuple[Plan, RaceResult]:
    """The race that is there before anybody has started one: computed beforehand."""
    return load(ASSETS / "races" / "recall.json")


def current() -> tuple[Plan, RaceResult]:
    """The session's race, or the example."""
    race = live.current(SLOT)
    return example() if race is None else (race.training.plan, race.training.result)


def begin(plan: Plan) -> live.LiveTraining[Race]:
    """A new race at its start line; the session's earlier one is let go. A job, since the first
    measurements take over 50 ms. Networks this small are faster on the CPU: only a device that
    was chosen is used.
    """
    chosen = st.session_state.get("device", AUTO)
    device = "cpu" if chosen == AUTO else chosen
    return live.replace(SLOT, jobs.once("race_begin", object(), lambda _stop: Race(plan, device)))


def draw(plan: Plan) -> None:
    """The race, again and again while it is on. `plan` is that of the present settings."""

    def cards_and_figures() -> None:
        ran, result = current()
        _status(plan, ran)
        for column, lane in zip(st.columns(len(result.lanes)), result.lanes, strict=True):
            with column.container(border=True, height="stretch", gap="xxsmall"):
                _card(lane, ran)
        _figures(result)

    live.watch(SLOT, cards_and_figures)


def _status(plan: Plan, ran: Plan) -> None:
    """Which race is shown, where it ran with other settings than the present ones, the queue."""
    settings = literal(controls.description(ran))
    if live.queue_notice(SLOT):
        return
    if live.current(SLOT) is None:
        text = _("Shown is a race that ran before: {settings}. Press Start for one of your own.")
    elif ran != plan:
        text = _("This race runs with: {settings}. Reset and Start take the settings of now.")
    else:
        text = _("Your race: {settings}.")
    st.caption(text.format(settings=settings))


def _card(lane: Lane, plan: Plan) -> None:
    """One cell: its size, where it stands, how far back its gradient reaches."""
    cell = style.cell_style(lane.cell)
    size = _("{units} units, {count} parameters (cell ×{times})")
    if plan.matched:
        size = _("{units} units, {count} parameters (matched; else cell ×{times})")
    count = numbers.grouped(lane.parameters)
    size = size.format(units=lane.hidden, count=count, times=len(CELLS[lane.cell].gates))
    st.markdown(f"**{cell.title}** · {size}")
    colour = {"learnt": "green", "running": "blue"}.get(lane.outcome, "orange")
    colour = "gray" if lane.taken == 0 else colour
    st.markdown(f":{colour}[**{literal(figures.outcome(lane, _))}**]")
    right = _("{percent} right.").format(percent=f"{lane.accuracy[-1]:.0%}")
    st.caption(f"{literal(right)} {literal(figures.reach_sentence(lane, _))}")


def _figures(result: RaceResult) -> None:
    """Accuracy beside the gradient by lag; each with its PyTorch."""
    left, right = st.columns(2, gap="medium")
    with left:
        _heading(_("Accuracy as they learn"), "training")
        figure, alt = figures.progress(result, _), figures.progress_alt(result, _)
        views.chart(figure, alt, "race_progress", "race-accuracy")
    with right:
        _heading(_("How far back does the gradient reach?"), "gradient")
        figure, alt = figures.by_lag(result, _), figures.by_lag_alt(result, _)
        views.chart(figure, alt, "race_by_lag", "race-gradient-by-lag")
    st.caption(
        _(
            "Gradient of the last answer's loss, each curve divided by its own value at lag 0: "
            "compare slopes. An LSTM carries its memory in c, so its solid line is ∂e/∂c and "
            "∂e/∂h alone is dashed (slide 42). It reaches as far back as it stays above a "
            "thousandth."
        )
    )


def _heading(title: str, code: str) -> None:
    """A figure's heading with "the same in PyTorch" behind a button."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"##### {title}", anchors=False)
        with st.popover(_("The same in PyTorch"), icon=":material/code:", key=f"race_code_{code}"):
            st.markdown(lesson("race")[f"pytorch_{code}"])
