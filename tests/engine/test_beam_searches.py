"""Many searches side by side find what each finds alone."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import count

import pytest
import torch
from torch import Tensor

from engine.decoding import Beam, Search, beam_search, beam_searches
from tests.engine.test_beam_search import LONGEST, START, STOP, States, Table, sequences


class Tables:
    """A model of several rows, each with a table of its own."""

    def __init__(self, tables: list[Table]) -> None:
        self.tables = tables
        self.calls: list[list[int]] = []
        """The rows whose beginnings each step saw."""

    def __call__(self, symbols: Tensor, states: States, rows: Tensor) -> tuple[Tensor, States]:
        self.calls.append(rows.tolist())
        scores, after = [], []
        for k, row in enumerate(rows.tolist()):
            own = (states[0][:, k : k + 1],)
            score, (state,) = self.tables[row](symbols[k : k + 1], own)
            scores.append(score)
            after.append(state)
        return torch.cat(scores), (torch.cat(after, 1),)

    def search(self, searches: list[Search], forced: list[tuple[int, ...]]) -> list[Beam]:
        begun = (torch.zeros(1, len(searches), LONGEST + 2),)
        return beam_searches(self, begun, START, STOP, searches, forced=forced)


def tables(seed: int, rows: int = 6) -> list[Table]:
    """Some that end soon, some that never do."""
    generator = random.Random(seed)
    return [
        Table(100 * seed + k, generator.choice([0.5, 1.5, 4.0]), never=k % 3 == 2)
        for k in range(rows)
    ]


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_row_finds_what_it_finds_alone(seed: int, early_stopping: bool) -> None:
    generator, each = random.Random(seed), tables(seed)
    searches = [
        Search(generator.choice([1, 2, 3, 5, 20]), generator.choice([0.0, 1.0, 2.0]),
               generator.randint(1, LONGEST), early_stopping)
        for _ in each
    ]  # fmt: skip
    forced = [tuple(generator.choices([2, 3], k=generator.choice([0, 0, 1, 2]))) for _ in each]
    model = Tables(each)
    together = model.search(searches, forced)
    for table, search, begun, found in zip(each, searches, forced, together, strict=True):
        assert found == table.search(search, begun)
    lasts = [max(node.step for node in found.nodes) for found in together]
    assert len({*lasts}) > 1, "all rows ended at the same step"
    for step, rows in enumerate(model.calls, 1):
        assert {*rows} == {k for k, last in enumerate(lasts) if last >= step}


def test_without_forced_symbols_every_row_is_free() -> None:
    each = tables(9, 3)
    begun = (torch.zeros(1, 3, LONGEST + 2),)
    searches = [Search(2, 1.0, LONGEST)] * 3
    found = beam_searches(Tables(each), begun, START, STOP, searches)
    assert found == [table.search(searches[0]) for table in each]


@pytest.mark.parametrize("width", [1, 2, 4])
def test_an_eager_search_ends_as_soon_as_so_many_sequences_ended(width: int) -> None:
    earlier = 0
    for seed in range(8):
        patient = Table(seed).search(Search(width, 2.0, LONGEST))
        hasty = Table(seed).search(Search(width, 2.0, LONGEST, early_stopping=True))
        kept = len(hasty.nodes)
        assert hasty.nodes == patient.nodes[:kept]
        last = hasty.nodes[-1].step
        ended = [sum(n.symbol == STOP or n.step == LONGEST for n in hasty.nodes if n.step <= step)
                 for step in range(last + 1)]  # fmt: skip
        assert all(n < width for n in ended[:-1])
        assert ended[-1] >= width or last == LONGEST
        earlier += kept < len(patient.nodes)
    assert earlier or width == 1


def test_who_watches_sees_the_first_rows_likeliest_beginning_grow() -> None:
    each = [Table(4, never=True), Table(5)]
    summary: list[list[int]] = []
    begun = (torch.zeros(1, 2, LONGEST + 2),)
    searches = [Search(1, 1.0, LONGEST)] * 2
    found = beam_searches(Tables(each), begun, START, STOP, searches, on_step=summary.append)
    (whole,) = sequences(found[0])
    assert summary == [list(whole[: k + 1]) for k in range(LONGEST - 1)]


def test_who_watches_sees_the_likeliest_of_several() -> None:
    table = Table(2, never=True)
    summary: list[list[int]] = []
    begun = (torch.zeros(1, 1, LONGEST + 2),)
    search = Search(3, 1.0, LONGEST)
    beam = beam_search(table, begun, START, STOP, search, on_step=summary.append)
    for step, text in enumerate(summary, 1):
        totals = {
            tuple(beam.symbols(k)): n.total for k, n in enumerate(beam.nodes) if n.step == step
        }
        assert tuple(text) == max(totals, key=totals.__getitem__)
    assert len(summary) == LONGEST - 1


def test_all_rows_can_be_halted() -> None:
    model, requested = Tables(tables(1)), count()
    begun = (torch.zeros(1, 6, LONGEST + 2),)
    search = replace(Search(), longest=LONGEST)
    with pytest.raises(InterruptedError):
        beam_searches(
            model, begun, START, STOP, [search] * 6, cancelled=lambda: next(requested) >= 2
        )
    assert len(model.calls) == 2


def test_as_many_beginnings_as_rows_are_wanted() -> None:
    begun = (torch.zeros(1, 2, LONGEST + 2),)
    with pytest.raises(ValueError, match="zip"):
        beam_searches(Tables(tables(0, 2)), begun, START, STOP, [Search()] * 2, forced=[(2,)])
