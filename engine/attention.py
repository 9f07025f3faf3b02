"""Attention: a state reads from a memory of N positions (Luong et al. 2015, "general").

    s_tj = h_tᵀ W m_j          eq. 8: the score of position j for the query of step t
    α_t  = softmax_j(s_tj)     eq. 7: attention weights, which add up to 1
    c_t  = Σ_j α_tj m_j        the context that is read

Each step reads by itself, so the gradient's path from c_t to any position has one length, however
far apart they are.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class Attention(nn.Module):
    """Reads from a memory of N positions with D numbers each.

    Args:
        query: size H of the querying states.
        memory: size D of a position.
        generator: what initial weights are drawn from.
    """

    def __init__(self, query: int, memory: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.score = nn.utils.skip_init(nn.Linear, query, memory, bias=False)
        with torch.no_grad():
            self.score.weight.normal_(0, query**-0.5 * memory**-0.5, generator=generator)

    def forward(
        self,
        query: Float[Tensor, "B T H"],
        memory: Float[Tensor, "B N D"],
        readable: Bool[Tensor, "B N"] | None = None,
    ) -> tuple[Float[Tensor, "B T D"], Float[Tensor, "B T N"]]:
        """Queries and memory -> contexts c and attention weights α.

        `readable` is False for positions that do not count; a row without any raises ValueError.
        """
        scores = self.score(query) @ memory.transpose(1, 2)
        if readable is not None:
            if not bool(readable.any(1).all()):
                raise ValueError("every memory needs a place that can be read")
            scores = scores.masked_fill(~readable.unsqueeze(1), -torch.inf)
        weights = scores.float().softmax(-1).to(memory.dtype)
        return weights @ memory, weights
