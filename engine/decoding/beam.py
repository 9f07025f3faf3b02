"""Beam search: the `width` likeliest beginnings go on, side by side, until they end.

A finished sequence y of n symbols is worth log p(y) / n^penalty: with 0 the likeliest wins, which
favours short ones; with 1 the mean of its symbols counts. Width 1 is greedy choice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.errors import N_, InputError

States = tuple[Tensor, ...]
Step = Callable[[Tensor, States], tuple[Tensor, States]]
"""symbols (K,), states (layers, K, H) -> log p of the next symbol (K, V), states."""
RowStep = Callable[[Tensor, States, Tensor], tuple[Tensor, States]]
"""The same with beginnings of several rows, whose numbers (K,) come last."""
Watch = Callable[[list[int]], None]
"""What is told the likeliest beginning so far, after each step."""

WIDEST = 20


@dataclass(frozen=True)
class Search:
    """How to search. InputError for values outside their range.

    A search ends when nothing better can come; an `eager` one as soon as `width` sequences ended.
    """

    width: int = 5
    penalty: float = 1.0
    longest: int = 20
    eager: bool = False

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


@dataclass
class _Row:
    """One of the searches that go on side by side: its tree so far, and the nodes to go on from."""

    search: Search
    forced: Sequence[int]
    nodes: list[Node] = field(default_factory=list)
    found: list[Hypothesis] = field(default_factory=list)
    alive: list[int] = field(default_factory=lambda: [-1])

    def extend(self, options: list[list[tuple[float, int]]], count: int, stop: int) -> list[int]:
        """Keeps the best ways to go on, `options` (log p, symbol) of each beginning that is alive;
        returns which of them those that are alive now come from."""
        joint = [
            (self._total(node) + log_p, -row, -k, log_p, symbol)
            for row, (node, own) in enumerate(zip(self.alive, options, strict=True))
            for k, (log_p, symbol) in enumerate(own)
            if log_p > -math.inf
        ]
        before, self.alive, places = self.alive, [], []
        for total, row, _, log_p, symbol in sorted(joint, reverse=True)[: self.search.width]:
            self.nodes.append(Node(before[-row], symbol, log_p, total, count))
            last = len(self.nodes) - 1
            if symbol == stop or count == self.search.longest:
                self.found.append(Hypothesis(last, total, self.search.worth(total, count)))
            else:
                self.alive.append(last)
                places.append(-row)
        if self._decided():
            self.alive = []
        return places if self.alive else []

    def _total(self, node: int) -> float:
        return self.nodes[node].total if node >= 0 else 0.0

    def _decided(self) -> bool:
        """Whether no beginning can still become better than the `width` best that are found: at
        best it goes on with certainty, to the longest."""
        search = self.search
        if len(self.found) < search.width or not self.alive:
            return False
        worst = sorted((h.worth for h in self.found), reverse=True)[search.width - 1]
        best = max(search.worth(self.nodes[k].total, search.longest) for k in self.alive)
        return search.eager or best <= worst

    def beam(self) -> Beam:
        return Beam(tuple(self.nodes), tuple(sorted(self.found, key=lambda h: -h.worth)))


def beam_search(
    step: Step,
    states: States,
    start: int,
    stop: int,
    search: Search,
    *,
    forced: Sequence[int] = (),
    halted: Callable[[], bool] = lambda: False,
    watch: Watch | None = None,
) -> Beam:
    """Searches from `start` with `states` of one row; `forced` symbols come first of all.

    Every sequence ends with `stop`, or at `search.longest` symbols. Raises InterruptedError once
    `halted()`.
    """

    def alone(symbols: Tensor, states: States, _: Tensor) -> tuple[Tensor, States]:
        return step(symbols, states)

    found = beam_searches(
        alone, states, start, stop, [search], forced=[forced], halted=halted, watch=watch
    )
    return found[0]


@torch.inference_mode()
def beam_searches(
    step: RowStep,
    states: States,
    start: int,
    stop: int,
    searches: Sequence[Search],
    *,
    forced: Sequence[Sequence[int]] = (),
    halted: Callable[[], bool] = lambda: False,
    watch: Watch | None = None,
) -> list[Beam]:
    """The same for many rows at once, `states` (layers, rows, H): each finds what it would alone,
    as every row's beginnings compete with each other only.

    `watch` is told of the first row.
    """
    begun = list(forced) or [()] * len(searches)
    rows = [_Row(*each) for each in zip(searches, begun, strict=True)]
    owners = list(range(len(rows)))
    symbols = torch.full((len(rows),), start, device=states[0].device)
    for count in range(1, max(search.longest for search in searches) + 1):
        if halted():
            raise InterruptedError("stopped")
        numbers = torch.tensor(owners, device=symbols.device)
        scores, states = step(symbols, states, numbers)
        places = _extended(scores, rows, owners, count, stop)
        if watch is not None and rows[0].alive:
            watch(rows[0].beam().symbols(rows[0].alive[0]))
        owners = [k for k, row in enumerate(rows) for _ in row.alive]
        if not owners:
            break
        index = torch.tensor(places, device=symbols.device)
        states = tuple(part.index_select(1, index) for part in states)
        symbols = torch.tensor(
            [row.nodes[k].symbol for row in rows for k in row.alive], device=symbols.device
        )
    return [row.beam() for row in rows]


def _extended(
    scores: Tensor, rows: Sequence[_Row], owners: Sequence[int], count: int, stop: int
) -> list[int]:
    """Extends every row that is alive; returns which places of `scores` those alive come from."""
    widest = max(rows[k].search.width for k in {*owners})
    best = scores.topk(min(widest, scores.size(1)))
    options = [
        list(zip(values, symbols, strict=True))
        for values, symbols in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]
    places: list[int] = []
    first = 0
    for row in rows:
        own = range(first, first + len(row.alive))
        first += len(row.alive)
        if not own:
            continue
        if count <= len(row.forced):
            must = row.forced[count - 1]
            given = [[(float(scores[k, must]), must)] for k in own]
        else:
            given = [options[k] for k in own]
        places += [own[k] for k in row.extend(given, count, stop)]
    return places
