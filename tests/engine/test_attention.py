"""Attention against a plain loop over the equations, and finite differences."""

import pytest
import torch

from engine.attention import Attention


@pytest.fixture
def attention() -> Attention:
    return Attention(3, 4, torch.Generator().manual_seed(0)).double()


def random(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.double, generator=torch.Generator().manual_seed(seed))


def test_it_is_the_equations(attention: Attention) -> None:
    query, memory = random(2, 5, 3), random(2, 6, 4, seed=2)
    context, shares = attention(query, memory)
    for b in range(2):
        for t in range(5):
            scores = [attention.score.weight @ query[b, t] @ memory[b, j] for j in range(6)]
            powers = torch.stack(scores).exp()
            torch.testing.assert_close(shares[b, t], powers / powers.sum(), atol=1e-6, rtol=0)
            read = sum(shares[b, t, j] * memory[b, j] for j in range(6))
            torch.testing.assert_close(context[b, t], read)


def test_places_that_cannot_be_read_change_nothing(attention: Attention) -> None:
    query, memory = random(2, 5, 3), random(2, 6, 4, seed=2)
    readable = torch.tensor([[True] * 4 + [False] * 2, [True] * 6])
    context, shares = attention(query, memory, readable)
    assert not shares[0, :, 4:].any()
    alone, _ = attention(query[:1], memory[:1, :4])
    torch.testing.assert_close(context[:1], alone)


def test_a_memory_without_places_is_refused(attention: Attention) -> None:
    readable = torch.tensor([[True] * 6, [False] * 6])
    with pytest.raises(ValueError, match="place"):
        attention(random(2, 5, 3), random(2, 6, 4), readable)


def test_its_gradient_agrees_with_finite_differences() -> None:
    query, memory = (t.requires_grad_() for t in (random(1, 2, 3), random(1, 3, 4, seed=2)))
    weight = random(4, 3, seed=3)

    def contexts(query: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        scores = torch.nn.functional.linear(query, weight) @ memory.transpose(1, 2)
        return scores.softmax(-1) @ memory

    assert torch.autograd.gradcheck(contexts, (query, memory))
    attention = Attention(3, 4).double()
    attention.score.weight.data.copy_(weight)
    context, _ = attention(query, memory)
    torch.testing.assert_close(context, contexts(query, memory), atol=1e-6, rtol=0)


def test_the_same_generator_gives_the_same_weights() -> None:
    first, again = (Attention(3, 4, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first.score.weight, again.score.weight)
