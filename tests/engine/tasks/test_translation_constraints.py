"""What must not be written: placeholders that are not owed, and an end before all of them came."""

from __future__ import annotations

import pytest
import torch

from engine.models.translator import PAD, START, STOP
from engine.tasks.translation.preparation import Constraints

PLACEHOLDERS, VOCABULARY = [3, 4, 5], 8
CONSTRAINTS = Constraints(PLACEHOLDERS, torch.device("cpu"))


def after(counts: list[int], *symbols: list[int]) -> torch.Tensor:
    """What is owed after these symbols, one list of them for each step."""
    owed = CONSTRAINTS.owed(counts)
    for each in ([START] * len(counts), *symbols):
        owed = CONSTRAINTS.after(torch.tensor(each), owed)
    return owed


def allowed(owed: torch.Tensor) -> list[set[int]]:
    log_p = torch.zeros(owed.size(1), VOCABULARY)
    found = CONSTRAINTS.allowed(log_p, owed)
    assert not log_p.any(), "what was handed in was changed"
    return [{k for k in range(VOCABULARY) if row[k] == 0} for row in found]


def test_at_first_all_parts_are_owed_and_nothing_may_end() -> None:
    assert CONSTRAINTS.owed([0, 2, 3]).tolist() == [[[0, 0, 0, 1], [1, 1, 0, 1], [1, 1, 1, 1]]]
    assert allowed(after([0, 2, 3])) == [{6, 7}, {3, 4, 6, 7}, {3, 4, 5, 6, 7}]


def test_what_is_written_is_owed_no_more() -> None:
    assert allowed(after([2, 2, 2], [4, 6, 3])) == [{3, 6, 7}, {3, 4, 6, 7}, {4, 6, 7}]
    assert allowed(after([2], [4], [7], [3])) == [{STOP, 6, 7}]


def test_without_parts_it_may_end_after_one_piece() -> None:
    assert allowed(after([0], [6])) == [{STOP, 6, 7}]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_some_things_are_never_written(count: int) -> None:
    for owed in (after([count]), after([count], [6]), after([count], PLACEHOLDERS[:1])):
        (found,) = allowed(owed)
        assert found.isdisjoint({PAD, START})
        assert {6, 7} <= found


def test_what_may_come_keeps_its_probability() -> None:
    log_p = torch.linspace(-3, -1, VOCABULARY).unsqueeze(0)
    found = CONSTRAINTS.allowed(log_p, after([1]))
    kept = ~found.isinf()
    assert kept.tolist() == [[False, False, False, True, False, False, True, True]]
    assert torch.equal(found[kept], log_p[kept])
