"""What a translation has to keep to: each copied part is written once, and something is written."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.models.translator import PAD, START, STOP


class Rules:
    """Forbids pieces, given what a beginning still owes: (1, K, marks + 1) numbers, 1 for each mark
    that is not written yet and, last, for a beginning without any piece.

    Args:
        marks: the numbers of the pieces that stand for copied parts.
    """

    def __init__(self, marks: Sequence[int], device: torch.device) -> None:
        self._marks = torch.tensor(marks, device=device)

    def owed(self, counts: Sequence[int]) -> Tensor:
        """What empty beginnings owe, one for each number of copied parts."""
        place = torch.arange(len(self._marks) + 1, device=self._marks.device)
        owed = place < torch.tensor(counts, device=place.device).unsqueeze(1)
        owed[:, -1] = True
        return owed.float().unsqueeze(0)

    def after(self, symbols: Tensor, owed: Tensor) -> Tensor:
        """What is owed after the beginnings' last symbols (K,)."""
        paid = torch.nn.functional.pad(symbols.unsqueeze(1) == self._marks, (0, 1))
        paid[:, -1] = symbols != START
        return owed.masked_fill(paid.unsqueeze(0), 0)

    def allowed(self, log_p: Tensor, owed: Tensor) -> Tensor:
        """log_p (K, V), −inf for what must not come: a mark that is not owed, an end before all is
        written, and what is never written."""
        log_p = log_p.clone()
        log_p[:, [PAD, START]] = -torch.inf
        log_p[:, STOP] = log_p[:, STOP].masked_fill(owed[0].any(1), -torch.inf)
        marks = log_p[:, self._marks].masked_fill(owed[0, :, :-1] == 0, -torch.inf)
        log_p[:, self._marks] = marks
        return log_p
