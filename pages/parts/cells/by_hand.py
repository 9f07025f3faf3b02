"""By hand: an exercise with seeded numbers, to be printed; its answers hide behind a switch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.figures.style import Translate
from engine.lab import trace
from engine.results import CellRun, Floats
from pages.parts.cells import equations
from pages.shared.text import lesson, translator

SEED, ANSWERS = "cells_exercise", "cells_answers"
AND = r",\quad "
TABLE = np.arange(0.0, 2.6, 0.25)


def draw() -> None:
    """Numbers, questions, the table of tanh; answers only when asked for."""
    _ = translator()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input(
            _("Exercise number"),
            min_value=1,
            max_value=9999,
            value=1,
            key=SEED,
            bind="query-params",
            width=180,
        )
        shown = st.toggle(_("Show the answers"), key=ANSWERS, bind="query-params")
        exercise = trace.exercise(int(seed))
        st.download_button(
            _("Exercise"),
            sheet(exercise, int(seed), _),
            f"rnn-by-hand-{seed}.md",
            icon=":material/download:",
        )
        st.download_button(
            _("Exercise and answers"),
            sheet(exercise, int(seed), _) + "\n" + solution(exercise, _),
            f"rnn-by-hand-{seed}-answers.md",
            icon=":material/download:",
        )
    with st.container(border=True):
        st.markdown(sheet(exercise, int(seed), _))
        if shown:
            st.markdown(solution(exercise, _))
    st.caption(_("To print it, use your browser's print command, or print the downloaded file."))


def sheet(run: CellRun, seed: int, _: Translate) -> str:
    """The exercise as Markdown: what is given, what is asked, a table of tanh."""
    w = run.weights["h"]
    given = [
        f"W_x = {equations.matrix(w.W_x, _plain)}",
        f"W_h = {equations.matrix(w.W_h, _plain)}",
        f"W_y = {equations.matrix(run.W_y, _plain)}",
        rf"h_0 = {equations.matrix(np.zeros((2, 1)), _plain)}",
    ]
    inputs = [f"x_{t + 1} = {_plain(x)}" for t, x in enumerate(run.sequence.x[:, 0])]
    right = ", ".join(run.sequence.outputs[k] for k in run.sequence.targets)
    heading = _("An RNN by hand, exercise {seed}").format(seed=seed)
    return "\n\n".join(
        [
            f"#### {heading}",
            lesson("cells")["exercise"],
            "$$" + AND.join(given[:2]) + "$$",
            "$$" + AND.join(given[2:]) + "$$",
            "$$" + AND.join(inputs) + "$$",
            _("Right answers GT₁, GT₂, GT₃ (which of the two outputs): {right}").format(
                right=right
            ),
            _tanh_table(),
        ]
    )


def solution(run: CellRun, _: Translate) -> str:
    """Every number that was asked for, to two digits."""
    head = ["t", "aₜ", "hₜ", "yₜ", "eₜ", "∂e/∂hₜ"]
    rows = [
        [
            str(t + 1),
            *(_vector(values[t]) for values in (run.a["h"], run.values["h"], run.y)),
            equations.number(float(run.e[t])),
            _vector(run.gradients["h"][t]),
        ]
        for t in range(run.steps)
    ]
    lines = [head, ["---"] * len(head), *rows]
    total = _("Total loss e = {total}").format(total=equations.number(float(run.e.sum())))
    answers = _("Answers")
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"#### {answers}\n\n{table}\n\n{total}\n"


def _tanh_table() -> str:
    """tanh at quarters: a person without a calculator interpolates."""
    rows = [
        ["a", *(f"{a:.2f}" for a in TABLE)],
        ["---"] * (len(TABLE) + 1),
        ["tanh a", *(f"{np.tanh(a):.2f}" for a in TABLE)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _vector(values: Floats) -> str:
    return f"({', '.join(equations.number(float(v)) for v in values)})".replace("-", "−")


def _plain(value: float) -> str:
    return f"{value:g}"
