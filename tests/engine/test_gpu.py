"""The layers on a CUDA device give the CPU's numbers, states, gradients and probes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import engine
from engine.stacking import Recurrent

T, B, N, H = 6, 3, 4, 5
LAYERS: dict[str, Callable[..., Recurrent]] = {
    "RNN": lambda **options: engine.RNN(N, H, 2, bidirectional=True, **options),
    "LSTM": lambda **options: engine.LSTM(N, H, 2, bidirectional=True, **options),
    "LSTM, fused": lambda **options: engine.LSTM(
        N, H, 2, bidirectional=True, fused=True, **options
    ),
    "GRU": lambda **options: engine.GRU(N, H, 2, bidirectional=True, **options),
    "GRU, reset_after": lambda **options: engine.GRU(
        N, H, 2, bidirectional=True, reset_after=True, **options
    ),
}


def measured(layer: Recurrent, device: str, probed: bool) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(T, B, N, generator=generator, dtype=torch.float64).to(device).requires_grad_()
    shape = (4, T, B, H)
    count = len(layer.cell_class.state_names) if probed else 0
    probe = tuple(torch.zeros(shape, dtype=x.dtype, device=device) for _ in range(count))
    options: dict[str, Any] = {"probe": tuple(p.requires_grad_() for p in probe)} if probed else {}
    output, final = layer(x, lengths=torch.tensor([3, 6, 5], device=device), **options)
    finals = [final] if isinstance(final, Tensor) else list(final)
    loss = output.square().sum() + sum(f.square().sum() for f in finals)
    gradients = torch.autograd.grad(loss, [x, *probe, *layer.parameters()])
    return [t.detach().cpu() for t in (output, *finals, *gradients)]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.filterwarnings("ignore:RNN module weights")  # one layer at a time: never one block
@pytest.mark.parametrize("name", LAYERS)
def test_a_cuda_device_gives_the_numbers_and_gradients_of_the_cpu(name: str) -> None:
    layer = LAYERS[name](dtype=torch.float64)
    probed = "fused" not in name
    expected = measured(layer, "cpu", probed)
    found = measured(copy.deepcopy(layer).cuda(), "cuda", probed)
    for a, b in zip(found, expected, strict=True):
        assert torch.allclose(a, b, rtol=0, atol=1e-9)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_dropout_on_a_cuda_device_draws_from_its_own_generator() -> None:
    layer, x = engine.GRU(N, H, 2, dropout=0.5).cuda(), torch.ones(T, B, N, device="cuda")
    before = torch.cuda.get_rng_state()
    one, same = (layer(x, generator=torch.Generator("cuda").manual_seed(1))[0] for _ in range(2))
    assert torch.equal(one, same)
    assert torch.equal(before, torch.cuda.get_rng_state())
