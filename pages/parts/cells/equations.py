"""The cell's equations in LaTeX, in symbols and with one step's numbers put in."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from engine.cells import PLAIN_CELL
from engine.figures.numbers import decimal
from engine.results import SIGMOIDS, CellRun, Floats
from pages.shared.text import _

WIDE = 4
"""A one-hot input of more letters than this is not written out: it picks one column."""

ROOMY = 3
"""Up to so many units three vectors and their sum fit into one line of a phone's screen."""

CANDIDATES = {"h": "h_t", "n": "h'_t", "g": "g_t"}


def lines(run: CellRun) -> list[str]:
    """The names of the equations that one step of this stage consists of, in order."""
    named = list(dict.fromkeys([*run.a, *(["c"] if "c" in run.values else []), "h"]))
    return [*named, "y"]


def label(name: str) -> str:
    """An equation's short name on a button."""
    return {"n": "h′ₜ", "y": "yₜ, eₜ"}.get(name, f"{name}ₜ")


def symbols(run: CellRun, name: str) -> str:
    """One equation as the slides write it, as far as this stage has its gates."""
    if name == "y":
        return r"y_t = \mathrm{softmax}(W_y h_t), \qquad e_t = -\log y_t(\mathrm{GT}_t)"
    if name in run.held and None not in run.held[name]:
        held = run.held[name]
        return rf"{_left(name)} = " + (
            f"{held[0]:g}" if len({*held}) == 1 else column(np.asarray(held, dtype=np.float64))
        )
    if name in run.a:
        free = f"{_left(name)} = {_activation(name)}({_product(run, name)})"
        if name not in run.held:
            return free
        units = [f"{k + 1}" for k, held in enumerate(run.held[name]) if held is not None]
        said = _("held: unit {units}").format(units=", ".join(units))
        return rf"{free} \quad \text{{({said})}}"
    if name == "c":
        kept = r"f_t \odot c_{t-1}" if "f" in run.a else "c_{t-1}"
        return rf"c_t = {kept} + i_t \odot g_t" if "i" in run.a else f"c_t = {kept} + g_t"
    if "c" in run.values:
        return r"h_t = o_t \odot \tanh(c_t)" if "o" in run.a else r"h_t = \tanh(c_t)"
    if "z" in run.a:
        return r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot h'_t"
    return "h_t = h'_t"


def numbers(run: CellRun, step: int, name: str) -> str:
    """The same equation with the numbers of `step` (0 is the first), as aligned LaTeX."""
    if name == "y":
        rows = _output_numbers(run, step)
    elif name in run.held:
        rows = [f"{_left(name)} &= {column(run.values[name][step])}"]
    elif name in run.a:
        rows = _gate_numbers(run, step, name)
    else:
        rows = _state_numbers(run, step, name)
    aligned = r"\begin{aligned}" + r"\\[4pt]".join(rows) + r"\end{aligned}"
    size = r"\footnotesize" if run.hidden <= ROOMY else r"\scriptsize"  # as a phone's width allows
    return f"{{{size} {aligned}}}"


def whole(run: CellRun, step: int) -> str:
    """Every equation of the stage with its result at this step."""
    rows = []
    for name in lines(run):
        left, right = symbols(run, name).split(" = ", 1)
        right = right.split(r", \qquad")[0]
        value = run.y[step] if name == "y" else run.values[name][step]
        rows.append(f"{left} &= {right} = {row(value)}")
    return r"\begin{aligned}" + r"\\[3pt]".join(rows) + r"\end{aligned}"


def lit(run: CellRun, name: str) -> str:
    """Every equation of the stage in symbols, the quantity `name` framed wherever it stands."""
    rows = [symbols(run, each).replace(" = ", " &= ", 1) for each in lines(run)[:-1]]
    found = r"\\[3pt]".join(row.split(r" \quad ")[0] for row in rows)
    term = re.compile(rf"(?<![A-Za-z\\]){re.escape(_left(name))}(?![-A-Za-z])")
    framed = term.sub(lambda hit: rf"\boxed{{{hit[0]}}}", found)
    return rf"\begin{{aligned}}{framed}\end{{aligned}}"


def shapes(run: CellRun) -> str:
    """Slide 22: the matrix shapes, all gates stacked in the rows (slide 41)."""
    count, H, I = len(run.weights), run.hidden, run.sequence.x.shape[1]  # noqa: E741
    m = f"{count * H}" if count == 1 else rf"{count}\cdot{H}"
    bias = "" if next(iter(run.weights.values())).b is None else rf" + \underset{{{m}\times1}}{{b}}"
    return (
        rf"\underset{{{m}\times1}}{{a}} = \underset{{{m}\times{I}}}{{W_x}}\,"
        rf"\underset{{{I}\times1}}{{x_t}} + \underset{{{m}\times{H}}}{{W_h}}\,"
        rf"\underset{{{H}\times1}}{{h_{{t-1}}}}{bias}"
    )


def _left(name: str) -> str:
    return CANDIDATES.get(name, f"{name}_t")


def _activation(name: str) -> str:
    return r"\sigma" if name in SIGMOIDS else r"\tanh"


def _product(run: CellRun, name: str) -> str:
    """What the activation is taken of."""
    if run.cell == PLAIN_CELL:
        return r"W_x x_t + W_h h_{t-1}"
    index = "" if name == "n" else f"_{name}"
    h = r"r_t \odot h_{t-1}" if name == "n" and "r" in run.a else "h_{t-1}"
    return f"W{index}\\,[x_t;\\, {h}] + b{index}"


def number(value: float) -> str:
    """Two digits in LaTeX, without a minus on what rounds to zero. A decimal comma is not spaced
    like one in a list."""
    rounded = value if float(f"{value:.2f}") else 0.0
    return decimal(rounded).replace("−", "-").replace(",", "{,}")


def separator() -> str:
    """What stands between numbers in a row: not the sign that is within them."""
    return ";" if decimal(0.5)[1] == "," else ","


def column(values: Floats) -> str:
    """A vector as LaTeX, from top to bottom."""
    return r"\begin{pmatrix}" + r"\\".join(map(number, values)) + r"\end{pmatrix}"


def row(values: Floats) -> str:
    """A vector as LaTeX, from left to right."""
    return "(" + rf"{separator()}\, ".join(map(number, values)) + ")"


def vector(values: Floats) -> str:
    """A vector as text, from left to right."""
    texts = (number(float(value)).replace("{,}", ",") for value in values)
    return f"({f'{separator()} '.join(texts)})".replace("-", "−")


def matrix(values: Floats, show: Callable[[float], str] = number) -> str:
    """A matrix as LaTeX, its numbers written by `show`."""
    rows = (" & ".join(map(show, line)) for line in values)
    return r"\begin{pmatrix}" + r"\\".join(rows) + r"\end{pmatrix}"


def _gate_numbers(run: CellRun, step: int, name: str) -> list[str]:
    """W_x x_t, W_h h_{t-1}, their sum with the bias, and the activation, one line each."""
    w, x = run.weights[name], run.sequence.x[step]
    index = "" if run.cell == PLAIN_CELL or name == "n" else f"{name}"
    W_x, W_h = (rf"W_{{{index}{side}}}" for side in "xh")
    h, h_name = run.before("h", step), "h_{t-1}"
    if name == "n" and "r" in run.a:
        h, h_name = run.values["r"][step] * h, r"(r_t \odot h_{t-1})"
    from_x, from_h = w.W_x @ x, w.W_h @ h
    bias = "" if w.b is None else f" + {column(w.b)}"
    turn = " " if run.hidden <= ROOMY else r"\\[4pt]&"
    return [
        f"{W_x}\\,x_t &= {_times_x(run, w.W_x, step, W_x)}",
        f"{W_h}\\,{h_name} &= {matrix(w.W_h)}{column(h)}",
        f"a &= {column(from_x)} + {column(from_h)}{bias}{turn}= {column(run.a[name][step])}",
        f"{_left(name)} &= {_activation(name)}(a) = {column(run.values[name][step])}",
    ]


def _times_x(run: CellRun, W_x: Floats, step: int, name: str) -> str:
    x = run.sequence.x[step]
    if run.sequence.word and len(x) > WIDE:
        return f"({name})_{{:,{int(x.argmax()) + 1}}}"
    shown = column(x) if not run.sequence.word else matrix(x[:, None], lambda v: f"{v:.0f}")
    return f"{matrix(W_x)}{shown}"


def _state_numbers(run: CellRun, step: int, name: str) -> list[str]:
    """c or h of its two parts, what is kept and what is added, or of one."""
    values = {name: column(found[step]) for name, found in run.values.items()}
    before = column(run.before(name, step))
    if name == "c":
        kept = rf"{values['f']} \odot {before}" if "f" in run.a else before
        added = rf"{values['i']} \odot {values['g']}" if "i" in run.a else values["g"]
    elif "c" in run.values:
        gate = rf"{values['o']} \odot " if "o" in run.a else ""
        return [rf"h_t &= {gate}\tanh{values['c']}", f"&= {values['h']}"]
    elif "z" in run.a:
        kept = rf"{column(1 - run.values['z'][step])} \odot {before}"
        added = rf"{values['z']} \odot {values['n']}"
    else:
        return [f"h_t &= {values['h']}"]
    return [f"{name}_t &= {kept}", rf"&\quad + {added}", f"&= {values[name]}"]


def _output_numbers(run: CellRun, step: int) -> list[str]:
    h, target = run.values["h"][step], int(run.sequence.targets[step])
    right = number(float(run.y[step, target]))
    scores = np.asarray(run.W_y @ h)
    return [
        f"W_y h_t &= {matrix(run.W_y)}{column(h)} = {column(scores)}",
        rf"y_t &= \mathrm{{softmax}}(W_y h_t) = {column(run.y[step])}",
        rf"e_t &= -\log {right} = {number(float(run.e[step]))}",
    ]
