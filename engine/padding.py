"""Sequences of different lengths in one padded batch, time first: (T, B, …)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def padded(
    rows: Sequence[Sequence[int]], device: torch.device | None = None
) -> tuple[Tensor, Tensor]:
    """Rows of numbers as one table (T, B), padded with 0, and their lengths (B,)."""
    lengths = [len(row) for row in rows]
    table = torch.zeros(len(rows), max(lengths), dtype=torch.long)
    for place, numbers in zip(table, rows, strict=True):
        place[: len(numbers)] = torch.as_tensor(numbers)
    return table.t().contiguous().to(device), torch.tensor(lengths, device=device)


class Padding:
    """Knows which steps count: the first `lengths[b]` of sequence b.

    Args:
        lengths: (B,) integers between 1 and `steps`; anything else raises ValueError.
        steps: T of the tensors that will be handed in.
    """

    def __init__(self, lengths: Tensor, steps: int) -> None:
        if lengths.numel() and not 1 <= int(lengths.min()) <= int(lengths.max()) <= steps:
            raise ValueError(f"lengths must lie between 1 and {steps}")
        time = torch.arange(steps, device=lengths.device).unsqueeze(1)
        self.inside = time < lengths
        """(T, B) True where a step counts."""
        self.lengths = lengths
        self._mirrored = torch.where(self.inside, lengths - 1 - time, time)

    def reverse(self, x: Tensor) -> Tensor:
        """Each sequence turned round within its own length; twice gives x again."""
        return x.gather(0, self._mirrored.unsqueeze(-1).expand_as(x))

    def last(self, x: Tensor) -> Tensor:
        """(B, …): each sequence's last step that counts."""
        return x[self.lengths - 1, torch.arange(x.size(1), device=x.device)]

    def blank(self, x: Tensor) -> Tensor:
        """x with zeros where no step counts, so that no gradient enters there either."""
        return x.masked_fill(~self.inside.unsqueeze(-1), 0)


def turner(padding: Padding | None, reverse: bool) -> Callable[[Tensor], Tensor]:
    """What turns a (T, B, …) tensor round for the reverse direction, and back again."""
    if not reverse:
        return lambda x: x
    return padding.reverse if padding else lambda x: x.flip(0)


def dropout(x: Tensor, p: float, generator: torch.Generator | None) -> Tensor:
    """Zero each element with probability p and scale the rest by 1 / (1 − p); x itself if p is 0.

    Draws from `generator`, so that two trainings in one process never disturb each other. One draw
    of 64 bits decides on eight elements, which is several times faster; p is taken to 1/256.
    """
    kept = round(256 * (1 - p))
    if kept == 256:
        return x
    if kept == 0:
        return torch.zeros_like(x)
    draws = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device)
    byte = draws.random_(-(2**63), None, generator=generator).view(torch.uint8)[: x.numel()]
    return x * (byte.view(x.shape) < kept).to(x.dtype).mul_(256 / kept)
