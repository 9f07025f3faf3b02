"""From scores to symbols: one at a time, or by beam search. It knows no model: it takes scores.

Beam search: the `width` likeliest beginnings go on, side by side, until they end. The score of a
finished sequence y of n symbols is log p(y) / n^penalty: with 0 the likeliest wins, which favours
short ones; with 1 the mean of its symbols counts. Width 1 is greedy choice.

A *beginning* is a sequence that has not ended yet; the nodes of all beginnings make up a tree.

Constrained beam search (Anderson et al. 2017) looks for the likeliest sequences that hold a
required symbol: beginnings that have it and beginnings that do not compete among themselves only,
and only the former may end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor

from engine.errors import N_, InputError
from engine.results.sentences import BeamNode, NodeStatus

MIN_TEMPERATURE = 0.05
"""Temperatures below this one are no different from greedy choice."""

States = tuple[Float[Tensor, "_ K _"], ...]
Step = Callable[[Int[Tensor, " K"], States], tuple[Float[Tensor, "K V"], States]]
"""Last symbols and states of K beginnings -> log p of the next symbol, states."""
RowStep = Callable[
    [Int[Tensor, " K"], States, Int[Tensor, " K"]], tuple[Float[Tensor, "K V"], States]
]
"""The same for beginnings of several rows; the number of each one's row comes last."""
OnStep = Callable[[list[int]], None]
"""Called after each step with the likeliest beginning so far."""

MAX_WIDTH = 20


@dataclass(frozen=True)
class Choice:
    """How the next symbol is chosen: the likeliest (`greedy`), or sampled from softmax(logits / T)
    of the `top_k` likeliest (0: of all) that together hold `top_p` of the probability (Holtzman et
    al. 2020). InputError for values outside their range."""

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    greedy: bool = False

    def __post_init__(self) -> None:
        if not (
            MIN_TEMPERATURE <= self.temperature <= 5 and self.top_k >= 0 and 0 < self.top_p <= 1
        ):
            raise InputError(
                N_(
                    "The temperature must lie between {least} and 5, top-k be 0 or more and top-p "
                    "lie between 0 and 1."
                ),
                least=MIN_TEMPERATURE,
            )


def probabilities(logits: Float[Tensor, " V"], choice: Choice) -> Float[Tensor, " V"]:
    """What `sample` samples from: softmax at the choice's temperature, filtered, scaled to sum 1.

    At least one symbol is always left.
    """
    p = (logits / choice.temperature).softmax(-1)
    if choice.top_k:
        least = p.topk(min(choice.top_k, p.numel())).values[-1]
        p = p.where(p >= least, 0.0)
    if choice.top_p < 1:
        ordered, indices = p.sort(descending=True)
        before = ordered.cumsum(0) - ordered
        p[indices[before >= choice.top_p * ordered.sum()]] = 0.0
    return p / p.sum() if choice.top_k or choice.top_p < 1 else p


def sample(
    logits: Float[Tensor, " V"], choice: Choice, generator: torch.Generator | None = None
) -> int:
    """The number of the next symbol; `generator` is a CPU's, as `logits` are.

    The first symbol up to which the probabilities add up to more than a number from [0, 1) does.
    """
    if choice.greedy:
        return int(logits.argmax())
    # One character at a time is written, so each call counts: numpy's are the shorter ones.
    sums = probabilities(logits, choice).cumsum(0, dtype=torch.float64).numpy()
    drawn = torch.rand((), generator=generator, dtype=torch.float64).item() * sums[-1]
    return min(int(sums.searchsorted(drawn, "right")), len(sums) - 1)


def sample_rows(
    logits: Float[Tensor, "N V"], generator: torch.Generator | None = None
) -> Int[Tensor, " N"]:
    """A symbol for each row, sampled from its softmax: the argmax of logits with Gumbel noise."""
    noise = torch.empty_like(logits).exponential_(generator=generator).log_()
    return (logits - noise).argmax(-1)


@dataclass(frozen=True)
class Search:
    """How to search. InputError for values outside their range.

    A search ends when nothing better can come; with `early_stopping` as soon as `width` sequences
    ended.
    """

    width: int = 5
    penalty: float = 1.0
    longest: int = 20
    early_stopping: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.width <= MAX_WIDTH and 0 <= self.penalty <= 2 and self.longest >= 1):
            raise InputError(
                N_("The beam's width must lie between 1 and {widest}, the penalty from 0 to 2."),
                widest=MAX_WIDTH,
            )

    def score(self, total: float, count: int) -> float:
        """The score of a sequence of `count` symbols whose log p is `total`."""
        return total / math.pow(max(1, count), self.penalty)


@dataclass(frozen=True)
class Constraint:
    """A sequence holds one of the `required` symbols, once; only those of `before` precede it."""

    required: frozenset[int] = frozenset()
    before: frozenset[int] = frozenset()

    def allows(self, symbol: int, met: bool) -> bool:
        """Whether the symbol may follow a beginning that holds a required one, or none (`met`)."""
        required = symbol in self.required
        return not required if met else required or symbol in self.before


FREE = Constraint()
MORE_OPTIONS = 60
"""Likeliest symbols that are looked at for each beginning under a constraint, beyond the width."""


@dataclass(frozen=True)
class Node:
    """A symbol of the beam: which node it follows (−1: none), log p of it and of all up to it, and
    whether a required symbol is among these."""

    parent: int
    symbol: int
    log_p: float
    total: float
    step: int
    met: bool = True


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that ended, or was cut at the longest: its last node, log p and score."""

    node: int
    total: float
    score: float


@dataclass(frozen=True)
class Beam:
    """Every node that was kept, in order, and the finished sequences, best first."""

    nodes: tuple[Node, ...]
    hypotheses: tuple[Hypothesis, ...]

    def symbols(self, node: int) -> list[int]:
        """The symbols from the first to `node`."""
        return [self.nodes[k].symbol for k in reversed(self.path(node))]

    def path(self, node: int) -> list[int]:
        """`node` and all that it follows, the last first."""
        path = []
        while node >= 0:
            path.append(node)
            node = self.nodes[node].parent
        return path


@dataclass
class _Row:
    """One of the searches that go on side by side: its tree so far and, in `alive`, the last nodes
    of the beginnings that go on. Under a `constraint` a sequence ends only once it is met."""

    search: Search
    forced: Sequence[int]
    constraint: Constraint = FREE
    nodes: list[Node] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    alive: list[int] = field(default_factory=lambda: [-1])

    def extend(self, options: list[list[tuple[float, int]]], count: int, stop: int) -> list[int]:
        """Keeps the `width` best continuations; `options` are (log p, symbol) of each one alive.

        Returns for each beginning that is alive afterwards which of those before it continues.
        """
        totals = [self.nodes[node].total if node >= 0 else 0.0 for node in self.alive]
        rule = self.constraint
        met = [self.nodes[node].met if node >= 0 else not rule.required for node in self.alive]
        # Among equals the first beginning and its likelier symbol win, hence the negated numbers.
        candidates = [
            (totals[k] + log_p, -k, -rank, log_p, symbol)
            for k, own in enumerate(options)
            for rank, (log_p, symbol) in enumerate(own)
            if log_p > -math.inf
            and (count <= len(self.forced) or not rule.required or rule.allows(symbol, met[k]))
        ]
        before, self.alive, parents = self.alive, [], []
        room = {True: self.search.width, False: self.search.width}
        for total, k, _, log_p, symbol in sorted(candidates, reverse=True):
            now_met = met[-k] or symbol in rule.required
            ends = symbol == stop or count == self.search.longest
            if not room[now_met] or (ends and not now_met):
                continue
            room[now_met] -= 1
            self.nodes.append(Node(before[-k], symbol, log_p, total, count, now_met))
            last = len(self.nodes) - 1
            if ends:
                self.hypotheses.append(Hypothesis(last, total, self.search.score(total, count)))
            else:
                self.alive.append(last)
                parents.append(-k)
        if self.decided():
            self.alive = []
        return parents if self.alive else []

    def decided(self) -> bool:
        """Whether no beginning can still become better than the `width` best hypotheses: at best it
        goes on with certainty, to the longest."""
        search = self.search
        if len(self.hypotheses) < search.width or not self.alive:
            return False
        worst = sorted((h.score for h in self.hypotheses), reverse=True)[search.width - 1]
        best = max(search.score(self.nodes[k].total, search.longest) for k in self.alive)
        return search.early_stopping or best <= worst

    def beam(self) -> Beam:
        """The tree and the hypotheses as they are now."""
        return Beam(tuple(self.nodes), tuple(sorted(self.hypotheses, key=lambda h: -h.score)))


def require_hypotheses(beam: Beam) -> Beam:
    """The beam itself; InputError if it holds nothing, as the given beginning cannot be written."""
    if not beam.hypotheses:
        raise InputError(N_("The model would never write these words: choose others."))
    return beam


def beam_search(
    step: Step,
    states: States,
    start: int,
    stop: int,
    search: Search,
    *,
    forced: Sequence[int] = (),
    constraint: Constraint = FREE,
    cancelled: Callable[[], bool] = lambda: False,
    on_step: OnStep | None = None,
) -> Beam:
    """Searches from `start` with `states` of one row; `forced` symbols come first of all, whatever
    the `constraint` says.

    Every sequence ends with `stop`, or at `search.longest` symbols. Raises InterruptedError once
    `cancelled()`.
    """
    (beam,) = beam_searches(
        lambda symbols, states, _: step(symbols, states),
        states,
        start,
        stop,
        [search],
        forced=[forced],
        constraint=constraint,
        cancelled=cancelled,
        on_step=on_step,
    )
    return beam


@torch.inference_mode()
def beam_searches(
    step: RowStep,
    states: States,
    start: int,
    stop: int,
    searches: Sequence[Search],
    *,
    forced: Sequence[Sequence[int]] = (),
    constraint: Constraint = FREE,
    cancelled: Callable[[], bool] = lambda: False,
    on_step: OnStep | None = None,
) -> list[Beam]:
    """The same for many rows at once, `states` (layers, rows, H): each finds what it would alone,
    as every row's beginnings compete with each other only. The `constraint` is that of all.

    `on_step` is called with the first row's likeliest beginning.
    """
    prefixes = list(forced) or [()] * len(searches)
    rows = [_Row(*each, constraint) for each in zip(searches, prefixes, strict=True)]
    owners = list(range(len(rows)))
    symbols = torch.full((len(rows),), start, device=states[0].device)
    for count in range(1, max(search.longest for search in searches) + 1):
        if cancelled():
            raise InterruptedError("stopped")
        numbers = torch.tensor(owners, device=symbols.device)
        log_p, states = step(symbols, states, numbers)
        parents = _extend(log_p, rows, owners, count, stop)
        if on_step is not None and rows[0].alive:
            on_step(rows[0].beam().symbols(rows[0].alive[0]))
        owners = [k for k, row in enumerate(rows) for _ in row.alive]
        if not owners:
            break
        index = torch.tensor(parents, device=symbols.device)
        states = tuple(part.index_select(1, index) for part in states)
        symbols = torch.tensor(
            [row.nodes[k].symbol for row in rows for k in row.alive], device=symbols.device
        )
    return [row.beam() for row in rows]


def _extend(
    log_p: Float[Tensor, "K V"], rows: Sequence[_Row], owners: Sequence[int], count: int, stop: int
) -> list[int]:
    """Extends every row that is alive; returns for each beginning that is alive afterwards which of
    the K before it continues."""
    widest = max(rows[k].search.width for k in {*owners})
    required = rows[0].constraint.required
    best = log_p.topk(min(widest + MORE_OPTIONS * bool(required), log_p.size(1)))
    options = [
        list(zip(values, symbols, strict=True))
        for values, symbols in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]
    for symbol in required:  # hardly ever among the likeliest by itself
        for likeliest, log_p_symbol in zip(options, log_p[:, symbol].tolist(), strict=True):
            if all(symbol != other for _, other in likeliest):
                likeliest.append((log_p_symbol, symbol))
    parents: list[int] = []
    first = 0
    for row in rows:
        own = range(first, first + len(row.alive))
        first += len(row.alive)
        if not own:
            continue
        if count <= len(row.forced):
            symbol = row.forced[count - 1]
            allowed = [[(float(log_p[k, symbol]), symbol)] for k in own]
        else:
            allowed = [options[k] for k in own]
        parents += [own[k] for k in row.extend(allowed, count, stop)]
    return parents


def tree_nodes(beam: Beam, word: Callable[[int], str]) -> tuple[BeamNode, ...]:
    """Every node that was kept, in the order of the search, with what became of it."""
    finished = {k for found in beam.hypotheses for k in beam.path(found.node)}
    best = set(beam.path(beam.hypotheses[0].node)) if beam.hypotheses else set()

    def status(k: int) -> NodeStatus:
        return "best" if k in best else "finished" if k in finished else "died"

    return tuple(
        BeamNode(
            node.parent, word(node.symbol), math.exp(node.log_p), node.total, node.step, status(k)
        )
        for k, node in enumerate(beam.nodes)
    )
