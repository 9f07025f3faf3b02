"""The way back through the unrolled network by hand, every part of it kept (slides 25, 29 and 42).

From the last step to the first, with ∂h_t short for ∂e/∂h_t and ∂a for the gradient of a gate's
pre-activation. What reaches a state is the sum of

    from y_t      W_yᵀ (y_t − one-hot of the right answer)
    through       the next step's matrices, Σ W_hᵀ ∂a_{t+1} over its gates
    direct        the path without a matrix: f_{t+1} ⊙ ∂c_{t+1} in the LSTM, on c;
                  (1 − z_{t+1}) ⊙ ∂h_{t+1} in the GRU, on h; none in the plain cell

and each step's copy of a gate's matrices adds ∂a_t h_{t−1}ᵀ and ∂a_t x_tᵀ to their gradients. A
gate that a stage lacks is 1, and one that is held at a constant sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.results import BackwardPass, CellRun, Floats

Step = Callable[["_Walk", int], None]


class _Walk:
    """The parts as far as they are found; `through` and `direct` are zero at the last step."""

    def __init__(self, run: CellRun) -> None:
        self.run = run
        self.through, self.direct = (np.zeros_like(run.values["h"]) for _ in range(2))
        self.dh, self.dc = (np.zeros_like(run.values["h"]) for _ in range(2))
        self.from_h = np.zeros_like(run.values["h"])
        self.da = {gate: np.zeros_like(run.values["h"]) for gate in run.a}

    def value(self, gate: str, t: int) -> Floats:
        """The gate at step t; 1 where the stage lacks it."""
        found = self.run.values.get(gate)
        return np.ones_like(self.run.values["h"][t]) if found is None else found[t]

    def send(self, gate: str, t: int, arriving: Floats) -> None:
        """∂a of one gate, from the gradient that arrives at its value; held units send nothing."""
        if gate not in self.da:
            return
        value = self.run.values[gate][t]
        slope = value * (1 - value) if gate in "ifozr" else 1 - value**2
        free = [held is None for held in self.run.held.get(gate, (None,) * self.run.hidden)]
        self.da[gate][t] = np.where(free, arriving * slope, 0.0)

    def back(self, gate: str, t: int) -> Floats:
        """W_hᵀ ∂a of one gate; zero where the stage lacks it."""
        if gate not in self.da:
            return np.zeros(self.run.hidden)
        return np.asarray(self.run.weights[gate].W_h.T @ self.da[gate][t])


def by_hand(run: CellRun) -> BackwardPass:
    """Every part of the backward pass of the loss that `run.gradients` are of."""
    walk, output = _Walk(run), run.from_output
    step: Step = _lstm if "c" in run.values else _gru if "n" in run.a else _elman
    for t in reversed(range(run.steps)):
        walk.dh[t] = output[t] + walk.through[t]
        if "c" not in run.values:
            walk.dh[t] += walk.direct[t]
        step(walk, t)
    copies_h, copies_x = {}, {}
    for gate, da in walk.da.items():
        before = np.vstack([run.first["h"], run.values["h"][:-1]])
        if gate == "n" and "r" in run.values:
            before = run.values["r"] * before
        copies_h[gate] = da[:, :, None] * before[:, None, :]
        copies_x[gate] = da[:, :, None] * run.sequence.x[:, None, :]
    return BackwardPass(
        output=output,
        through=walk.through,
        direct=walk.direct,
        from_h=walk.from_h if "c" in run.values else None,
        h=walk.dh,
        c=walk.dc if "c" in run.values else None,
        da=walk.da,
        copies={"h": copies_h, "x": copies_x},
        autograd={
            "h": {gate: found.W_h for gate, found in run.weight_gradients.items()},
            "x": {gate: found.W_x for gate, found in run.weight_gradients.items()},
        },
    )


def _elman(walk: _Walk, t: int) -> None:
    """∂a_t = (1 − h_t²) ⊙ ∂h_t."""
    walk.send("h", t, walk.dh[t])
    if t:
        walk.through[t - 1] = walk.back("h", t)


def _lstm(walk: _Walk, t: int) -> None:
    """c_t = f ⊙ c_{t−1} + i ⊙ g and h_t = o ⊙ tanh(c_t), backward."""
    i, f, g, o = (walk.value(gate, t) for gate in "ifgo")
    shown = np.tanh(walk.run.values["c"][t])
    walk.from_h[t] = o * (1 - shown**2) * walk.dh[t]
    walk.dc[t] = dc = walk.from_h[t] + walk.direct[t]
    for gate, arriving in (
        ("o", walk.dh[t] * shown),
        ("f", dc * walk.run.before("c", t)),
        ("i", dc * g),
        ("g", dc * i),
    ):
        walk.send(gate, t, arriving)
    if t:
        walk.direct[t - 1] = f * dc
        walk.through[t - 1] = sum((walk.back(gate, t) for gate in "ifgo"), np.zeros_like(dc))


def _gru(walk: _Walk, t: int) -> None:
    """h_t = (1 − z) ⊙ h_{t−1} + z ⊙ h'_t with h'_t = tanh(W [x; r ⊙ h_{t−1}]), backward."""
    r, z, n = (walk.value(gate, t) for gate in "rzn")
    before = walk.run.before("h", t)
    walk.send("z", t, walk.dh[t] * (n - before))
    walk.send("n", t, walk.dh[t] * z)
    seen = walk.back("n", t)  # the gradient of r ⊙ h_{t−1}
    walk.send("r", t, seen * before)
    if t:
        walk.direct[t - 1] = (1 - z) * walk.dh[t]
        walk.through[t - 1] = walk.back("z", t) + walk.back("r", t) + r * seen
