"""The view "Unrolled": one drawing that plays forward and backward; a tap shows the arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import numbers
from engine.figures.cells import unrolled
from engine.figures.cells.timeline import Timeline
from engine.figures.cells.unrolled import MOST_STEPS, Entry
from engine.figures.gradients.paths import entry_name
from engine.figures.style import Translate
from engine.lab import backward, trace
from engine.results import BackwardPass, CellRun, GradientProfile
from pages.parts.cells import arithmetic, controls, equations
from pages.shared import gradient_panel, lecture, links, views
from pages.shared.text import _, decimal, literal, option_names
from pages.shared.tokens.sketch import sketch

WAY, ENTRY, MATRIX = "cells_way", "cells_entry", "cells_matrix"
MOMENT, PART = "cells_moment", "cells_part"
_TURNED = "_cells_turned"
WAYS_THROUGH = {"forward": N_("forward"), "back": N_("backward")}


def draw() -> None:
    """The drawing; beside it the cell, the number whose copies are added up, what was tapped."""
    picture, side = views.stage(5, 2)
    with side:
        links.choice(WAY, WAYS_THROUGH, "forward")
        views.pick(
            WAY,
            _("Direction of the pass"),
            WAYS_THROUGH,
            on_change=lambda: links.set_values({MOMENT: ""}),
            quiet=True,
        )
        question = controls.draw()
        sequence = question.sequence
        whole = len(sequence.names)
        if whole > MOST_STEPS:
            question = replace(question, sequence=sequence.first(MOST_STEPS))
        run = question.run()
        entry = _draw_entry(run)
    back = backward.by_hand(run)
    with picture:
        st.fragment(_drawn)(run, back, entry)
        if whole > MOST_STEPS:
            text = _("Drawn are the first {drawn} of {whole} steps, with their own loss.")
            st.caption(text.format(drawn=MOST_STEPS, whole=whole))
    if lecture.is_on():
        return
    gradient_panel.draw([trace.profile(run)], "cells_gradient", loss_note(run), says=_says)
    views.pytorch(views.snippet("unrolled"))
    views.table(table(run, _), _("Every step with its loss"))


def _drawn(run: CellRun, back: BackwardPass, entry: Entry) -> None:
    """The drawing and the arithmetic below it; a tap runs this part of the page only."""
    if st.session_state.pop(_TURNED, False) and not links.is_syncing():
        st.rerun()  # the choice of the pass stands outside: its own value has to follow
    time, parts = Timeline(run), arithmetic.titles(run, back)
    end = time.last if st.session_state[WAY] == "back" else time.turned - 1
    moments = map(str, range(time.last + 1))
    moment = int(links.choice(MOMENT, moments, str(end), always=True))  # the end depends on the way
    part = links.choice(PART, ["", *parts], "")

    def tap(tapped: str) -> None:
        links.set_values({PART: "" if tapped == st.session_state.get(PART) else tapped})

    def move(to: int) -> None:
        way = "back" if to >= time.turned else "forward"
        st.session_state[_TURNED] = way != st.session_state[WAY]
        links.set_values({MOMENT: str(to), WAY: way})

    drawing = unrolled.unrolled(run, back, entry, _)
    sketch(
        drawing,
        parts,
        key="cells_unrolled",
        label=unrolled.unrolled_alt(run, back, _),
        saved_as=f"{run.cell}-unrolled",
        across=drawing.width,
        on_tap=tap,
        selected=part,
        moments=time.names(_),
        spans=unrolled.spans(run),
        at=moment,
        on_move=move,
        above=210 if part else 0,
    )
    if lecture.is_on() and not part:
        return
    shown = part or time.part(moment)
    with st.container(border=True, gap="small", key="cells_arithmetic"):
        st.markdown(arithmetic.heading(run, back, shown))
        for line in arithmetic.lines(run, back, entry, shown):
            st.latex(rf"{{\small {line}}}")
    if not part:
        st.caption(
            _(
                "Tap a state, a box or an arrow: its arithmetic stands here. Arrows of one colour "
                "carry the same matrix at every step; blue is the path without a matrix."
            )
        )


def _draw_entry(run: CellRun) -> Entry:
    """Which number of which gate's W_h and W_x the copies are shown of."""
    spec = CELLS[run.cell]
    gates = [*run.weights]
    usual = spec.keep_gate if spec.keep_gate in gates else gates[-1]
    if len(gates) > 1:
        called = {"n": "h′"}
        label = _("Gate whose copies are added up")
        links.choice(MATRIX, gates, usual)
        views.pick(MATRIX, label, gates, lambda gate: called.get(gate, gate))
        gate = str(st.session_state[MATRIX])
    else:
        gate = gates[0]
    places = [f"{i + 1}-{j + 1}" for i in range(run.hidden) for j in range(run.hidden)]
    row, column = (int(each) - 1 for each in links.choice(ENTRY, places, "1-1").split("-"))

    def name(place: str) -> str:
        return entry_name("h", *(int(each) - 1 for each in place.split("-")))

    st.selectbox(
        _("Number of W_h whose copies are added up").replace("_", r"\_"),
        places,
        key=ENTRY,
        format_func=option_names(places, name),
    )
    return Entry(gate, row, column)


def _says(profile: GradientProfile) -> str:
    """What the cell predicts at the last step."""
    text = _("Prediction at the last step: “{answer}” ({percent})")
    return text.format(
        answer=literal(profile.verdict.label),
        percent=literal(numbers.percent(profile.verdict.confidence)),
    )


def loss_note(run: CellRun) -> str:
    """Which loss the gradients are of, as Markdown."""
    if run.of_last:
        return _(
            "Of e, the loss of the last step alone (slide 51): what reaches the first step has "
            "travelled all the way. Settings has the sum over all steps."
        )
    return _(
        "Of the sum of the losses of all steps (slide 23): every state also has a short way to "
        "its own output, so this gradient says nothing about decay. Settings has the loss of the "
        "last step alone."
    )


def table(run: CellRun, _: Translate) -> pd.DataFrame:
    """One row per step: input, state, right answer, its probability, its loss."""
    right = [run.sequence.outputs[k] for k in run.sequence.targets]
    chance = [decimal(run.y[t, k], 3) for t, k in enumerate(run.sequence.targets)]
    return pd.DataFrame(
        {
            _("step"): [str(t + 1) for t in range(run.steps)],
            "xₜ": [literal(name) for name in run.sequence.names],
            "hₜ": [literal(equations.vector(values)) for values in run.values["h"]],
            _("right answer"): [literal(name) for name in right],
            _("its probability in yₜ"): chance,
            "eₜ": [decimal(e, 3) for e in run.e],
        }
    )
