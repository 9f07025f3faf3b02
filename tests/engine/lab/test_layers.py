"""Reach by differentiation against what slides 48-49 say, and counts against torch.nn."""

from __future__ import annotations

import pytest
from torch import nn

from engine.lab import architectures


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("step", range(architectures.STEPS))
def test_one_direction_sees_the_past_only(depth: int, step: int) -> None:
    found = architectures.reach(depth, False, 0, step)
    assert found.inputs.tolist() == [t <= step for t in range(architectures.STEPS)]
    assert found.states.shape == (depth, 1, architectures.STEPS)
    assert found.states[:, 0].tolist() == [[t <= step for t in range(architectures.STEPS)]] * depth


def test_one_layer_backwards_sees_the_future_only() -> None:
    found = architectures.reach(1, True, 1, 2)
    assert found.inputs.tolist() == [False, False, True, True, True]
    assert not found.states[0, 0].any()  # the other direction has no part in it


@pytest.mark.parametrize("direction", [0, 1])
def test_two_bidirectional_layers_see_everything(direction: int) -> None:
    assert architectures.reach(2, True, direction, 2).inputs.all()


@pytest.mark.parametrize(("direction", "step"), [(1, 0), (-1, 0), (0, 5), (0, -1)])
def test_states_that_do_not_exist(direction: int, step: int) -> None:
    with pytest.raises(ValueError, match="no state"):
        architectures.reach(1, False, direction, step)


@pytest.mark.parametrize("both", [False, True])
def test_counts_are_torchs(both: bool) -> None:
    rnn, lstm, gru = architectures.sizes(6, 10, 2, both)
    for size, kind in ((rnn, nn.RNN), (lstm, nn.LSTM), (gru, nn.GRU)):
        reference = kind(6, 10, num_layers=2, bidirectional=both)
        assert size.parameters == sum(p.numel() for p in reference.parameters())
    assert (lstm.parameters, gru.parameters) == (4 * rnn.parameters, 3 * rnn.parameters)


def test_matched_sizes_come_next_to_the_budget() -> None:
    rnn, lstm, gru = architectures.sizes(64, 128, 1, False)
    assert rnn.matched == 128
    for size, kind in ((lstm, nn.LSTM), (gru, nn.GRU)):

        def gap(units: int, kind: type[nn.Module] = kind) -> int:
            count = sum(p.numel() for p in kind(64, units).parameters())
            return abs(count - rnn.parameters)

        assert gap(size.matched) == min(gap(units) for units in range(1, 129))


def test_a_single_unit_has_a_match() -> None:
    assert [size.matched for size in architectures.sizes(1, 1, 1, False)] == [1, 1, 1]
