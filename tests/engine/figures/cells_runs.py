"""A run with known numbers for the pictures of the page on cells, made here without the engine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.results import CellRun, GateWeights, TypedSequence

ROWS = {
    "rnn": {"plain": "h"},
    "lstm": {"memory": "g", "input": "ig", "output": "igo", "forget": "ifgo"},
    "gru": {"candidate": "n", "reset": "rn", "update": "rzn"},
}
STAGES = [(cell, stage) for cell, stages in ROWS.items() for stage in stages]


def run(
    cell: str = "lstm",
    stage: str = "forget",
    *,
    names: tuple[str, ...] = ("a", "b", "c"),
    hidden: int = 2,
    word: bool = True,
    gradients: Mapping[str, np.ndarray] | None = None,
) -> CellRun:
    """Gates at growing pre-activations, states alternating in sign."""
    T, gates = len(names), ROWS[cell][stage]
    grid = np.linspace(-2, 2, T * hidden).reshape(T, hidden)
    a = {gate: grid + 0.1 * k for k, gate in enumerate(gates)}
    values = {g: 1 / (1 + np.exp(-v)) if g in "ifozr" else np.tanh(v) for g, v in a.items()}
    states = ("c", "h") if cell == "lstm" else ("h",)
    values |= {s: grid * (0.5 if s == "h" else -1.5) for s in states if s not in values}
    letters = tuple(dict.fromkeys((*names, "z")))
    y = np.full((T, len(letters)), 1 / len(letters))
    weights = GateWeights(np.ones((hidden, len(letters))), np.ones((hidden, hidden)), None)
    x = np.eye(len(letters))[[letters.index(name) for name in names]]
    return CellRun(
        cell=cell,
        stage=stage,
        sequence=TypedSequence(x, names, letters, np.zeros(T, dtype=np.int64), word),
        weights=dict.fromkeys(gates, weights),
        W_y=np.ones((len(letters), hidden)),
        a=a,
        values=values,
        first={s: np.zeros(hidden) for s in states},
        y=y,
        e=np.full(T, 1.25),
        gradients=gradients or dict.fromkeys(states, grid),
        of_last=False,
        held={},
    )
