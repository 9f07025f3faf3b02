"""∂e/∂h_t and ∂e/∂c_t from whole layers against autograd through an unrolled loop of cells."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import engine
from engine.stacking import Recurrent

T, B, N, H, LAYERS = 5, 3, 4, 3, 2
LENGTHS = [3, 5, 1]
KINDS: dict[str, tuple[type[Recurrent], dict[str, Any]]] = {
    "RNN": (engine.RNN, {}),
    "RNN, relu": (engine.RNN, {"nonlinearity": "relu"}),
    "LSTM": (engine.LSTM, {}),
    "GRU": (engine.GRU, {}),
    "GRU, reset_after": (engine.GRU, {"reset_after": True}),
}


def draw(seed: int, *shape: int) -> Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=drawn, dtype=torch.float64)


def made(name: str, **options: Any) -> Recurrent:
    kind, own = KINDS[name]
    generator = torch.Generator().manual_seed(1)
    return kind(N, H, LAYERS, **options, **own, generator=generator, dtype=torch.float64)


def zeros(layer: Recurrent) -> tuple[Tensor, ...]:
    shape = (LAYERS * layer.directions, T, B, H)
    count = len(layer.cell_class.state_names)
    return tuple(torch.zeros(shape, dtype=torch.float64, requires_grad=True) for _ in range(count))


def step(cell: Any, x: Tensor, state: tuple[Tensor, ...], added: list[Tensor]) -> Any:
    """One step of the cell, something added to each new state; h reads c, so c comes first."""
    if len(state) == 1:
        return (cell(x, state)[0] + added[0],)
    gates = cell.gates(x, state)
    c = gates.c + added[1]
    return gates.o * torch.tanh(c) + added[0], c


def unrolled(layer: Recurrent, x: Tensor, added: tuple[Tensor, ...]) -> list[Tensor]:
    """The (length, H·directions) outputs of each sequence, by stepping cells one by one."""
    outputs = []
    for b, length in enumerate(LENGTHS):
        below = [x[t, b : b + 1] for t in range(length)]
        for k in range(LAYERS):
            rows: list[list[Tensor]] = [[] for _ in range(length)]
            for direction in range(layer.directions):
                cell = layer.cell(k, bool(direction))
                row, state = k * layer.directions + direction, cell.initial_state(1)
                for t in range(length) if direction == 0 else reversed(range(length)):
                    state = step(cell, below[t], state, [a[row, t, b : b + 1] for a in added])
                    rows[t].append(state[0])
            below = [torch.cat(row_t, -1) for row_t in rows]
        outputs.append(torch.cat(below))
    return outputs


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_outputs_and_probes_equal_an_unrolled_loop_of_cells(name: str, bidirectional: bool) -> None:
    layer = made(name, bidirectional=bidirectional)
    x, weigh = draw(2, T, B, N), draw(3, T, B, H * layer.directions)
    added, probe = zeros(layer), zeros(layer)

    loop = unrolled(layer, x, added)
    e_loop = sum((y * weigh[: len(y), b]).sum() for b, y in enumerate(loop))
    assert isinstance(e_loop, Tensor)
    expected = torch.autograd.grad(e_loop, added)

    output, _ = layer(x, lengths=torch.tensor(LENGTHS), probe=probe)
    found = torch.autograd.grad((output * weigh).sum(), probe)

    for b, length in enumerate(LENGTHS):
        assert torch.allclose(output[:length, b], loop[b], rtol=0, atol=1e-12)
        for a, p in zip(expected, found, strict=True):
            assert torch.allclose(p[:, :length, b], a[:, :length, b], rtol=0, atol=1e-12)
            assert not p[:, length:, b].any()
    assert all(p.abs().sum() > 0 for p in found)


@pytest.mark.parametrize("name", KINDS)
def test_a_frozen_layer_answers_a_probe_and_one_does_not_change_the_output(name: str) -> None:
    layer = made(name).eval().requires_grad_(False)
    x, probe = draw(2, T, B, N), zeros(layer)
    output, _ = layer(x, probe=probe)
    assert torch.equal(output, layer(x)[0])
    (h, *_) = torch.autograd.grad(output[-1].sum(), probe)
    # The top layer's last state is the output itself, so nothing but the direct part arrives there.
    assert torch.equal(h[-1, -1], torch.ones(B, H, dtype=torch.float64))


@pytest.mark.parametrize(
    "probe",
    [
        (torch.zeros(LAYERS, T, B, H),) * 2,
        (torch.zeros(LAYERS, B, T, H),),
        (torch.zeros(1, T, B, H),),
        (),
    ],
)
def test_probes_of_the_wrong_shape_or_number_are_refused(probe: tuple[Tensor, ...]) -> None:
    with pytest.raises(ValueError, match="probe"):
        engine.RNN(N, H, LAYERS)(torch.zeros(T, B, N), probe=probe)
