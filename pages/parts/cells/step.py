"""The answer: one step of the cell, as a diagram and as an equation, stepped or played.

While it plays, only this part of the page runs; every tap runs the whole page.
"""

from __future__ import annotations

import time

import streamlit as st

from engine.figures.cells import diagram
from engine.results import CellRun
from pages.parts.cells import equations, snippets
from pages.parts.cells.ask import LINE, STEP
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import literal, translator

PERIOD = 1.4
"""Seconds per step while it plays."""

PLAYING, TICKED = "_cells_playing", "_cells_ticked"


def draw(run: CellRun) -> None:
    """Buttons, diagram, equation."""
    playing = bool(st.session_state.get(PLAYING)) and run.steps > 1
    st.fragment(_shown, run_every=PERIOD if playing else None)(run, playing)


def current(run: CellRun) -> int:
    """The step that is shown, from 0; the second at first, since nothing is remembered before."""
    steps = [str(k + 1) for k in range(run.steps)]
    return int(links.choice(STEP, steps, steps[min(1, run.steps - 1)])) - 1


def _shown(run: CellRun, installed: bool) -> None:
    if not links.is_syncing():
        _alone(run, installed)
    step = current(run)
    _buttons(run, step)
    left, right = st.columns([6, 5], gap="medium")
    name = links.choice(LINE, equations.lines(run), "c" if run.cell == "lstm" else "h")
    with left:
        _diagram(run, step, name)
    with right:
        _equation(run, step, name)


def _alone(run: CellRun, installed: bool) -> None:
    """A run of this part only: the next step of the play, or a tap, which the whole page is for."""
    if bool(st.session_state.get(PLAYING)) != installed or not installed:
        st.rerun()
    if time.monotonic() - st.session_state.get(TICKED, 0.0) < PERIOD / 2:
        return
    st.session_state[TICKED] = time.monotonic()
    step = current(run)
    if step + 1 < run.steps:
        links.set_values({STEP: str(step + 2)})
    if step + 2 >= run.steps:
        st.session_state[PLAYING] = False
        st.rerun()


def _buttons(run: CellRun, step: int) -> None:
    """Back, play or pause, step, and every step by name."""
    _ = translator()
    playing = bool(st.session_state.get(PLAYING))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Back"),
            icon=":material/skip_previous:",
            disabled=step == 0,
            on_click=_go,
            args=(step - 1,),
        )
        st.button(
            _("Pause") if playing else _("Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            on_click=_play,
            args=(not playing, run.steps, step),
            key="cells_play",
            disabled=run.steps == 1,
        )
        st.button(
            _("Step"),
            icon=":material/skip_next:",
            disabled=step + 1 == run.steps,
            on_click=_go,
            args=(step + 1,),
        )
        st.segmented_control(
            _("Step of the sequence"),
            [str(k + 1) for k in range(run.steps)],
            key=STEP,
            format_func=lambda k: literal(run.sequence.names[int(k) - 1]),
            required=True,
            label_visibility="collapsed",
            wrap=True,
        )


def _go(step: int) -> None:
    st.session_state[PLAYING] = False
    links.set_values({STEP: str(step + 1)})


def _play(on: bool, steps: int, step: int) -> None:
    """Starts from the beginning where it stands at the end."""
    st.session_state[PLAYING] = on
    st.session_state[TICKED] = time.monotonic()
    if on and step + 1 == steps:
        links.set_values({STEP: "1"})


def _diagram(run: CellRun, step: int, name: str) -> None:
    _ = translator()
    st.plotly_chart(
        diagram.diagram(run, step, _, name),
        key="cells_diagram",
        config=saving.config(f"{run.cell}-step-{step + 1}"),
        alt=diagram.diagram_alt(run, step, _),
    )


def _equation(run: CellRun, step: int, name: str) -> None:
    """The chosen line in symbols, the same with this step's numbers, the shapes of slide 22."""
    _ = translator()
    st.segmented_control(
        _("Line of the cell"),
        equations.lines(run),
        key=LINE,
        format_func=equations.label,
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    st.latex(equations.symbols(run, name))
    st.latex(equations.numbers(run, step, name))
    if name == "y":
        st.caption(_target(run, step))
    with st.popover(_("Whole cell, shapes, PyTorch"), icon=":material/function:"):
        st.markdown(_("**All lines of this step**"))
        st.latex(equations.whole(run, step))
        st.markdown(_("**Matrix shapes** (slide 22), gates stacked in the rows (slide 41)"))
        st.latex(equations.shapes(run))
        st.markdown(_("**The same in PyTorch**"))
        st.code(snippets.CELL[run.cell], language="python")


def _target(run: CellRun, step: int) -> str:
    """What GT_t is, the right answer at this step."""
    _ = translator()
    right = literal(run.sequence.outputs[int(run.sequence.targets[step])])
    if run.sequence.word:
        return _("GT is the next letter, “{letter}”.").format(letter=right)
    return _("GT answers “is the sum so far positive?”: {answer}.").format(answer=right)
