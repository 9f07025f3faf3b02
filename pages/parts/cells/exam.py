"""What the sheets by hand ask, with equation, operands and answers; and how an answer is judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.cells import CELLS, PLAIN_CELL
from engine.figures.numbers import SUPERSCRIPTS, lowered
from engine.lab import backward
from engine.results import CellRun, Floats
from pages.parts.cells import equations

BPTT = "bptt"
PAPERS = (*CELLS, BPTT)
"""One sheet per cell's forward pass, and one on the way back through the plain cell."""

TOTAL = "sum"
"""The group of what is summed over all steps; other groups are steps, counted from 1."""

NEAR = 0.03
"""How far from the answer a number is still right: whoever rounds on the way is that far off."""

ROUNDED = 0.01
"""By how much a y that was rounded twice may be off, which −log y enlarges."""

_GIVEN = re.compile(r"([a-z_]+\.\d+\.\d+)=([-+−.,\d]{1,12})(?=;|$)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)")


@dataclass(frozen=True)
class Item:
    """One quantity that is asked for: its `id`, its name as text, its numbers, the equation that
    gives it and the operands with their numbers (LaTeX), the group it belongs to, and how far from
    its numbers an answer is right."""

    id: str
    name: str
    values: Floats
    equation: str
    operands: Sequence[str]
    group: str
    near: float = NEAR

    def fields(self) -> list[tuple[str, str, float]]:
        """Id, name and right answer of each of its numbers, row by row."""
        one = self.values.size == 1
        places = np.ndindex(*self.values.shape)
        return [
            (
                f"{self.id}.{k}",
                self.name if one else f"{self.name}[{','.join(str(i + 1) for i in place)}]",
                float(self.values[place]),
            )
            for k, place in enumerate(places)
        ]


def items(run: CellRun, paper: str) -> list[Item]:
    """What a sheet asks, in the order in which it is computed."""
    if paper == BPTT:
        return _backward(run)
    plain = paper == PLAIN_CELL
    names = ["a", "h", "y", "e"] if plain else equations.lines(run)[:-1]
    found = [_forward(run, t, name) for t in range(run.steps) for name in names]
    if plain:
        terms = [rf"e_{{{t + 1}}} = {equations.number(e)}" for t, e in enumerate(run.e)]
        total = np.asarray([run.e.sum()])
        near = sum(item.near for item in found if item.id[0] == "e")
        found.append(Item(f"e.{run.steps}", "e", total, r"e = \sum_t e_t", terms, TOTAL, near))
    return found


def _forward(run: CellRun, t: int, name: str) -> Item:
    """One line of the cell at step t; "h-" is the state before it."""
    reads: tuple[str, ...] = ("x", "h-")
    symbols = {
        "a": "a_t = W_x x_t + W_h h_{t-1}",
        "y": r"y_t = \mathrm{softmax}(W_y h_t)",
        "e": r"e_t = -\log y_t(\mathrm{GT}_t)",
    }
    values = dict(run.values) | {"x": run.sequence.x, "y": run.y, "e": run.e[:, None]}
    if name == "h" and run.cell == PLAIN_CELL:
        symbols["h"], reads = r"h_t = \tanh(a_t)", ("a",)
    elif name == "h":
        reads = ("o", "c") if "c" in run.values else ("z", "h-", "n")
    elif name in ("y", "e"):
        reads = ("h",) if name == "y" else ("y",)
    elif name == "c":
        reads = ("f", "c-", "i", "g")
    elif name == "n":
        reads = ("x", "r", "h-")
    if "h" in run.a:
        values |= {"a": run.a["h"]}
    operands = []
    for each in reads:
        letter, step = each[0], t if each[-1] == "-" else t + 1
        found = run.before(letter, t) if each[-1] == "-" else values[letter][t]
        symbol = {"n": "h'"}.get(letter, letter)
        operands.append(f"{symbol}_{{{step}}} = {equations.column(found)}")
    if name == "e":
        operands.append(rf"\mathrm{{GT}}_{{{t + 1}}} = {run.sequence.targets[t] + 1}")
    called = equations.label(name) if name in run.values else f"{name}ₜ"
    return Item(
        f"{name}.{t}",
        called.replace("ₜ", lowered(t + 1)),
        values[name][t],
        symbols.get(name) or equations.symbols(run, name),
        operands,
        str(t + 1),
        NEAR + (ROUNDED / run.y[t, run.sequence.targets[t]] if name == "e" else 0.0),
    )


def _backward(run: CellRun) -> list[Item]:
    """From the last step back ∂e/∂h_t and what the step's copy of W_h adds; at the end its sum."""
    found, back, column = [], backward.by_hand(run), equations.column
    copies = back.copies["h"]["h"]
    for t in reversed(range(run.steps)):
        now, later = t + 1, t + 2
        right = np.eye(run.y.shape[1])[run.sequence.targets[t]]
        dh = rf"\frac{{\partial e}}{{\partial h_{{{now}}}}}"
        equation = rf"{dh} = W_y^\top (y_{{{now}}} - \mathbf 1_{{\mathrm{{GT}}_{{{now}}}}})"
        operands = [
            rf"y_{{{now}}} - \mathbf 1_{{\mathrm{{GT}}_{{{now}}}}} = {column(run.y[t] - right)}"
        ]
        if later <= run.steps:
            future = rf"\frac{{\partial e}}{{\partial h_{{{later}}}}}"
            equation += rf" + W_h^\top\left[(1 - h_{{{later}}}^2) \odot {future}\right]"
            operands += [
                rf"1 - h_{{{later}}}^2 = {column(1 - run.values['h'][t + 1] ** 2)}",
                f"{future} = {column(back.h[t + 1])}",
            ]
        low = lowered(now)
        found.append(Item(f"d_h.{t}", f"∂e/∂h{low}", back.h[t], equation, operands, str(now)))
        equation = (
            rf"\frac{{\partial e}}{{\partial W_h^{{({now})}}}} = "
            rf"\left[(1 - h_{{{now}}}^2) \odot {dh}\right] h_{{{t}}}^\top"
        )
        operands = [
            rf"1 - h_{{{now}}}^2 = {column(1 - run.values['h'][t] ** 2)}",
            f"{dh} = {column(back.h[t])}",
            f"h_{{{t}}} = {column(run.before('h', t))}",
        ]
        name = f"∂e/∂W_h⁽{str(now).translate(SUPERSCRIPTS)}⁾"
        found.append(Item(f"copy.{t}", name, copies[t], equation, operands, str(now)))
    terms = [equations.matrix(copy) for copy in copies]
    total = copies.sum(0)
    equation = r"\frac{\partial e}{\partial W_h} = \sum_t \frac{\partial e}{\partial W_h^{(t)}}"
    return [*found, Item(f"copy.{run.steps}", "∂e/∂W_h", total, equation, terms, TOTAL)]


def read_answers(text: str) -> dict[str, str]:
    """What was typed, by the number's id: "h.0.1=0.76;…"; what has another form is left out."""
    return dict(_GIVEN.findall(text))


def write_answers(given: dict[str, str]) -> str:
    """The same as one text."""
    return ";".join(f"{id}={text}" for id, text in given.items() if text)


def verdict(typed: str, right: float, near: float = NEAR) -> str:
    """ "right", "sign" where only the sign is wrong, "wrong", "unreadable", or "" for nothing."""
    text = typed.strip().replace("−", "-").replace(",", ".")
    if not text:
        return ""
    if not _NUMBER.fullmatch(text):
        return "unreadable"
    if abs(float(text) - right) <= near:
        return "right"
    return "sign" if abs(float(text) + right) <= near else "wrong"
