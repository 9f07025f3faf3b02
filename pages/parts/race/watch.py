"""The race itself: buttons, a card per cell, accuracy and gradient by lag as they learn."""

from __future__ import annotations

import streamlit as st

from engine.cells import CELLS
from engine.errors import InputError
from engine.figures import race as figures
from engine.figures import style
from engine.results import Lane, RaceResult
from engine.tasks.memory import Plan, Race
from pages.parts.race import ask, compute
from pages.shared import figures as saving
from pages.shared import live
from pages.shared.header import show_error
from pages.shared.text import lesson, literal, translator

Held = live.Live[Race] | None


def draw(plan: Plan) -> None:
    """Reruns by itself while a race is on."""
    held = compute.held()
    ticking = held is not None and held.running
    st.fragment(_watch, run_every=live.TICK if ticking else None)(plan, ticking)


def _watch(plan: Plan, ticking: bool) -> None:
    held = compute.held()
    ran, result = compute.shown()
    _status(plan, held, ran)
    for column, lane in zip(st.columns(len(result.lanes)), result.lanes, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            _card(lane, ran)
    _figures(result)
    try:
        if held is not None:
            held.tick()  # last, so that steps are taken while nothing is drawn
    except InputError as error:
        show_error(error)
    if (held is not None and held.running) != ticking:
        st.rerun()  # the buttons change, and this part no longer has to come again by itself


def _status(plan: Plan, held: Held, ran: Plan) -> None:
    """Which race is shown, where it ran with other settings than the present ones, the queue."""
    _ = translator()
    told = literal(ask.describe(ran))
    if held is None:
        text = _("Shown is a race that ran before: {settings}. Press Start for one of your own.")
        st.caption(text.format(settings=told))
    elif held.place:
        text = _("Others are training here: you are number {place} in the queue.")
        st.info(text.format(place=held.place), icon=":material/hourglass_top:")
    elif ran != plan:
        text = _("This race runs with: {settings}. Reset and Start take the settings of now.")
        st.caption(text.format(settings=told))
    else:
        st.caption(_("Your race: {settings}.").format(settings=told))


def _card(lane: Lane, plan: Plan) -> None:
    """One cell: its size, where it stands, how far back its gradient reaches."""
    _ = translator()
    cell = style.cell_style(lane.cell)
    size = _("{units} units, {count} parameters (cell ×{times})")
    if plan.matched:
        size = _("{units} units, {count} parameters (matched; else cell ×{times})")
    told = size.format(
        units=lane.hidden,
        count=style.grouped(lane.parameters),
        times=len(CELLS[lane.cell].gates),
    )
    st.markdown(f"**{cell.title}** · {told}")
    colour = {"learnt": "green", "running": "blue"}.get(lane.outcome, "orange")
    colour = "gray" if lane.taken == 0 else colour
    st.markdown(f":{colour}[**{literal(figures.outcome(lane, _))}**]")
    right = _("{percent} right.").format(percent=f"{lane.accuracy[-1]:.0%}")
    st.caption(f"{literal(right)} {literal(figures.reach_sentence(lane, _))}")


def _figures(result: RaceResult) -> None:
    """Accuracy beside the gradient by lag; each with its PyTorch."""
    _ = translator()
    left, right = st.columns(2, gap="medium")
    with left:
        _head(_("Accuracy as they learn"), "pytorch_training", "race_code_training")
        st.plotly_chart(
            figures.progress(result, _),
            key="race_progress",
            config=saving.config("race-accuracy"),
            alt=figures.progress_alt(result, _),
        )
    with right:
        _head(_("How far back does the gradient reach?"), "pytorch_gradient", "race_code_gradient")
        st.plotly_chart(
            figures.by_lag(result, _),
            key="race_by_lag",
            config=saving.config("race-gradient-by-lag"),
            alt=figures.by_lag_alt(result, _),
        )
    st.caption(
        _(
            "Gradient of the last answer's loss, each curve divided by its own value at lag 0: "
            "compare slopes. An LSTM carries its memory in c, so its solid line is ∂e/∂c and "
            "∂e/∂h alone is dashed (slide 42). It reaches as far back as it stays above a "
            "thousandth."
        )
    )


def _head(title: str, code: str, key: str) -> None:
    """A figure's heading with "the same in PyTorch" behind a button."""
    _ = translator()
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"##### {title}", anchors=False)
        with st.popover(_("The same in PyTorch"), icon=":material/code:", key=key):
            st.markdown(lesson("race")[code])
