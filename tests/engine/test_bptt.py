"""The hand-written backward passes against finite differences, plain loops and autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine import bptt
from engine.cells import Cell, ElmanCell, GRUCell, LSTMCell

T, B, N, H = 5, 2, 3, 4


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64).requires_grad_()


def arguments(gates: int, states: int, biases: int) -> list[Tensor]:
    first = [draw(1 + s, B, H) for s in range(states)]
    weights = [draw(5, gates * H, N), draw(6, gates * H, H)]
    return [draw(0, T, B, N), *first, *weights, *(draw(7 + b, gates * H) for b in range(biases))]


CASES: dict[str, tuple[Any, list[Tensor]]] = {
    "elman": (bptt.elman, arguments(1, 1, 1)),
    "lstm": (bptt.lstm, arguments(4, 2, 1)),
    "gru": (bptt.gru, arguments(3, 1, 1)),
    "gru_reset_after": (bptt.gru_reset_after, arguments(3, 1, 2)),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_finite_differences(name: str) -> None:
    function, given = CASES[name]
    assert torch.autograd.gradcheck(function, given)


@pytest.mark.parametrize("name", CASES)
def test_a_second_backward_pass_is_the_first(name: str) -> None:
    function, given = CASES[name]
    states = function(*given)
    loss = sum(s.square().sum() for s in (states if isinstance(states, tuple) else (states,)))
    assert isinstance(loss, Tensor)
    first = torch.autograd.grad(loss, given, retain_graph=True)
    second = torch.autograd.grad(loss, given, retain_graph=True)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    # What is done under create_graph, in differentiable operations, gives the same numbers.
    third = torch.autograd.grad(loss, given, create_graph=True)
    for a, b in zip(first, third, strict=True):
        torch.testing.assert_close(a, b, atol=1e-12, rtol=1e-10)


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives_agree_with_finite_differences(name: str) -> None:
    function, given = CASES[name]
    short = [given[0].detach()[:3].requires_grad_(), *given[1:]]
    assert torch.autograd.gradgradcheck(function, short)


def sigma(a: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-a)))


def plain(name: str, given: list[Tensor]) -> NDArray[np.float64]:
    """h for all t from the slides' formulas alone, in numpy, one sequence and step at a time."""
    x, h0, *rest = (t.detach().numpy() for t in given)
    c0 = rest.pop(0) if name == "lstm" else h0
    W_x, W_h, b = rest
    rows = np.arange(len(W_x)).reshape(-1, H)
    states = np.zeros((T, B, H))
    for n in range(B):
        h, c = h0[n], c0[n]
        for t in range(T):
            a = [W_x[r] @ x[t, n] + W_h[r] @ h + b[r] for r in rows]
            if name == "elman":
                h = np.tanh(a[0])
            elif name == "lstm":
                c = sigma(a[1]) * c + sigma(a[0]) * np.tanh(a[2])
                h = sigma(a[3]) * np.tanh(c)
            else:
                r, z = sigma(a[0]), sigma(a[1])
                candidate = np.tanh(W_x[rows[2]] @ x[t, n] + W_h[rows[2]] @ (r * h) + b[rows[2]])
                h = (1 - z) * h + z * candidate
            states[t, n] = h
    return states


@pytest.mark.parametrize("name", ["elman", "lstm", "gru"])
def test_states_agree_with_a_plain_loop_over_the_slides_formulas(name: str) -> None:
    function, given = CASES[name]
    states = function(*given)
    h = states[0] if isinstance(states, tuple) else states
    assert np.allclose(h.detach().numpy(), plain(name, given), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("elman", ElmanCell(N, H)),
        ("lstm", LSTMCell(N, H)),
        ("gru", GRUCell(N, H)),
        ("gru_reset_after", GRUCell(N, H, reset_after=True)),
    ],
)
def test_probes_give_the_whole_gradient_of_every_state(name: str, cell: Cell) -> None:
    """∂e/∂h_t (and ∂e/∂c_t) by autograd, zeros added to each state of an unrolled loop."""
    cell = cell.double()
    count = len(cell.state_names)
    x, weigh = draw(0, T, B, N).detach(), draw(9, T, B, H).detach()
    zeros = [torch.zeros(T, B, H, dtype=torch.float64, requires_grad=True) for _ in range(count)]
    state, e = cell.initial_state(B), torch.zeros((), dtype=torch.float64)
    for t in range(T):
        if name == "lstm":  # c_t is read by h_t, so its zeros come in between
            gates: Any = cell.gates(x[t], state)
            c = gates.c + zeros[1][t]
            state = (gates.o * torch.tanh(c) + zeros[0][t], c)
        else:
            _, (h,) = cell(x[t], state)
            state = (h + zeros[0][t],)
        e = e + (state[0] * weigh[t]).sum()
    expected = torch.autograd.grad(e, zeros)
    probe = [torch.zeros(T, B, H, dtype=torch.float64, requires_grad=True) for _ in range(count)]
    W = [cell.weight_ih, cell.weight_hh]
    assert cell.bias_ih is not None
    assert cell.bias_hh is not None
    b = [cell.bias_ih, cell.bias_hh] if name == "gru_reset_after" else [cell.bias_ih + cell.bias_hh]
    found = CASES[name][0](x, *cell.initial_state(B), *W, *b, *probe)
    h = found[0] if isinstance(found, tuple) else found
    for a, p in zip(expected, torch.autograd.grad((h * weigh).sum(), probe), strict=True):
        assert torch.allclose(a, p, atol=1e-12)
