"""One step of each cell against `torch.nn`'s cells and against the slides' formulas in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import engine
from engine.bptt.sequence import tanh_
from engine.cells import Cell, ElmanCell, GRUCell, LSTMCell

B, N, H = 3, 4, 5
Numbers = NDArray[np.float64]


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64).requires_grad_()


def seeded(kind: type[Cell], **options: Any) -> Cell:
    generator = torch.Generator().manual_seed(1)
    return kind(N, H, generator=generator, dtype=torch.float64, **options)


RIVALS: list[tuple[type[Cell], dict[str, Any], type[nn.Module], dict[str, Any]]] = [
    (ElmanCell, {}, nn.RNNCell, {}),
    (ElmanCell, {"nonlinearity": "relu"}, nn.RNNCell, {"nonlinearity": "relu"}),
    (LSTMCell, {}, nn.LSTMCell, {}),
    (GRUCell, {"reset_after": True}, nn.GRUCell, {}),
]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("kind", "options", "reference", "rival_options"), RIVALS)
def test_a_step_and_its_gradients_equal_torch(
    kind: type[Cell],
    options: dict[str, Any],
    reference: type[nn.Module],
    rival_options: dict[str, Any],
    bias: bool,
) -> None:
    ours = seeded(kind, bias=bias, **options)
    theirs = reference(N, H, bias, **rival_options).double()
    theirs.load_state_dict(ours.state_dict())
    x, state = draw(2, B, N), tuple(draw(3 + s, B, H) for s in range(len(ours.state_names)))
    output, found = ours(x, state)
    expected = theirs(x, state if len(state) == 2 else state[0])
    expected = expected if isinstance(expected, tuple) else (expected,)
    assert output is found[0]
    weigh = [draw(7 + s, B, H) for s in range(len(state))]
    for layer, states in ((ours, found), (theirs, expected)):
        loss = sum((s * w).sum() for s, w in zip(states, weigh, strict=True))
        assert isinstance(loss, Tensor)
        gradients = torch.autograd.grad(loss, [x, *state, *layer.parameters()])
        if layer is ours:
            kept = gradients
    for a, b in zip([*found, *kept], [*expected, *gradients], strict=True):
        assert torch.allclose(a, b, rtol=0, atol=1e-12)


def sigma(a: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-a)))


def arrays(cell: Cell) -> tuple[list[Numbers], list[Numbers], list[Numbers]]:
    """W_x, W_h and b, one of each per gate."""
    assert cell.bias_ih is not None
    assert cell.bias_hh is not None
    stacked = (cell.weight_ih, cell.weight_hh, cell.bias_ih + cell.bias_hh)
    W_x, W_h, b = (np.split(t.detach().numpy(), len(cell.gate_names)) for t in stacked)
    return W_x, W_h, b


def test_the_gates_of_the_lstm_are_slide_40() -> None:
    cell, x, h, c = seeded(LSTMCell), draw(2, B, N), draw(3, B, H), draw(4, B, H)
    gates: Any = cell.gates(x, (h, c))
    W_x, W_h, b = arrays(cell)
    for n in range(B):
        x_n, h_n, c_n = (t[n].detach().numpy() for t in (x, h, c))
        i, f, a_g, o = (W_x[k] @ x_n + W_h[k] @ h_n + b[k] for k in range(4))
        i, f, g, o = sigma(i), sigma(f), np.tanh(a_g), sigma(o)
        c_n = f * c_n + i * g
        expected = {"i": i, "f": f, "g": g, "o": o, "c": c_n, "h": o * np.tanh(c_n)}
        for name, value in expected.items():
            assert np.allclose(getattr(gates, name)[n].detach().numpy(), value, atol=1e-12), name


def test_the_gates_of_the_gru_are_slides_45_to_47() -> None:
    cell, x, h = seeded(GRUCell), draw(2, B, N), draw(3, B, H)
    gates: Any = cell.gates(x, (h,))
    W_x, W_h, b = arrays(cell)
    for n in range(B):
        x_n, h_n = x[n].detach().numpy(), h[n].detach().numpy()
        r, z = (sigma(W_x[k] @ x_n + W_h[k] @ h_n + b[k]) for k in range(2))
        candidate = np.tanh(W_x[2] @ x_n + W_h[2] @ (r * h_n) + b[2])
        expected = {"r": r, "z": z, "n": candidate, "h": (1 - z) * h_n + z * candidate}
        for name, value in expected.items():
            assert np.allclose(getattr(gates, name)[n].detach().numpy(), value, atol=1e-12), name


def test_the_elman_cell_without_bias_is_slide_19() -> None:
    cell, x, h = seeded(ElmanCell, bias=False), draw(2, B, N), draw(3, B, H)
    gates: Any = cell.gates(x, (h,))
    a = x @ cell.weight_ih.T + h @ cell.weight_hh.T
    assert torch.allclose(gates.a, a, atol=1e-12)
    assert torch.allclose(gates.h, torch.tanh(a), atol=1e-12)


@pytest.mark.parametrize(("kind", "count"), [(ElmanCell, 1), (LSTMCell, 2), (GRUCell, 1)])
def test_the_first_state_is_zeros_of_the_cells_own_kind(kind: type[Cell], count: int) -> None:
    state = seeded(kind).initial_state(B)
    assert len(state) == count
    for part in state:
        assert torch.equal(part, torch.zeros(B, H, dtype=torch.float64))
        assert part.dtype == torch.float64  # `equal` alone does not compare it


def test_initial_weights_come_from_the_generator_and_keep_to_torchs_bound() -> None:
    before = torch.get_rng_state()
    one, same = seeded(LSTMCell), seeded(LSTMCell)
    assert torch.equal(before, torch.get_rng_state())
    for a, b in zip(one.parameters(), same.parameters(), strict=True):
        assert torch.equal(a, b)
        assert 0 < a.abs().max() <= H**-0.5
    other = LSTMCell(N, H, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    assert not torch.equal(one.weight_hh, other.weight_hh)


def test_a_layers_cell_shares_its_numbers_and_draws_none() -> None:
    layer = engine.GRU(N, H, 2, bidirectional=True)
    before = torch.get_rng_state()
    cell = layer.cell(1, reverse=True)
    assert torch.equal(before, torch.get_rng_state())
    for name, value in cell.named_parameters():
        own = layer.get_parameter(f"{name}_l1_reverse")
        assert value.data_ptr() == own.data_ptr()
        assert own.requires_grad
        assert not value.requires_grad


def test_an_unknown_nonlinearity_is_refused() -> None:
    with pytest.raises(ValueError, match="sigmoid"):
        ElmanCell(N, H, nonlinearity="sigmoid")


@pytest.mark.parametrize(("dtype", "error"), [(torch.float32, 2.4e-7), (torch.float64, 5e-16)])
def test_tanh_from_sigma_is_exact_to_rounding(dtype: torch.dtype, error: float) -> None:
    """Slide 20: tanh(a) = 2σ(2a) − 1, which the sequences use in place of torch's."""
    a = torch.linspace(-20, 20, 200_001, dtype=dtype)
    found = a.clone()
    assert tanh_(found) is found
    assert (found.double() - a.double().tanh()).abs().max() < error
    ends = torch.tensor([-torch.inf, 0, torch.inf], dtype=dtype)
    assert tanh_(ends).tolist() == [-1, 0, 1]
