"""A small trainable model with everything that training has to care for, and its batches."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine import distributed

ROWS, LENGTH, SIZE = 6, 4, 3


class SmallModel(nn.Module):
    """Predicts the next vector with a shared weight, a dropout that draws from the generator it is
    handed, a state carried from batch to batch, a frozen weight, and one that nothing uses."""

    def __init__(self, seed: int = 0, dropout: float = 0.3, double: bool = True) -> None:
        super().__init__()
        dtype = torch.float64 if double else torch.float32
        generator = torch.Generator().manual_seed(seed)
        self.dropout = dropout
        self.inner = nn.Linear(SIZE, SIZE, dtype=dtype)
        self.outer = nn.Linear(SIZE, SIZE, dtype=dtype)
        self.unused = nn.Parameter(torch.ones(2, 2, dtype=dtype))
        self.frozen = nn.Parameter(torch.ones(SIZE, dtype=dtype), requires_grad=False)
        self.register_buffer("seen", torch.tensor(0))
        with torch.no_grad():
            for parameter in (*self.inner.parameters(), *self.outer.parameters()):
                parameter.uniform_(-1, 1, generator=generator)
        self.outer.weight = self.inner.weight

    def loss(
        self,
        batch: Tensor,
        carry: tuple[Tensor, ...] | None = None,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Mean square error on a batch (B, LENGTH, SIZE)."""
        h = batch.new_zeros(batch.size(0), SIZE) if carry is None else carry[0]
        assert not h.requires_grad, "a carry must arrive detached"
        errors = []
        for x, y in zip(batch.unbind(1), batch.roll(-1, 1).unbind(1), strict=True):
            kept = torch.rand(h.shape, generator=generator, dtype=h.dtype) >= self.dropout
            h = torch.tanh(self.inner(x * self.frozen) + self.outer(h) * kept)
            errors.append((h - y).square().mean())
        self.get_buffer("seen").add_(1)
        return torch.stack(errors).mean(), (h, h.sum(1))


def batches(step: int) -> Tensor:
    """This process's rows of the batch of `step`."""
    generator = torch.Generator().manual_seed(1000 + step)
    joint = torch.randn(ROWS, LENGTH, SIZE, generator=generator, dtype=torch.float64)
    return joint[distributed.share(ROWS)]
