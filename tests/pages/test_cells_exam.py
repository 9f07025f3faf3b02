"""The exam by hand: what is asked, how answers are judged, and that typed ones are kept."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from engine.lab import trace
from engine.results import CellRun, Floats
from pages.parts.cells import exam
from tests.pages.opened import widget
from tests.pages.test_cells import page, said


def rounded(values: Floats) -> Floats:
    """As a person writes them down."""
    return np.round(values, 2)


def sigmoid(a: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-a)))


def on_paper(run: CellRun, paper: str) -> dict[str, Floats]:
    """Every item by its id, computed in numpy alone with each result rounded to two digits."""
    found: dict[str, Floats] = {}
    x, H = run.sequence.x, run.hidden
    W = {gate: np.hstack([w.W_x, w.W_h]) for gate, w in run.weights.items()}
    if paper == "bptt":
        h, y, W_h = rounded(run.values["h"]), rounded(run.y), run.weights["h"].W_h
        later, total = np.zeros(H), np.zeros((H, H))
        for t in (2, 1, 0):
            dh = rounded(run.W_y.T @ (y[t] - np.eye(2)[run.sequence.targets[t]]) + later)
            da = (1 - h[t] ** 2) * dh
            copy = rounded(np.outer(da, h[t - 1] if t else np.zeros(H)))
            found |= {f"d_h.{t}": dh, f"copy.{t}": copy}
            later, total = W_h.T @ da, total + copy
        return found | {"copy.3": total}
    h = c = np.zeros(H)
    for t in range(run.steps):
        both = np.concatenate([x[t], h])
        if paper == "rnn":
            a = rounded(W["h"] @ both)
            h = rounded(np.tanh(a))
            y = rounded(np.exp(run.W_y @ h) / np.exp(run.W_y @ h).sum())
            e = rounded(-np.log(y[run.sequence.targets[t]])[None])
            found |= {f"a.{t}": a, f"h.{t}": h, f"y.{t}": y, f"e.{t}": e}
        elif paper == "lstm":
            i, f, o = (rounded(sigmoid(W[gate] @ both)) for gate in "ifo")
            g = rounded(np.tanh(W["g"] @ both))
            c = rounded(f * c + i * g)
            h = rounded(o * np.tanh(c))
            found |= {
                f"{name}.{t}": v for name, v in zip("ifgoch", (i, f, g, o, c, h), strict=True)
            }
        else:
            r, z = (rounded(sigmoid(W[gate] @ both)) for gate in "rz")
            n = rounded(np.tanh(W["n"] @ np.concatenate([x[t], r * h])))
            h = rounded((1 - z) * h + z * n)
            found |= {f"{name}.{t}": v for name, v in zip("rznh", (r, z, n, h), strict=True)}
    if paper == "rnn":
        found["e.3"] = sum((found[f"e.{t}"] for t in range(3)), np.zeros(1))
    return found


@pytest.mark.parametrize("paper", exam.PAPERS)
@pytest.mark.parametrize("seed", range(1, 13))
def test_whoever_computes_in_two_digits_is_right(paper: str, seed: int) -> None:
    run = trace.exercise(seed, "rnn" if paper == "bptt" else paper)
    asked, written = exam.items(run, paper), on_paper(run, paper)
    assert {item.id for item in asked} == {*written}
    for item in asked:
        for (_id, name, right), typed in zip(item.fields(), written[item.id].flat, strict=True):
            assert exam.verdict(f"{typed:.2f}", right, item.near) == "right", name


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        *(("0.76", "right"), ("0,76", "right"), (".75", "right"), (" +0.78 ", "right")),
        *(("−0.76", "sign"), ("-0,76", "sign"), ("0.80", "wrong"), ("1", "wrong")),
        *(("", ""), ("nan", "unreadable"), ("1e5", "unreadable"), ("<b>", "unreadable")),
    ],
)
def test_verdicts(typed: str, verdict: str) -> None:
    assert exam.verdict(typed, 0.762) == verdict


def field(at: AppTest, name: str) -> TextInput:
    """A field by its label."""
    return next(each for each in at.text_input if each.label == name)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_answers_are_judged_one_by_one_and_kept(lang: str) -> None:
    right = trace.exercise(1).a["h"][0]
    at = page(lang, cells_view="hand")
    field(at, "a₁[1]").set_value(f"{right[0]:.2f}").run()
    field(at, "a₁[2]").set_value(f"{-right[1]:.2f}").run()
    assert ("1 of 22 numbers right" if lang == "en" else "Đúng 1 trên 22 số") in said(at)
    assert ("the sign is wrong" if lang == "en" else "sai dấu") in said(at)
    kept = at.session_state["cells_given"]
    again = page(lang, cells_view="hand", cells_given=kept)
    assert field(again, "a₁[1]").value == f"{right[0]:.2f}"
    assert ("1 of 22" if lang == "en" else "Đúng 1 trên 22") in said(again)
    again.button(key="cells_new_sheet").click().run()
    assert widget(again, "cells_exercise").value == 2
    assert ("0 of 22" if lang == "en" else "Đúng 0 trên 22") in said(again)


@pytest.mark.parametrize("paper", exam.PAPERS)
def test_every_sheet_has_fields_hints_and_answers(paper: str) -> None:
    at = page(cells_view="hand", cells_paper=paper, cells_given="h.0.0=<b>;zz=9;=;d_h.9.9=1")
    assert "0 of" in said(at)
    hints = [each for each in at.toggle if str(each.key).startswith("cells_operands")]
    equations = len(at.latex)
    assert hints
    hints[0].set_value(True).run()
    assert len(at.latex) == equations + 1
    sheet = page(cells_view="hand", cells_paper=paper, cells_form="sheet")
    assert "#### Answers" not in said(sheet)
    widget(sheet, "cells_answers").set_value(True).run()
    assert "#### Answers" in said(sheet)
    assert len(sheet.get("download_button")) == 2
