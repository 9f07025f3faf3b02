"""Equations in LaTeX, PyTorch snippets and the exercise's sheet of the page on cells."""

from __future__ import annotations

import math
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from engine.lab import sequences, stages, trace
from engine.lab.trace import Setup
from engine.results import CellRun
from pages.parts.cells import by_hand, equations, exam
from pages.shared.text import ASSETS, parts
from pages.shared.views import snippet

WORD = sequences.read("hello")
EVERY = [(kind, stage) for kind, found in stages.STAGES.items() for stage in found]
SNIPPETS = (*(f"cell-{kind}" for kind in stages.STAGES), "unrolled", "two-grus", "layers")


def run(kind: str, stage: str) -> CellRun:
    return trace.run(kind, stage, WORD, Setup())


def execute(code: str, folder: Path) -> dict[str, Any]:
    path = folder / "snippet.py"
    path.write_text(code, encoding="utf-8")
    return runpy.run_path(str(path))


@pytest.mark.parametrize("name", SNIPPETS)
def test_every_snippet_runs(name: str, tmp_path: Path) -> None:
    names = execute(snippet(name), tmp_path)
    assert names["x"].shape == (4, 4)
    if "h" in names:
        assert names["h"].isfinite().all()


def test_the_lecture_gru_snippet_is_the_lectures(tmp_path: Path) -> None:
    """On the snippet's own numbers, against `engine.cells`."""
    import torch

    from engine.cells import GRUCell

    names = execute(snippet("cell-gru"), tmp_path)
    cell = GRUCell(4, 3)
    numbers = {"weight_ih": names["W_x"], "weight_hh": names["W_h"], "bias_ih": names["b"]}
    cell.load_state_dict({**numbers, "bias_hh": torch.zeros(9)})
    state = cell.initial_state(1)
    for row in names["x"]:
        h, state = cell(row[None], state)
    assert torch.allclose(h[0], names["h"], atol=1e-6)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_lessons_code_runs(language: str, tmp_path: Path) -> None:
    text = (ASSETS / "lessons" / language / "cells.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", parts(text)["how"], re.DOTALL)
    assert blocks
    for block in blocks:
        assert execute(block, tmp_path)["h"].shape == (3,)


def test_the_lessons_numbers_are_right() -> None:
    """PAGES.md, "Say it correctly", slides 30 and 35; computed here."""
    text = parts((ASSETS / "lessons/en/cells.md").read_text(encoding="utf-8"))["how"]
    f = 1 / (1 + math.exp(-2))
    assert f"{f:.2f}" == "0.88"
    assert f"{f**99:.1e}" == "3.5e-06"
    assert r"0.88^{99} \approx 3.5 \cdot 10^{-6}" in text
    flat = math.atanh(math.sqrt(0.9))
    assert f"|a| > {flat:.2f}$ for tanh and $|a| > {2 * flat:.2f}$" in text


@pytest.mark.parametrize(("kind", "stage"), EVERY)
def test_symbols_have_the_stages_gates_only(kind: str, stage: str) -> None:
    shown = run(kind, stage)
    said = " ".join(equations.symbols(shown, name) for name in equations.lines(shown))
    for gate in "ifozr":
        assert (f"{gate}_t" in said.replace("y_t", "")) == (gate in shown.a)


@pytest.mark.parametrize(("kind", "stage"), EVERY)
def test_numbers_end_with_the_result(kind: str, stage: str) -> None:
    shown = run(kind, stage)
    for name in equations.lines(shown)[:-1]:
        said = equations.numbers(shown, 2, name)
        assert equations.column(shown.values[name][2]) in said.rsplit("=", 1)[1]
        assert said.count("{pmatrix}") % 2 == 0
        assert said.count("{") == said.count("}")


def test_the_numbers_of_a_gate_add_up() -> None:
    """Read back from the LaTeX: W_x x + W_h h + b = a, to the digits written."""
    shown = run("lstm", "forget")
    third = equations.numbers(shown, 1, "f").split(r"\\[4pt]")[2]
    columns = [
        [float(v) for v in body.split(r"\\")]
        for body in re.findall(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", third)
    ]
    *terms, total = columns
    assert len(terms) == 3
    for unit, value in enumerate(total):
        assert sum(term[unit] for term in terms) == pytest.approx(value, abs=0.021)


def test_a_wide_one_hot_input_picks_a_column() -> None:
    shown = trace.run("rnn", "plain", sequences.read("abcdefgh"), Setup())
    assert "(W_{x})_{:,2}" in equations.numbers(shown, 1, "h")


def test_shapes_are_slide_22() -> None:
    said = equations.shapes(run("rnn", "plain"))
    assert r"\underset{3\times4}{W_x}" in said
    assert r"\underset{3\times3}{W_h}" in said
    assert "{b}" not in said
    assert r"\underset{4\cdot3\times4}{W_x}" in equations.shapes(run("lstm", "forget"))


def test_nothing_rounds_to_minus_zero() -> None:
    assert equations.number(-0.001) == "0.00"
    assert equations.number(-0.5) == "-0.50"


def test_the_sheet_hides_what_the_solution_shows() -> None:
    exercise = trace.exercise(3)
    sheet = by_hand.sheet(exercise, "rnn", 3, str)
    solution = by_hand.solution(exam.items(exercise, "rnn"), str)
    state = equations.vector(exercise.values["h"][0])
    assert state not in sheet
    assert state in solution
    assert "exercise 3" in sheet
    assert "| tanh a | 0.00 | 0.24 |" in sheet
    assert f"| e | ({exercise.e.sum():.2f}) |" in solution
