"""What the layers promise of themselves; test_recurrent_torch_parity holds them to torch's."""

from __future__ import annotations

import copy
import threading

import pytest
import torch
from torch import Tensor, nn

import engine

T, B, N, H = 6, 3, 4, 5
LENGTHS = [3, 6, 5]


def sequence() -> Tensor:
    """(T, B, N), the same each time, wanting a gradient."""
    drawn = torch.Generator().manual_seed(3)
    return torch.randn(T, B, N, generator=drawn, dtype=torch.float64).requires_grad_()


def assert_same(one: list[Tensor], other: list[Tensor]) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert a.shape == b.shape
        assert float((a - b).detach().abs().max()) < 1e-10


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_padding_never_leaks(kind: str, bidirectional: bool) -> None:
    layer = getattr(engine, kind)(N, H, 2, bidirectional=bidirectional).double()
    x = sequence()
    garbage = x.detach().clone()
    for b, length in enumerate(LENGTHS):
        garbage[length:, b] = 1e6
    results = []
    for given in (x.detach(), garbage):
        given = given.clone().requires_grad_()
        output, final = layer(given, lengths=torch.tensor(LENGTHS))
        finals = [final] if isinstance(final, Tensor) else list(final)
        loss = output.square().sum() + sum(f.square().sum() for f in finals)
        grads = torch.autograd.grad(loss, [given, *layer.parameters()])
        results.append([output, *finals, *grads])
    assert_same(*results)
    for b, length in enumerate(LENGTHS):
        assert not results[0][0][length:, b].any()
        alone, _ = layer(x[:length, b : b + 1])
        assert torch.allclose(results[0][0][:length, b], alone[:, 0], atol=1e-12)


def test_relu_states_that_overflow_beyond_a_short_sequence_reach_no_gradient() -> None:
    layer = engine.RNN(H, H, nonlinearity="relu", bias=False)
    with torch.no_grad():
        layer.weights().W_h.copy_(3 * torch.eye(H))
    x, lengths = torch.ones(200, 2, H), torch.tensor([1, 3])
    together = torch.autograd.grad(layer(x, lengths=lengths)[0].sum(), list(layer.parameters()))
    alone = [
        torch.autograd.grad(layer(x[:n, :1])[0].sum(), list(layer.parameters())) for n in (1, 3)
    ]
    for found, one, other in zip(together, *alone, strict=True):
        assert torch.allclose(found, one + other)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_sequence_in_two_parts_with_the_state_carried_over_is_the_whole(kind: str) -> None:
    layer = getattr(engine, kind)(N, H, 2).double()
    x = sequence()
    whole, final = layer(x)
    first, state = layer(x[:2])
    second, carried = layer(x[2:], state)
    assert torch.allclose(torch.cat([first, second]), whole, atol=1e-12)
    for a, b in zip(final, carried, strict=True):
        assert torch.allclose(a, b, atol=1e-12)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_layer_is_its_cell_step_by_step(kind: str) -> None:
    layer = getattr(engine, kind)(N, H).double()
    x = sequence()
    cell, outputs = layer.cell(), []
    state = cell.initial_state(B)
    for x_t in x:
        gates = cell.gates(x_t, state)
        h, state = cell(x_t, state)
        assert torch.equal(gates.h, h)
        outputs.append(h)
    assert torch.allclose(torch.stack(outputs), layer(x)[0], atol=1e-12)


def test_the_two_grus_do_not_take_each_others_numbers() -> None:
    lecture, theirs = engine.GRU(N, H), nn.GRU(N, H)
    after = engine.GRU(N, H, reset_after=True)
    for strict in (True, False):
        with pytest.raises(RuntimeError, match="lecture's form"):
            lecture.load_state_dict(theirs.state_dict(), strict=strict)
        with pytest.raises(RuntimeError, match="lecture's form"):
            after.load_state_dict(lecture.state_dict(), strict=strict)
    with pytest.raises(RuntimeError, match="lecture_form"):
        theirs.load_state_dict(lecture.state_dict())
    theirs.load_state_dict(after.state_dict())
    engine.GRU(N, H).load_state_dict(lecture.state_dict())


def test_what_is_not_supported_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="proj_size"):
        engine.GRU(N, H, proj_size=2)
    with pytest.raises(ValueError, match="nonlinearity"):
        engine.RNN(N, H, nonlinearity="sigmoid")
    with pytest.raises(ValueError, match="dropout"):
        engine.RNN(N, H, dropout=2.0)
    with pytest.raises(RuntimeError, match="Expected 4, got 5"):
        engine.RNN(N, H)(torch.zeros(T, B, N + 1))
    with pytest.raises(RuntimeError, match="expected 2 states"):
        engine.LSTM(N, H)(torch.zeros(T, B, N), torch.zeros(1, B, H))
    with pytest.raises(RuntimeError, match="larger than 0"):
        engine.GRU(N, H)(torch.zeros(0, B, N))
    with pytest.raises(ValueError, match="lengths"):
        engine.GRU(N, H)(torch.zeros(T, B, N), lengths=torch.tensor([1, 7, 2]))
    probe = (torch.zeros(1, T, B, H),) * 2
    with pytest.raises(ValueError, match="torch's kernel"):
        engine.LSTM(N, H, fused=True)(torch.zeros(T, B, N), probe=probe)


def test_randomness_comes_from_the_generator_that_is_handed_in() -> None:
    def seeded() -> torch.Generator:
        return torch.Generator().manual_seed(5)

    before = torch.get_rng_state()
    one, other = (engine.LSTM(N, H, 2, dropout=0.5, generator=seeded()) for _ in range(2))
    x = torch.ones(T, B, N)
    assert torch.equal(one(x, generator=seeded())[0], other(x, generator=seeded())[0])
    assert not torch.equal(one(x, generator=seeded())[0], one.eval()(x)[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_threads_that_share_a_layer_get_the_numbers_of_one() -> None:
    layer = engine.LSTM(N, H, 2, bidirectional=True).requires_grad_(False)
    batches = [torch.randn(T, B, N, generator=torch.Generator().manual_seed(n)) for n in range(40)]
    alone = [layer(x)[0] for x in batches]
    found: dict[int, list[Tensor]] = {}

    def work(k: int) -> None:
        found[k] = [layer(x)[0] for x in batches]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(2):
        assert all(torch.equal(a, b) for a, b in zip(alone, found[k], strict=True))


def test_a_copy_is_independent() -> None:
    layer = engine.GRU(N, H)
    other = copy.deepcopy(layer)
    with torch.no_grad():
        other.weights().W_h.zero_()
    assert layer.weights().W_h.any()
