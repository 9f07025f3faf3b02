"""By hand: an exam with seeded numbers. Answers are typed and judged one by one, with hints; or the
sheet is printed, with its answers or without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from engine.cells import CELLS, PLAIN_CELL
from engine.errors import N_
from engine.figures.numbers import decimal, general
from engine.figures.style import Translate, cell_style
from engine.lab import trace
from engine.results import CellRun, Floats
from pages.parts.cells import equations, exam
from pages.parts.cells.exam import BPTT, PAPERS, TOTAL, Item
from pages.shared import links, views
from pages.shared.text import _, lesson, literal

PAPER, FORM, SEED, ANSWERS = "cells_paper", "cells_form", "cells_exercise", "cells_answers"
GROUP, GIVEN = "cells_group", "cells_given"
FORMS = {"exam": N_("Answer here"), "sheet": N_("Sheet to print")}
MOST_SEEDS = 9999
AND = r",\quad "
TABLE = np.arange(0.0, 2.6, 0.25)

VERDICTS = {
    "sign": N_("{name}: the sign is wrong"),
    "wrong": N_("{name}: not yet right"),
    "unreadable": N_("{name}: that is not a number"),
}
ICONS = {"right": ":material/check_circle:", "": None}


def draw() -> None:
    """The sheet; beside it fields for its numbers, or all of it to be printed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        seed = st.number_input(
            _("Exercise number"),
            min_value=1,
            max_value=MOST_SEEDS,
            value=1,
            key=SEED,
            bind="query-params",
            on_change=_clear,
            width=160,
        )
        st.button(_("New sheet"), key="cells_new_sheet", icon=":material/casino:", on_click=_next)
        paper = links.choice(PAPER, PAPERS, PLAIN_CELL)
        views.pick(PAPER, _("Sheet"), PAPERS, _title, quiet=True, on_change=_clear)
        form = views.pick(FORM, _("Form"), FORMS, default="exam", quiet=True)
    run = trace.exercise(int(seed), PLAIN_CELL if paper == BPTT else paper)
    asked = exam.items(run, paper)
    given = sheet(run, paper, int(seed), _)
    if form == "sheet":
        _draw_sheet(given, f"{given}\n{solution(asked, _)}", f"{paper}-by-hand-{seed}")
        return
    left, right = st.columns(2, gap="large")
    with left, st.container(key="cells_sheet"):
        st.markdown(given)
    with right:
        st.fragment(_fields)(asked, f"{paper}_{seed}")


def _title(paper: str) -> str:
    return cell_style(paper).title if paper in CELLS else "BPTT"


def _clear() -> None:
    """Another sheet has other answers."""
    links.set_values({GIVEN: "", GROUP: ""})


def _next() -> None:
    st.session_state[SEED] = int(st.session_state[SEED]) % MOST_SEEDS + 1
    _clear()


def _draw_sheet(asked: str, answered: str, name: str) -> None:
    """The whole sheet alone, as it is to be printed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shown = st.toggle(_("Show the answers"), key=ANSWERS, bind="query-params")
        for label, text, ending in (
            (_("Exercise"), asked, ""),
            (_("Exercise and answers"), answered, "-answers"),
        ):
            views.download(label, text, f"{name}{ending}.md", "text/markdown", f"cells_md{ending}")
    with st.container(border=True, key="cells_sheet"):
        st.markdown(answered if shown else asked)
    st.caption(_("To print it, use your browser's print command, or print the downloaded file."))


def _fields(asked: list[Item], sheet_id: str) -> None:
    """Fields for the numbers of one step, each judged as it is typed, and the sheet's score."""
    given = exam.read_answers(links.text(GIVEN, ""))
    groups = list(dict.fromkeys(item.group for item in asked))
    group = links.choice(GROUP, groups, groups[0])
    views.pick(
        GROUP, _("Step of the sequence"), groups, lambda g: _("sum") if g == TOTAL else f"t = {g}"
    )
    verdicts = {
        id: exam.verdict(given.get(id, ""), right, item.near)
        for item in asked
        for id, _name, right in item.fields()
    }

    def answer(id: str, key: str) -> None:
        typed = str(st.session_state[key]).strip()
        links.set_values({GIVEN: exam.write_answers(given | {id: typed})})

    for item in (item for item in asked if item.group == group):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for id, name, right in item.fields():
                key = f"cells_field_{sheet_id}_{id}"
                typed = str(st.session_state.get(key) or given.get(id, ""))
                verdicts[id] = exam.verdict(typed, right, item.near)
                st.text_input(
                    name,
                    given.get(id, ""),
                    max_chars=10,
                    key=key,
                    icon=ICONS.get(verdicts[id], ":material/close:"),
                    on_change=answer,
                    args=(id, key),
                    width=112,
                )
            with st.popover(_("Hint"), icon=":material/lightbulb:", key=f"cells_hint_{item.id}"):
                st.latex(item.equation)
                if st.toggle(_("Operands too"), key=f"cells_operands_{sheet_id}_{item.id}"):
                    st.latex(AND.join(item.operands))
        wrong = [
            _(VERDICTS[verdicts[id]]).format(name=literal(name))
            for id, name, _right in item.fields()
            if verdicts[id] in VERDICTS
        ]
        if wrong:
            st.caption(" · ".join(wrong))
    good = sum(verdict == "right" for verdict in verdicts.values())
    text = _(
        "**{right} of {all} numbers right.** Up to {near} off is still right; "
        "in e more, as far as y was rounded."
    )
    st.markdown(text.format(right=good, all=len(verdicts), near=decimal(exam.NEAR)))


def sheet(run: CellRun, paper: str, seed: int, _: Translate) -> str:
    """The exercise as Markdown: what is asked, what is given, tables of tanh and σ."""
    heading = _("{cell} by hand, exercise {seed}").format(cell=_title(paper), seed=seed)
    task = lesson("cells")[f"exercise_{paper}"]
    return "\n\n".join([f"#### {heading}", task, *_given(run, paper)])


def _given(run: CellRun, paper: str) -> list[str]:
    """Weights, inputs, right answers and tables of tanh and σ; on the way back the forward pass."""
    matrix = equations.matrix
    inputs = [f"x_{t + 1} = {_plain(x)}" for t, x in enumerate(run.sequence.x[:, 0])]
    if run.cell != PLAIN_CELL:
        weights = [
            f"W{'' if gate == 'n' else f'_{gate}'} = " + matrix(np.hstack([w.W_x, w.W_h]), _plain)
            for gate, w in run.weights.items()
        ]
        rows = [weights[:2], weights[2:], inputs]
        return [*(f"$${AND.join(row)}$$" for row in rows if row), *_tables(run)]
    w = run.weights["h"]
    W_h, W_y = f"W_h = {matrix(w.W_h, _plain)}", f"W_y = {matrix(run.W_y, _plain)}"
    start = rf"h_0 = {matrix(np.zeros((2, 1)), _plain)}"
    rows = [[f"W_x = {matrix(w.W_x, _plain)}", W_h], [W_y, start], inputs]
    if paper == BPTT:
        rows = [[W_h, W_y]]
    right = ", ".join(run.sequence.outputs[k] for k in run.sequence.targets)
    text = _("Right answers GT₁, GT₂, GT₃ (which of the two outputs): {right}")
    found = [*(f"$${AND.join(row)}$$" for row in rows), text.format(right=right)]
    if paper == BPTT:
        head = ["t", *(str(t + 1) for t in range(run.steps))]
        known = {"hₜ": run.values["h"], "yₜ": run.y}
        rows = [[name, *map(equations.vector, values)] for name, values in known.items()]
        return [*found, _table(head, *rows)]
    return [*found, *_tables(run)]


def _tables(run: CellRun) -> list[str]:
    """tanh, and σ where there are gates, at quarters: a person without a calculator interpolates.
    In parts, for phones."""
    curves: dict[str, Callable[[Floats], Floats]] = {"tanh a": np.tanh}
    odd = r"$\tanh(-a) = -\tanh(a)$"
    if run.cell != PLAIN_CELL:
        curves["σ(a)"] = lambda a: 1 / (1 + np.exp(-a))
        odd += r", $\;\sigma(-a) = 1 - \sigma(a)$"
    parts = [
        _table(
            ["a", *map(decimal, part)],
            *([name, *map(decimal, curve(part))] for name, curve in curves.items()),
        )
        for part in np.array_split(TABLE, 3)
    ]
    return [*parts, odd]


def solution(asked: list[Item], _: Translate) -> str:
    """Every number that was asked for, to two digits."""
    rows = [
        [literal(item.name), " ".join(map(equations.vector, np.atleast_2d(item.values)))]
        for item in asked
    ]
    return f"#### {_('Answers')}\n\n{_table(['', _('numbers')], *rows)}\n"


def _table(head: list[str], *rows: list[str]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(value: float) -> str:
    return general(value).replace("−", "-").replace(",", "{,}")
