"""The answer: one step of the cell, as a diagram and as an equation, stepped or played; and below
it what is measured of the whole run.

While it plays, only this part of the page runs; every tap runs the whole page.
"""

from __future__ import annotations

import time

import streamlit as st

from engine.cells import CELLS
from engine.figures import numbers
from engine.figures.cells import diagram
from engine.figures.style import Translate
from engine.lab import stages, trace
from engine.lab.trace import GRU
from engine.results import CellRun
from pages.parts.cells import equations
from pages.parts.cells.controls import LINE, SOURCE, STEP, Question
from pages.shared import links, views
from pages.shared.text import _, decimal, literal, percent

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
    if not links.is_syncing():  # this part runs alone: the play goes on, or something was tapped
        if bool(st.session_state.get(PLAYING)) != installed or not installed:
            st.rerun()  # a tap is for the whole page
        if time.monotonic() - st.session_state.get(TICKED, 0.0) >= PERIOD / 2:
            st.session_state[TICKED] = time.monotonic()
            step = current(run)
            if step + 1 < run.steps:
                links.set_values({STEP: str(step + 2)})
            if step + 2 >= run.steps:
                st.session_state[PLAYING] = False
                st.rerun()
    step = current(run)
    _buttons(run, step)
    left, right = st.columns([6, 5], gap="medium")
    name = links.choice(LINE, equations.lines(run), "c" if "c" in run.values else "h")
    with left:
        figure, alt = diagram.diagram(run, step, _, name), diagram.diagram_alt(run, step, _)
        views.chart(figure, alt, "cells_diagram", f"{run.cell}-step-{step + 1}")
    with right:
        _equation(run, step, name)


def _buttons(run: CellRun, step: int) -> None:
    """Back, play or pause, step, and every step by name."""
    playing = bool(st.session_state.get(PLAYING))

    def go(to: int) -> None:
        st.session_state[PLAYING] = False
        links.set_values({STEP: str(to + 1)})

    def play() -> None:
        """Starts from the beginning where it stands at the end."""
        st.session_state[PLAYING] = not playing
        st.session_state[TICKED] = time.monotonic()
        if not playing and step + 1 == run.steps:
            links.set_values({STEP: "1"})

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Back"),
            icon=":material/skip_previous:",
            disabled=step == 0,
            on_click=go,
            args=(step - 1,),
        )
        st.button(
            _("Pause") if playing else _("Play"),
            icon=":material/pause:" if playing else ":material/play_arrow:",
            on_click=play,
            key="cells_play",
            disabled=run.steps == 1,
        )
        st.button(
            _("Step"),
            icon=":material/skip_next:",
            disabled=step + 1 == run.steps,
            on_click=go,
            args=(step + 1,),
        )
        steps, names = [str(k + 1) for k in range(run.steps)], run.sequence.names
        label = _("Step of the sequence")
        views.pick(STEP, label, steps, lambda k: literal(names[int(k) - 1]), quiet=True, wrap=True)


def _equation(run: CellRun, step: int, name: str) -> None:
    """The chosen line in symbols, the same with this step's numbers, the shapes of slide 22."""
    names = equations.lines(run)
    views.pick(LINE, _("Line of the cell"), names, equations.label, quiet=True, wrap=True)
    st.latex(equations.symbols(run, name))
    st.latex(equations.numbers(run, step, name))
    if name == "y":
        right = literal(run.sequence.outputs[int(run.sequence.targets[step])])
        text = _("GT answers “is the sum so far positive?”: {answer}.").format(answer=right)
        if run.sequence.word:
            text = _("GT is the next letter, “{letter}”.").format(letter=right)
        st.caption(text)
    with st.popover(_("Whole cell, shapes, PyTorch"), icon=":material/function:"):
        st.markdown(_("**All lines of this step**"))
        st.latex(equations.whole(run, step))
        st.markdown(_("**Matrix shapes** (slide 22), gates stacked in the rows (slide 41)"))
        st.latex(equations.shapes(run))
        st.markdown(_("**The same in PyTorch**"))
        st.code(views.snippet(f"cell-{run.cell}"), language="python")


def draw_facts(run: CellRun, question: Question) -> None:
    """Saturation, parameters, equality with torch.nn; three short facts side by side."""
    saturated = _(
        "{share} of all gates and units over the whole run: their slope is below a tenth of the "
        "largest (slides 21 and 30)."
    ).format(share=literal(percent(run.saturated())))
    parameters = _(
        "{count} are read in this stage, W_y included. The finished cell's matrices: ×{times} "
        "the plain RNN's."
    ).format(count=decimal(run.parameters, 0), times=len(CELLS[run.cell].gates))
    with st.grid(3, min_column_width=260, gap="small"):
        for title, said in (
            (_("Saturated"), saturated),
            (_("Parameters"), parameters.replace("_", r"\_")),
            (_("Equal to torch.nn?"), _equality(run, question, _)),
        ):
            with st.container(border=True, gap=None, height="stretch"):
                st.markdown(f"**{title}**")
                st.caption(said)
    if st.session_state.get(SOURCE):
        # The code that has just run, read from its module.
        st.code(stages.source(run.cell, run.stage), language="python")
        st.caption(
            _(
                "This is the code that computed the numbers above. Slide 41 leaves the biases out "
                "and stacks g, i, f, o; torch, and this code, stack i, f, g, o and have two biases "
                "per gate. The slide's Elman cell has none, so the RNN runs without."
            )
        )


def _equality(run: CellRun, question: Question, _: Translate) -> str:
    """Computed for the weights on the screen, in float64."""
    found = trace.torch_difference(run.cell, run.stage, run.sequence, question.setup)
    if found == 0:
        return _("Yes, in float64: over this run all states are the same to the last bit.")
    if found is not None:
        text = _("Yes, in float64: over this run the states differ by at most {difference}.")
        return text.format(difference=literal(numbers.rounding(found)))
    if run.cell == GRU and run.stage == stages.FINAL[GRU]:
        return _(
            "torch has no such cell: its GRU differs in the sign of z and the place of r. See "
            "“Two GRUs” below, where the difference is measured."
        )
    return _("torch has no such cell: this stage is only a step on the way.")


def loss_note(run: CellRun) -> str:
    """Which loss the gradients are of, as Markdown."""
    if run.of_last:
        return _(
            "Of e, the loss of the last step alone (slide 51): what reaches the first step has "
            "travelled all the way. Settings has the sum over all steps."
        )
    return _(
        "Of the sum of the losses of all steps (slide 23): every state also has a short way to "
        "its own output. Settings has the loss of the last step alone."
    )
