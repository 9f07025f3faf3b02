"""Gradient norms by lag and path, against plain numpy and against torch.nn."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.cells import CELLS
from engine.errors import InputError
from engine.lab import paths_back
from engine.recurrent import GRU, LSTM
from engine.results import NormsByLag


def silent(kind: type, keep: float, units: int = 4) -> LSTM | GRU:
    """A layer whose gates read nothing: weights zero, only the keep bias."""
    made: LSTM | GRU = kind(2, units, dtype=torch.float64)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
        bias = made.bias_ih_l0
        assert isinstance(bias, torch.Tensor)
        bias[units : 2 * units] = keep if kind is LSTM else -keep
    return made


def test_the_stated_number_of_the_direct_path() -> None:
    """f = σ(2) = .88: 3.5e-6 is left after 99 steps."""
    f = 1 / (1 + np.exp(-2.0))
    assert f == pytest.approx(0.88, abs=0.001)
    assert f**99 == pytest.approx(3.5e-6, rel=0.01)
    x, v = torch.randn(100, 2).double(), torch.randn(3, 4).double()
    found = paths_back.through(silent(LSTM, 2.0), x, v)
    assert found.norms.direct is not None
    assert found.norms.relative("direct")[99] == pytest.approx(f**99)
    # Gates that read nothing leave no other path.
    np.testing.assert_allclose(found.norms.relative("c"), found.norms.relative("direct"))
    assert found.keep_factor == pytest.approx(f)


def test_the_gru_keeps_by_a_negative_update_bias() -> None:
    x, v = torch.randn(30, 2).double(), torch.randn(3, 4).double()
    found = paths_back.through(silent(GRU, 4.0), x, v)
    kept = 1 / (1 + np.exp(-4.0))
    assert found.norms.relative("direct")[29] == pytest.approx(kept**29)
    np.testing.assert_allclose(found.norms.relative("h"), found.norms.relative("direct"))


def test_all_paths_of_the_lstm_agree_with_torch() -> None:
    """∂e/∂h_0 and ∂e/∂c_0 of torch's own LSTM on a suffix of the input are our lags."""
    generator = torch.Generator().manual_seed(0)
    made = paths_back.layer("lstm", 5, "1", 20, generator)
    x = torch.randn(20, paths_back.INPUTS, generator=generator, dtype=torch.float64)
    v = torch.randn(1, 5, generator=generator, dtype=torch.float64)
    found = paths_back.through(made, x, v)
    judge = torch.nn.LSTM(paths_back.INPUTS, 5, dtype=torch.float64)
    judge.load_state_dict(made.state_dict())
    lag = 7
    _, state = judge(x[: 20 - lag])
    state_h, state_c = (part.detach() for part in state)
    o, c = state_h / torch.tanh(state_c), state_c.requires_grad_()
    h = o * torch.tanh(c)  # c_t also reaches the loss by way of h_t
    output, _ = judge(x[20 - lag :], (h, c))
    along_h, along_c = torch.autograd.grad((output[-1] * v[0]).sum(), (h, c))
    assert found.norms.c is not None
    assert found.norms.h[lag] == pytest.approx(float(along_h.norm()))
    assert found.norms.c[lag] == pytest.approx(float(along_c.norm()))


def test_lag_0_of_a_plain_network_is_the_direction_itself() -> None:
    made = paths_back.layer("rnn", 3, "0", 5, torch.Generator().manual_seed(0))
    v = torch.tensor([[3.0, 4.0, 0.0]], dtype=torch.float64)
    found = paths_back.through(made, torch.zeros(5, paths_back.INPUTS).double(), v)
    assert found.norms.h[0] == pytest.approx(5)
    assert found.norms.direct is None
    assert found.norms.c is None


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_chrono_draws_spans_up_to_the_length(cell: str) -> None:
    made = paths_back.layer(cell, 200, "chrono", 101, torch.Generator().manual_seed(0))
    _, _, b_x, b_h = made.weights()
    assert b_x is not None
    assert b_h is not None
    keep = (b_x + b_h)[200:400] * (1 if cell == "lstm" else -1)
    spans = keep.exp().detach().numpy()
    assert spans.min() >= 1
    assert spans.max() <= 100
    assert np.median(spans) == pytest.approx(50, abs=10)
    if cell == "lstm":
        torch.testing.assert_close((b_x + b_h)[:200], -keep)


def test_a_larger_keep_bias_reaches_further() -> None:
    reached = [
        [cell.norms.lags_per_decade for cell in paths_back.compare(16, 60, keep, 1.0, 0)]
        for keep in ("0", "2", "4")
    ]
    rnn, lstm, gru = zip(*reached, strict=True)
    assert rnn[0] == rnn[1] == rnn[2]
    assert lstm[0] < lstm[1] < lstm[2]
    assert gru[0] < gru[1] < gru[2]


def test_same_size_means_about_as_many_parameters() -> None:
    rnn, lstm, gru = paths_back.compare(64, 10, "1", 1.0, 0, same_size=True)
    assert (rnn.units, rnn.parameters) == (64, 64 * (64 + 8 + 2))
    for cell in (lstm, gru):
        assert cell.parameters == pytest.approx(rnn.parameters, rel=0.05)
        assert cell.parameters == CELLS[cell.cell].parameters(paths_back.INPUTS, cell.units)


def test_slopes_are_read_off_the_curve() -> None:
    falling = NormsByLag(10.0 ** -np.arange(0, 5, 0.5))
    assert falling.lags_per_decade == pytest.approx(2)
    flat = NormsByLag(np.ones(5))
    assert flat.lags_per_decade == float("inf")
    gone = NormsByLag(np.asarray([1.0, 0.1, 0.01, 0.0, 0.0]))
    assert gone.lags_per_decade == pytest.approx(1)


def test_an_unknown_keep_bias_is_refused() -> None:
    with pytest.raises(InputError):
        paths_back.layer("lstm", 3, "7", 10, torch.Generator())
