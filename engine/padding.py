"""Sequences of different lengths in one padded batch, time first: (T, B, …)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor


def pad_rows(
    rows: Sequence[Sequence[int]], device: torch.device | None = None
) -> tuple[Int[Tensor, "T B"], Int[Tensor, " B"]]:
    """Rows of numbers as one table, padded with 0, and their lengths."""
    lengths = [len(row) for row in rows]
    table = torch.zeros(len(rows), max(lengths), dtype=torch.long)
    for padded, row in zip(table, rows, strict=True):
        padded[: len(row)] = torch.as_tensor(row)
    return table.t().contiguous().to(device), torch.tensor(lengths, device=device)


def batches_by_length(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Numbers of sequences, `size` at a time, the shortest first: those of like length share a
    batch, so that little of it is padding."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), size):
        yield order[start : start + size]


class Padding:
    """Knows which steps count: the first `lengths[b]` of sequence b.

    Args:
        lengths: (B,) integers between 1 and `steps`; anything else raises ValueError.
        steps: T of the tensors that will be handed in.
    """

    def __init__(self, lengths: Int[Tensor, " B"], steps: int) -> None:
        known = lengths.numel() > 0 and not lengths.is_meta
        if known and not 1 <= int(lengths.min()) <= int(lengths.max()) <= steps:
            raise ValueError(f"lengths must lie between 1 and {steps}")
        time = torch.arange(steps, device=lengths.device).unsqueeze(1)
        self.inside: Bool[Tensor, "T B"] = time < lengths
        """True where a step counts."""
        self.lengths = lengths
        # Where step t of sequence b stands in the reversed sequence; padding stays where it is.
        self._mirrored = torch.where(self.inside, lengths - 1 - time, time)

    def reverse(self, x: Shaped[Tensor, "T B D"]) -> Shaped[Tensor, "T B D"]:
        """Each sequence reversed within its own length; twice gives x again."""
        return x.gather(0, self._mirrored.unsqueeze(-1).expand_as(x))

    def last(self, x: Shaped[Tensor, "T B *D"]) -> Shaped[Tensor, " B *D"]:
        """Each sequence's last step that counts."""
        return x[self.lengths - 1, torch.arange(x.size(1), device=x.device)]

    def zero_outside(self, x: Float[Tensor, "T B D"]) -> Float[Tensor, "T B D"]:
        """x with zeros where no step counts, so that no gradient enters there either."""
        return x.masked_fill(~self.inside.unsqueeze(-1), 0)
