"""Beam search: the `width` likeliest beginnings go on, side by side, until they end.

A finished sequence y of n symbols is worth log p(y) / n^penalty: with 0 the likeliest wins, which
favours short ones; with 1 the mean of its symbols counts. Width 1 is greedy choice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import N_, InputError

States = tuple[Tensor, ...]
Step = Callable[[Tensor, States], tuple[Tensor, States]]
"""symbols (K,), states (layers, K, H) -> log p of the next symbol (K, V), states."""

WIDEST = 20


@dataclass(frozen=True)
class Search:
    """How to search. InputError for values outside their range."""

    width: int = 5
    penalty: float = 1.0
    longest: int = 20

    def __post_init__(self) -> None:
        if not (1 <= self.width <= WIDEST and 0 <= self.penalty <= 2 and self.longest >= 1):
            raise InputError(
                N_("The beam's width must lie between 1 and {widest}, the penalty from 0 to 2."),
                widest=WIDEST,
            )

    def worth(self, total: float, count: int) -> float:
        """What a sequence of `count` symbols with log p `total` is worth."""
        return total / math.pow(max(1, count), self.penalty)


@dataclass(frozen=True)
class Node:
    """A symbol of the beam: which node it follows (−1: none), log p of it and of all up to it."""

    parent: int
    symbol: int
    log_p: float
    total: float
    step: int


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that ended, or was cut at the longest: its last node, log p and worth."""

    node: int
    total: float
    worth: float


@dataclass(frozen=True)
class Beam:
    """Every node that was kept, in order, and the sequences found, best first."""

    nodes: tuple[Node, ...]
    found: tuple[Hypothesis, ...]

    def symbols(self, node: int) -> list[int]:
        """The symbols from the first to `node`."""
        said = []
        while node >= 0:
            said.append(self.nodes[node].symbol)
            node = self.nodes[node].parent
        return said[::-1]


@torch.inference_mode()
def beam_search(
    step: Step,
    states: States,
    start: int,
    stop: int,
    search: Search,
    *,
    forced: Sequence[int] = (),
    halted: Callable[[], bool] = lambda: False,
) -> Beam:
    """Searches from `start` with `states` of one row; `forced` symbols come first of all.

    Every sequence ends with `stop`, or at `search.longest` symbols. Raises InterruptedError once
    `halted()`.
    """
    nodes: list[Node] = []
    found: list[Hypothesis] = []
    alive, symbols = [-1], torch.tensor([start], device=states[0].device)
    for count in range(1, search.longest + 1):
        if halted():
            raise InterruptedError("stopped")
        scores, states = step(symbols, states)
        must = forced[count - 1] if count <= len(forced) else None
        rows, kept = _extend(scores.double().cpu(), nodes, alive, count, search.width, must)
        alive, places = [], []
        for row, node in zip(rows, kept, strict=True):
            nodes.append(node)
            if node.symbol == stop or count == search.longest:
                worth = search.worth(node.total, count)
                found.append(Hypothesis(len(nodes) - 1, node.total, worth))
            else:
                alive.append(len(nodes) - 1)
                places.append(row)
        if not alive or _decided(found, [nodes[k].total for k in alive], search):
            break
        index = torch.tensor(places, device=symbols.device)
        states = tuple(part.index_select(1, index) for part in states)
        symbols = torch.tensor([nodes[k].symbol for k in alive], device=symbols.device)
    return Beam(tuple(nodes), tuple(sorted(found, key=lambda h: -h.worth)))


def _extend(
    scores: Tensor, nodes: list[Node], alive: list[int], count: int, width: int, must: int | None
) -> tuple[list[int], list[Node]]:
    """The best ways to go on from those alive, and which of these each comes from."""
    totals = torch.tensor([nodes[k].total if k >= 0 else 0.0 for k in alive], dtype=torch.double)
    if must is not None:
        scores = torch.full_like(scores, -math.inf).index_copy(
            1, torch.tensor([must]), scores[:, must : must + 1]
        )
    joint = (scores + totals.unsqueeze(1)).flatten()
    best = joint.topk(min(width, joint.numel()))
    rows, kept = [], []
    for total, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        if total > -math.inf:
            row, symbol = divmod(place, scores.size(1))
            rows.append(row)
            kept.append(Node(alive[row], symbol, float(scores[row, symbol]), total, count))
    return rows, kept


def _decided(found: list[Hypothesis], alive: list[float], search: Search) -> bool:
    """Whether no beginning can still become better than the `width` best that are found: at best
    it goes on with certainty, to the longest."""
    if len(found) < search.width:
        return False
    worst = sorted((h.worth for h in found), reverse=True)[search.width - 1]
    return max(search.worth(total, search.longest) for total in alive) <= worst
