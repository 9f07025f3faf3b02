"""Attention: where to look in a memory, given a state that asks (Luong et al. 2015, "general").

    s_tj = h_tᵀ W m_j          eq. 8: how well place j fits what step t asks for
    α_t  = softmax_j(s_tj)     eq. 7: shares that add up to 1
    c_t  = Σ_j α_tj m_j        what is read

Every step looks by itself, so the gradient from c_t to any place of the memory has one length,
however far apart they are.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Reads a memory of N places with D numbers each.

    Args:
        query: size H of the states that ask.
        memory: size D of a place.
        generator: what initial weights are drawn from.
    """

    def __init__(self, query: int, memory: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.score = nn.utils.skip_init(nn.Linear, query, memory, bias=False)
        with torch.no_grad():
            self.score.weight.normal_(0, query**-0.5 * memory**-0.5, generator=generator)

    def forward(
        self, query: Tensor, memory: Tensor, readable: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """query (B, T, H), memory (B, N, D) -> contexts (B, T, D) and shares α (B, T, N).

        `readable` (B, N) is False for places that do not count; a row without any raises
        ValueError.
        """
        scores = self.score(query) @ memory.transpose(1, 2)
        if readable is not None:
            if not bool(readable.any(1).all()):
                raise ValueError("every memory needs a place that can be read")
            scores = scores.masked_fill(~readable.unsqueeze(1), -torch.inf)
        shares = scores.float().softmax(-1).to(memory.dtype)
        return shares @ memory, shares
