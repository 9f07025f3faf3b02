"""By hand: an exercise with seeded numbers, to be printed; its answers hide behind a switch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.figures.numbers import decimal, general
from engine.figures.style import Translate
from engine.lab import trace
from engine.results import CellRun
from pages.parts.cells import equations
from pages.shared.text import _, lesson

SEED, ANSWERS = "cells_exercise", "cells_answers"
AND = r",\quad "
TABLE = np.arange(0.0, 2.6, 0.25)


def draw() -> None:
    """Numbers, questions, the table of tanh; answers only when asked for."""
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
        asked, answers = sheet(exercise, int(seed), _), solution(exercise, _)
        for label, text, ending in (
            (_("Exercise"), asked, ""),
            (_("Exercise and answers"), f"{asked}\n{answers}", "-answers"),
        ):
            name = f"rnn-by-hand-{seed}{ending}.md"
            st.download_button(label, text, name, icon=":material/download:")
    with st.container(border=True, key="cells_sheet"):
        if shown:
            st.markdown(answers)
        st.markdown(asked)
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
            # At quarters: a person without a calculator interpolates. In parts, for phones.
            *(
                _table(
                    ["a", *(decimal(a) for a in part)],
                    ["tanh a", *(decimal(np.tanh(a)) for a in part)],
                )
                for part in np.array_split(TABLE, 3)
            ),
        ]
    )


def solution(run: CellRun, _: Translate) -> str:
    """Every number that was asked for, to two digits; a column per step."""
    vectors = {"aₜ": run.a["h"], "hₜ": run.values["h"], "yₜ": run.y, "∂e/∂hₜ": run.gradients["h"]}
    rows = [[name, *map(equations.vector, values)] for name, values in vectors.items()]
    rows.insert(3, ["eₜ", *(decimal(e) for e in run.e)])
    head = ["t", *(str(t + 1) for t in range(run.steps))]
    total = _("Total loss e = {total}").format(total=decimal(run.e.sum()))
    answers = _("Answers")
    return f"#### {answers}\n\n{_table(head, *rows)}\n\n{total}\n"


def _table(head: list[str], *rows: list[str]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(value: float) -> str:
    return general(value).replace("−", "-").replace(",", "{,}")
