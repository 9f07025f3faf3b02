"""The view "Race": its buttons, who leads, accuracy and gradient as they learn, a card per cell."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from engine.cells import CELLS
from engine.device import AUTO
from engine.errors import N_, InputError
from engine.figures import numbers, style
from engine.figures import race as figures
from engine.results import Lane, RaceResult
from engine.tasks.memory import Plan, Race, load
from pages.parts.race import controls, inside
from pages.shared import jobs, links, live, views
from pages.shared.header import show_error
from pages.shared.text import ASSETS, _, lesson, literal
from pages.shared.tokens import bets

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
    return live.replace(
        SLOT, jobs.once("race_begin", object(), lambda _stop: Race(plan, device), private=True)
    )


BESIDE = "race_beside"
PICTURES = {"lag": N_("Gradient by lag"), "reach": N_("Its reach over training")}


def draw() -> None:
    """The race, again and again while it is on, with its controls beside it. Curves of another
    race than the chosen one are never drawn: what has to be remembered stands in their place."""
    if st.query_params.get("race_view") == "reach":  # a link from when that was a view
        links.set_values({BESIDE: "reach"})
    picture, side = views.stage(5, 2)
    with side:
        plan = controls.draw()
        inside.draw_task(plan)
    below = st.container()  # of the controls, on a phone
    with picture:
        buttons = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        try:
            live.run_command(SLOT, lambda: begin(plan))
        except InputError as error:
            show_error(error)
        ran, _result = current()
        live.watch(SLOT, lambda: _race(plan))
    with below:
        live.redraw(SLOT, lambda: _cards(plan), 1)
    with buttons:
        live.buttons(SLOT, "flag")
        if ran != plan and live.current(SLOT) is not None:
            st.button(
                _("Back to this race"),
                key="race_back",
                icon=":material/undo:",
                on_click=links.set_values,
                args=(controls.values(ran),),
            )


def _race(plan: Plan) -> None:
    """Who leads, accuracy and gradient; or what has to be remembered."""
    ran, result = current()
    if ran != plan:
        _status(plan, ran)
        _ask(plan)
        return inside.draw_examples(plan)
    st.markdown(f"**{literal(figures.leader(result, _))}**")
    _tell(plan, result)
    _figures(result)
    _status(plan, ran)
    return None


def _bets() -> dict[Plan, str]:
    """Which cell was bet on, by race."""
    made: dict[Plan, str] = st.session_state.setdefault("_race_bets", {})
    return made


def _ask(plan: Plan) -> None:
    """A bet on a race before it is started; it may also be started without one."""
    made = _bets()

    def bet(cell: str) -> None:
        made[plan] = cell

    if plan in made:
        text = _("You bet on: {cell}. Press Start.")
        st.markdown(text.format(cell=f"**{_name(made[plan])}**"))
        return
    st.markdown(_("**Your bet:** which cell will have learnt this first?"))
    with st.container(horizontal=True, gap="small"):
        for cell in (*CELLS, figures.NOBODY):
            st.button(_name(cell), key=f"race_bet_{cell}", on_click=bet, args=(cell,))


def _tell(plan: Plan, result: RaceResult) -> None:
    """Whether the bet on the race was right, once all cells have stopped."""
    chosen, first = _bets().get(plan), figures.winner(result)
    if chosen is None or first is None or any(each.outcome == "running" for each in result.lanes):
        return
    bets.record(f"race,{','.join(controls.values(plan).values())}", chosen, right=chosen == first)
    bets.tell(_name(chosen), right=chosen == first)
    bets.score("race")


def _name(cell: str) -> str:
    return style.cell_style(cell).title if cell in CELLS else _("none of them")


def _cards(plan: Plan) -> None:
    """A card per cell of the race that is shown."""
    ran, result = current()
    if ran != plan:
        return
    for column, lane in zip(st.columns(len(result.lanes)), result.lanes, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            _card(lane, ran)


def _status(plan: Plan, ran: Plan) -> None:
    """Which race is shown, where it ran with other settings than the present ones, the queue."""
    settings = literal(controls.description(ran))
    if live.queue_notice(SLOT):
        return
    if live.current(SLOT) is not None and ran != plan:
        text = _("Your race runs with: {settings}. Press Reset, then Start, for the chosen ones.")
        st.info(text.format(settings=settings), icon=":material/info:")
        return
    if ran != plan:
        text = _("Press Start for a race with these settings.")
    elif live.current(SLOT) is None:
        text = _("This is a recorded race: {settings}. Press Start for one of your own.")
    else:
        text = _("Your race: {settings}. A reload of the tab forgets it.")
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
    right = _("{percent} right.").format(percent=numbers.share(lane.accuracy[-1]))
    st.caption(f"{literal(right)} {literal(figures.reach_sentence(lane, _))}")


def _figures(result: RaceResult) -> None:
    """Accuracy beside the gradient, by lag or its reach over training; each with its PyTorch."""
    left, right = st.columns(2, gap="medium")
    with left:
        figure, alt = figures.progress(result, _), figures.progress_alt(result, _)
        views.chart(figure, alt, "race_progress", "race-accuracy")
        _pytorch("training")
    with right:
        if links.choice(BESIDE, PICTURES, "lag") == "reach":
            figure, alt = figures.reach(result, _), figures.reach_alt(result, _)
            views.chart(figure, alt, "race_reach", "race-gradient-reach")
        else:
            figure, alt = figures.by_lag(result, _), figures.by_lag_alt(result, _)
            views.chart(figure, alt, "race_by_lag", "race-gradient-by-lag")
        with st.container(horizontal=True, gap="small"):
            views.pick(BESIDE, _("Picture"), PICTURES, quiet=True)
            _pytorch("gradient")


def _pytorch(code: str) -> None:
    with st.popover(
        _("The same in PyTorch"),
        icon=":material/code:",
        key=f"race_code_{code}",
        type="tertiary",
    ):
        st.markdown(lesson("race")[f"pytorch_{code}"])
