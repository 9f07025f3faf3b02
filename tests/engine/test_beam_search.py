"""Beam search against a search of everything, over random tables of a tiny vocabulary."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count

import pytest
import torch
from torch import Tensor

from engine.decoding import (
    FREE,
    Beam,
    Constraint,
    Search,
    beam_search,
    require_hypotheses,
    tree_nodes,
)
from engine.errors import InputError

START, STOP, WORDS = 0, 1, 4
LONGEST = 5
Prefix = tuple[int, ...]
States = tuple[Tensor, ...]


class Table:
    """A model whose log p depend on the whole prefix, drawn once for each; its state is the prefix.

    `sure` sharpens the draws; `never` takes STOP's probability away.
    """

    def __init__(self, seed: int, sure: float = 1.5, never: bool = False) -> None:
        self.seed, self.sure, self.never = seed, sure, never
        self.calls: list[int] = []

    def log_p(self, prefix: Prefix) -> Tensor:
        number = sum((symbol + 1) * (WORDS + 1) ** k for k, symbol in enumerate(prefix))
        draw = torch.Generator().manual_seed(1_000_003 * self.seed + number)
        logits = self.sure * torch.randn(WORDS, generator=draw, dtype=torch.double)
        logits[START] = -math.inf
        if self.never:
            logits[STOP] = -math.inf
        return logits.log_softmax(-1)

    def __call__(self, symbols: Tensor, states: States) -> tuple[Tensor, States]:
        """The state is (1, K, LONGEST + 2): how many symbols were read, then these."""
        self.calls.append(len(symbols))
        read = states[0].clone()
        rows = []
        for k, symbol in enumerate(symbols.tolist()):
            n = int(read[0, k, 0])
            read[0, k, 0], read[0, k, n + 1] = n + 1, symbol
            rows.append(self.log_p(tuple(int(s) for s in read[0, k, 2 : n + 2])))
        return torch.stack(rows), (read,)

    def search(
        self,
        search: Search,
        forced: Prefix = (),
        cancelled: Callable[[], bool] = lambda: False,
        constraint: Constraint = FREE,
    ) -> Beam:
        begun = (torch.zeros(1, 1, LONGEST + 2),)
        return beam_search(
            self,
            begun,
            START,
            STOP,
            search,
            forced=forced,
            constraint=constraint,
            cancelled=cancelled,
        )

    def everything(self, forced: Prefix = ()) -> Iterator[tuple[Prefix, float]]:
        """Every sequence that ends with STOP or at the longest, with its log p."""

        def grow(prefix: Prefix, total: float) -> Iterator[tuple[Prefix, float]]:
            log_p = self.log_p(prefix)
            options = forced[len(prefix) : len(prefix) + 1] or range(WORDS)
            for symbol in options:
                more, sum_ = (*prefix, symbol), total + float(log_p[symbol])
                if sum_ == -math.inf:
                    continue
                if symbol == STOP or len(more) == LONGEST:
                    yield more, sum_
                else:
                    yield from grow(more, sum_)

        return grow((), 0.0)

    def best(self, penalty: float, forced: Prefix = ()) -> tuple[Prefix, float]:
        found = self.everything(forced)
        return max(found, key=lambda each: each[1] / len(each[0]) ** penalty)

    def greedy(self) -> Prefix:
        text: Prefix = ()
        while len(text) < LONGEST and (not text or text[-1] != STOP):
            text = (*text, int(self.log_p(text).argmax()))
        return text


def sequences(beam: Beam) -> list[Prefix]:
    return [tuple(beam.symbols(found.node)) for found in beam.hypotheses]


def log_p(table: Table, sequence: Prefix) -> float:
    return sum(float(table.log_p(sequence[:k])[s]) for k, s in enumerate(sequence))


@pytest.mark.parametrize("penalty", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_wide_enough_finds_the_best_of_all(seed: int, penalty: float) -> None:
    """20 is at least every beginning of two words and most of the likely ones of three."""
    table = Table(seed)
    beam = table.search(Search(20, penalty, LONGEST))
    sequence, total = table.best(penalty)
    assert sequences(beam)[0] == sequence
    assert beam.hypotheses[0].total == pytest.approx(total)
    assert beam.hypotheses[0].score == pytest.approx(total / len(sequence) ** penalty)


def test_the_penalty_decides_for_short_or_long() -> None:
    def lengths(penalty: float) -> list[int]:
        return [len(Table(k).best(penalty)[0]) for k in range(10)]

    assert all(short <= long for short, long in zip(lengths(0.0), lengths(2.0), strict=True))
    assert lengths(0.0) != lengths(2.0)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_width_1_is_greedy(seed: int, penalty: float) -> None:
    beam = Table(seed).search(Search(1, penalty, LONGEST))
    assert sequences(beam) == [Table(seed).greedy()]
    assert [node.step for node in beam.nodes] == list(range(1, len(beam.nodes) + 1))


@pytest.mark.parametrize("width", [1, 2, 5, 20])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_is_sorted_true_and_differs(seed: int, width: int) -> None:
    table = Table(seed)
    beam = table.search(Search(width, 1.0, LONGEST))
    found = sequences(beam)
    assert found
    assert len({*found}) == len(found)
    worths = [each.score for each in beam.hypotheses]
    assert worths == sorted(worths, reverse=True)
    for sequence, each in zip(found, beam.hypotheses, strict=True):
        assert each.total == pytest.approx(log_p(table, sequence))
        assert each.score == pytest.approx(each.total / len(sequence))
        assert sequence.count(STOP) == (sequence[-1] == STOP)
        assert sequence[-1] == STOP or len(sequence) == LONGEST


@pytest.mark.parametrize("width", [1, 3, 8])
def test_nodes_say_what_was_kept(width: int) -> None:
    table = Table(3)
    beam = table.search(Search(width, 1.0, LONGEST))
    for k, node in enumerate(beam.nodes):
        line = tuple(beam.symbols(k))
        assert len(line) == node.step
        assert node.parent < k
        assert node.log_p == pytest.approx(float(table.log_p(line[:-1])[line[-1]]))
        assert node.total == pytest.approx(log_p(table, line))
    steps = [node.step for node in beam.nodes]
    assert max(steps.count(step) for step in steps) <= width
    assert max(table.calls) <= width


@pytest.mark.parametrize("width", [1, 2, 6])
def test_each_step_keeps_the_likeliest_ways_to_go_on(width: int) -> None:
    table = Table(5)
    beam = table.search(Search(width, 1.0, LONGEST))
    lines = [tuple(beam.symbols(k)) for k in range(len(beam.nodes))]
    for step in range(1, beam.nodes[-1].step + 1):
        alive = [line for line in lines if len(line) == step - 1 and STOP not in line] or [()]
        ways = [(*line, word) for line in alive for word in range(WORDS)]
        totals = sorted((log_p(table, way) for way in ways), reverse=True)[:width]
        kept = [node.total for node in beam.nodes if node.step == step]
        assert kept == pytest.approx([t for t in totals if t > -math.inf])


@pytest.mark.parametrize("forced", [(2,), (3, 3), (2, 3, 2), (3, 2, 2, 3, 2)])
@pytest.mark.parametrize("width", [1, 20])
def test_forced_words_come_first_and_keep_their_probability(forced: Prefix, width: int) -> None:
    table = Table(1)
    beam = table.search(Search(width, 1.0, LONGEST), forced)
    assert all(sequence[: len(forced)] == forced for sequence in sequences(beam))
    for sequence, each in zip(sequences(beam), beam.hypotheses, strict=True):
        assert each.total == pytest.approx(log_p(table, sequence))
    assert [node.symbol for node in beam.nodes if node.step <= len(forced)] == list(forced)
    if width == 20:
        assert sequences(beam)[0] == table.best(1.0, forced)[0]


def test_a_forced_symbol_of_probability_0_is_said() -> None:
    beam = Table(3).search(Search(2, 1.0, LONGEST), (2, START))
    assert not beam.hypotheses
    with pytest.raises(InputError, match="never write"):
        require_hypotheses(beam)
    assert tree_nodes(beam, str) is not None
    found = Table(3).search(Search(2, 1.0, LONGEST))
    assert require_hypotheses(found) is found


def test_a_forced_stop_ends_the_sentence() -> None:
    assert sequences(Table(1).search(Search(5, 1.0, LONGEST), (2, STOP))) == [(2, STOP)]


def test_what_never_ends_is_cut_at_the_longest() -> None:
    table = Table(2, never=True)
    beam = table.search(Search(20, 1.0, LONGEST))
    assert {len(sequence) for sequence in sequences(beam)} == {LONGEST}
    assert sequences(beam)[0] == table.best(1.0)[0]
    assert len(sequences(table.search(Search(20, 1.0, 1)))) == 2  # all words but START and STOP


def test_the_same_search_finds_the_same() -> None:
    first, second = (Table(7).search(Search(4, 0.7, LONGEST)) for _ in range(2))
    assert first == second


def test_it_stops_once_nothing_better_can_come() -> None:
    """Of sequences that end almost surely, the search does not wait for the longest."""

    def step(symbols: Tensor, states: States) -> tuple[Tensor, States]:
        row = torch.tensor([0.0, 0.99, 0.006, 0.004]).log()
        return row.repeat(len(symbols), 1), states

    beam = beam_search(step, (torch.zeros(1, 1, 1),), START, STOP, Search(1, 0.0, 20))
    assert sequences(beam) == [(STOP,)]
    wide = beam_search(step, (torch.zeros(1, 1, 1),), START, STOP, Search(3, 0.0, 20))
    assert max(node.step for node in wide.nodes) == 2
    assert sequences(wide)[0] == (STOP,)


@pytest.mark.parametrize("calls", [0, 2])
def test_it_can_be_halted(calls: int) -> None:
    table, requested = Table(0, never=True), count()
    with pytest.raises(InterruptedError):
        table.search(Search(3, 1.0, LONGEST), cancelled=lambda: next(requested) >= calls)
    assert len(table.calls) == calls


@pytest.mark.parametrize(
    "given", [{"width": 0}, {"width": 21}, {"penalty": -0.1}, {"penalty": 2.1}, {"longest": 0}]
)
def test_a_search_out_of_range_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Search(**given)  # type: ignore[arg-type]


def test_the_tree_says_what_became_of_each_word() -> None:
    """Every status follows from the sequences that were found, whatever the search did inside."""
    for seed in range(6):
        beam = Table(seed).search(Search(4, 1.0, LONGEST))
        tree = tree_nodes(beam, "{}".format)
        lines = [tuple(beam.symbols(k)) for k in range(len(beam.nodes))]
        found = sequences(beam)
        for line, node, kept in zip(lines, tree, beam.nodes, strict=True):
            best = found[0][: len(line)] == line
            ended = any(sequence[: len(line)] == line for sequence in found)
            assert node.status == ("best" if best else "finished" if ended else "died")
            assert node.probability == pytest.approx(math.exp(kept.log_p))
            assert (node.parent, node.word) == (kept.parent, str(kept.symbol))
            assert node.step == kept.step
        assert sum(node.status == "best" for node in tree) == len(found[0])


def test_all_three_fates_occur() -> None:
    trees = [tree_nodes(Table(s).search(Search(4, 1.0, LONGEST)), str) for s in range(6)]
    assert {node.status for tree in trees for node in tree} == {"best", "finished", "died"}


@pytest.mark.parametrize("before", [{2, 3}, {2}, {3}, set()])
@pytest.mark.parametrize("seed", range(4))
def test_with_a_constraint_the_best_that_meets_it_is_found(seed: int, before: set[int]) -> None:
    """Symbol 3 is required; what may come before it is `before` less itself."""
    table, rule = Table(seed), Constraint(frozenset({3}), frozenset(before - {3}))
    beam = table.search(Search(20, 1.0, LONGEST), constraint=rule)
    held = [
        each
        for each in table.everything()
        if each[0].count(3) == 1 and {*each[0][: each[0].index(3)]} <= rule.before
    ]
    sequence, total = max(held, key=lambda each: each[1] / len(each[0]))
    assert sequences(beam)[0] == sequence
    assert beam.hypotheses[0].total == pytest.approx(total)


def test_a_required_symbol_that_is_never_likely_is_found_in_a_narrow_beam() -> None:
    rule = Constraint(frozenset({2}), frozenset({3}))
    for seed in range(10):
        beam = Table(seed, sure=6.0).search(Search(1, 1.0, LONGEST), constraint=rule)
        assert sequences(beam)[0].count(2) == 1


def test_forced_symbols_come_first_whatever_the_constraint_says() -> None:
    rule = Constraint(frozenset({3}))
    beam = Table(1).search(Search(20, 1.0, LONGEST), forced=(2, 2), constraint=rule)
    assert all(found[:3] == (2, 2, 3) for found in sequences(beam))
