"""The arithmetic of what was tapped in the unrolled network, in LaTeX with its numbers."""

from __future__ import annotations

import numpy as np

from engine.cells import PLAIN_CELL
from engine.figures.cells.unrolled import Entry
from engine.figures.numbers import decimal, rounding
from engine.results import SIGMOIDS, BackwardPass, CellRun, Floats
from pages.parts.cells import equations
from pages.parts.cells.equations import column, matrix, number
from pages.shared.text import _, literal


def titles(run: CellRun, back: BackwardPass) -> dict[str, str]:
    """Every part that can be tapped, in words, by its id."""
    said = {
        "x": _("input x, step {t}"),
        "W_x": _("W_x times the input, step {t}"),
        "g": _("the cell, step {t}"),
        "W_h": _("W_h times the state before, step {t}"),
        "direct": _("the direct path into step {t}"),
        "c": _("cell state c, step {t}"),
        "h": _("hidden state h, step {t}"),
        "W_y": _("W_y times the state, step {t}"),
        "y": _("output y and loss e, step {t}"),
        "d_output": _("part of ∂e/∂h from the output, step {t}"),
        "d_through": _("part of ∂e/∂h from the next step's cell, step {t}"),
        "d_direct": _("part of ∂e/∂h along the direct path, step {t}"),
        "d_h": _("∂e/∂h, the sum of its parts, step {t}"),
        "d_from_h": _("part of ∂e/∂c from h, step {t}"),
        "d_c_direct": _("part of ∂e/∂c along the direct path, step {t}"),
        "d_c": _("∂e/∂c, the sum of its parts, step {t}"),
        "copy_h": _("what this copy of W_h adds, step {t}"),
        "copy_x": _("what this copy of W_x adds, step {t}"),
    }
    absent = {"c", "d_from_h", "d_c_direct", "d_c"} if back.c is None else {"d_direct"}
    if "z" not in run.a:
        absent |= {"d_direct"} | ({"direct"} if back.c is None else set())
    found = {
        f"{kind}.{t}": text.format(t=t + 1)
        for kind, text in said.items()
        if kind not in absent
        for t in range(run.steps)
        if t or kind != "direct"
    }
    for which in "hx":
        text = _("the sum of all copies of W_{which} beside autograd's gradient")
        found[f"sum_{which}.0"] = text.format(which=which)
    return found


def lines(run: CellRun, back: BackwardPass, entry: Entry, part: str) -> list[str]:
    """The equation of the part and the same with its numbers, as LaTeX."""
    kind, _dot, place = part.partition(".")
    t = int(place)
    if kind in ("x", "W_x", "g", "W_h", "direct", "c", "h", "W_y", "y"):
        return _ahead(run, kind, t)
    if kind.startswith("copy"):
        return _copy(run, back, kind[-1], t, entry.gate)
    if kind.startswith("sum"):
        return _sum(back, kind[-1], entry.gate)
    return _back(run, back, kind.removeprefix("d_"), t)


def _ahead(run: CellRun, kind: str, t: int) -> list[str]:
    """Of the forward pass."""
    if kind == "x":
        return [rf"x_{{{t + 1}}} = {column(run.sequence.x[t])}"]
    if kind in ("W_x", "W_h"):
        found = []
        for gate, w in run.weights.items():
            index = "" if gate in ("h", "n") else gate
            h = run.before("h", t)
            if gate == "n" and "r" in run.a:
                h = run.values["r"][t] * h
            x = run.sequence.x[t]
            from_, what = (w.W_x, x) if kind == "W_x" else (w.W_h, h)
            found.append(
                rf"W_{{{index}{kind[-1]}}}\,{column(what)} = {matrix(from_)}{column(what)}"
                f" = {column(from_ @ what)}"
            )
        return found
    if kind == "g":
        return [text for gate in run.a for text in _both(run, t, gate)]
    if kind == "direct":
        return _both(run, t, "c" if "c" in run.values else "h")
    if kind == "h" and "h" in run.a:
        return _both(run, t, "h")
    return _both(run, t, "y" if kind in ("y", "W_y") else kind)


def _both(run: CellRun, t: int, name: str) -> list[str]:
    return [equations.symbols(run, name), equations.numbers(run, t, name)]


def _said(text: str) -> str:
    return rf"\text{{{text}}}"


def _d(name: str, t: int) -> str:
    """∂e/∂h_t, with t counted from 1."""
    return rf"\frac{{\partial e}}{{\partial {name}_{{{t}}}}}"


def _activation_slope(gate: str, name: str) -> str:
    return rf"{name} \odot (1 - {name})" if gate in SIGMOIDS else rf"(1 - {name}^2)"


def _back(run: CellRun, back: BackwardPass, kind: str, t: int) -> list[str]:
    """A part of ∂e/∂h_t or ∂e/∂c_t, or one of the two sums."""
    last, now, later = t + 1 == run.steps, t + 1, t + 2
    if kind == "output":
        error = run.y[t].copy()
        error[run.sequence.targets[t]] -= 1
        if run.of_last and not last:
            return [_said(_("e is the last step's loss: nothing comes from here"))]
        return [
            rf"\frac{{\partial e_{{{now}}}}}{{\partial h_{{{now}}}}} = W_y^\top (y_{{{now}}} - "
            rf"\text{{one-hot of GT}}_{{{now}}})",
            rf"= {matrix(run.W_y.T)}{column(error)} = {column(back.output[t])}",
        ]
    if kind == "h":
        parts = [back.output[t], back.through[t], *([back.direct[t]] if "n" in run.a else [])]
        return [f"{_d('h', now)} = {' + '.join(map(column, parts))} = {column(back.h[t])}"]
    if kind == "c" and back.c is not None and back.from_h is not None:
        return [
            f"{_d('c', now)} = {column(back.from_h[t])} + {column(back.direct[t])} = "
            f"{column(back.c[t])}"
        ]
    if kind == "from_h" and back.from_h is not None:
        o = rf"{column(run.values['o'][t])} \odot " if "o" in run.a else ""
        gate = rf"o_{{{now}}} \odot " if "o" in run.a else ""
        slope = 1 - np.tanh(run.values["c"][t]) ** 2
        return [
            rf"{gate}(1 - \tanh^2(c_{{{now}}})) \odot {_d('h', now)}",
            rf"= {o}{column(slope)} \odot {column(back.h[t])} = {column(back.from_h[t])}",
        ]
    if last:
        return [_said(_("the last step has no future: 0"))]
    if kind in ("direct", "c_direct"):
        return _direct(run, back, t, later)
    return _through(run, back, t, later)


def _direct(run: CellRun, back: BackwardPass, t: int, later: int) -> list[str]:
    """The path that has no matrix: f_{t+1} ⊙ ∂e/∂c_{t+1}, or (1 − z_{t+1}) ⊙ ∂e/∂h_{t+1}."""
    if back.c is not None:
        f = run.values["f"][t + 1] if "f" in run.a else np.ones(run.hidden)
        gate = rf"f_{{{later}}} \odot " if "f" in run.a else ""
        return [
            f"{gate}{_d('c', later)}",
            rf"= {column(f)} \odot {column(back.c[t + 1])} = {column(back.direct[t])}",
        ]
    z = run.values["z"][t + 1] if "z" in run.a else np.ones(run.hidden)
    return [
        rf"(1 - z_{{{later}}}) \odot {_d('h', later)}",
        rf"= {column(1 - z)} \odot {column(back.h[t + 1])} = {column(back.direct[t])}",
    ]


def _through(run: CellRun, back: BackwardPass, t: int, later: int) -> list[str]:
    """Through the next step's matrices, gate by gate."""
    if run.cell == PLAIN_CELL:
        slope = 1 - run.values["h"][t + 1] ** 2
        W = run.weights["h"].W_h.T
        return [
            rf"W_h^\top \left[(1 - h_{{{later}}}^2) \odot {_d('h', later)}\right]",
            rf"= {matrix(W)}\left[{column(slope)} \odot {column(back.h[t + 1])}\right]",
            rf"= {matrix(W)}{column(slope * back.h[t + 1])} = {column(back.through[t])}",
        ]
    found, shown = [], []
    for gate, da in back.da.items():
        index = "" if gate == "n" else gate
        reset = gate == "n" and "r" in run.a
        value = run.weights[gate].W_h.T @ da[t + 1]
        times = rf"r_{{{later}}} \odot " if reset else ""
        numbers = rf"{column(run.values['r'][t + 1])} \odot " if reset else ""
        found.append(rf"{times}W_{{{index}h}}^\top \partial a_{{{index or 'n'}}}")
        shown.append(rf"{numbers}{matrix(run.weights[gate].W_h.T)}{column(da[t + 1])}")
        total = value * run.values["r"][t + 1] if reset else value
        shown[-1] = f"{found[-1]} = {shown[-1]} = {column(total)}"
    total_name = _("sum")
    return [" + ".join(found), *shown, f"{_said(total_name)} = {column(back.through[t])}"]


def _arriving(run: CellRun, back: BackwardPass, gate: str, t: int) -> tuple[str, Floats]:
    """The gradient that arrives at a gate's value, in symbols and in numbers."""
    i, h = t + 1, _d("h", t + 1)
    before = run.before("h", t)
    if gate == "h":
        return h, back.h[t]
    if back.c is not None:
        c, dc = _d("c", i), back.c[t]
        if gate == "o":
            return rf"{h} \odot \tanh(c_{{{i}}})", back.h[t] * np.tanh(run.values["c"][t])
        if gate == "f":
            return rf"{c} \odot c_{{{i - 1}}}", dc * run.before("c", t)
        if gate == "i":
            return rf"{c} \odot g_{{{i}}}", dc * run.values["g"][t]
        return (rf"{c} \odot i_{{{i}}}", dc * run.values["i"][t]) if "i" in run.a else (c, dc)
    z = run.values["z"][t] if "z" in run.a else np.ones(run.hidden)
    if gate == "z":
        difference = run.values["n"][t] - before
        return rf"{h} \odot (h'_{{{i}}} - h_{{{i - 1}}})", back.h[t] * difference
    if gate == "n":
        return (rf"{h} \odot z_{{{i}}}" if "z" in run.a else h), back.h[t] * z
    seen = run.weights["n"].W_h.T @ back.da["n"][t]
    return rf"(W_h^\top \partial a_n) \odot h_{{{i - 1}}}", seen * before


def _copy(run: CellRun, back: BackwardPass, which: str, t: int, gate: str) -> list[str]:
    """∂a_t, and its product with h_{t−1} or x_t: a whole matrix."""
    symbol, arriving = _arriving(run, back, gate, t)
    value = {"h": "h", "n": "h'"}.get(gate, gate) + f"_{{{t + 1}}}"
    index = "" if gate in ("h", "n") else gate
    numbers = run.values[gate][t]
    slope = numbers * (1 - numbers) if gate in SIGMOIDS else 1 - numbers**2
    reset = which == "h" and gate == "n" and "r" in run.a
    if which == "h":
        times = run.before("h", t) * (run.values["r"][t] if reset else 1)
        name = rf"(r_{{{t + 1}}} \odot h_{{{t}}})" if reset else f"h_{{{t}}}"
    else:
        times, name = run.sequence.x[t], f"x_{{{t + 1}}}"
    added = back.copies[which][gate][t]
    row = r"\begin{pmatrix}" + " & ".join(map(number, times)) + r"\end{pmatrix}"
    found = [
        rf"\partial a = {_activation_slope(gate, value)} \odot {symbol}",
        rf"= {column(slope)} \odot {column(arriving)} = {column(back.da[gate][t])}",
        rf"\partial a\,{name}^\top = {column(back.da[gate][t])}{row} = {matrix(added)}",
    ]
    if any(held is not None for held in run.held.get(gate, ())):
        found.insert(2, _said(_("units that are held send no gradient: 0")))
    share = _said(_("its share of ∂e/∂W"))
    return [*found, rf"{share}_{{{index}{which}}}"]


def _sum(back: BackwardPass, which: str, gate: str) -> list[str]:
    """All copies added up, autograd's matrix, and the largest difference."""
    index = "" if gate in ("h", "n") else gate
    copies = back.copies[which][gate]
    name = rf"\frac{{\partial e}}{{\partial W_{{{index}{which}}}}}"
    difference = rounding(back.difference(which, gate))
    shown = [*map(_small, copies)]
    few = 3  # more on one line are wider than the page
    rows = [" + ".join(shown[k : k + few]) for k in range(0, len(shown), few)]
    return [
        f"{name} = {rows[0]}",
        *(f"+ {row}" for row in rows[1:]),
        f"= {_small(copies.sum(0))}",
        rf"\text{{autograd: }} {_small(back.autograd[which][gate])}",
        _said(_("largest difference: {difference}").format(difference=difference)),
    ]


def _small(values: Floats) -> str:
    """A matrix in three digits: what copies add is small."""

    def three(value: float) -> str:
        text = decimal(value if float(f"{value:.3f}") else 0.0, 3)
        return text.replace("−", "-").replace(",", "{,}")

    return matrix(values, three)


def heading(run: CellRun, back: BackwardPass, part: str) -> str:
    """What was tapped, as Markdown."""
    return f"**{literal(titles(run, back)[part])}**"
