"""Dropout whose randomness is handed in."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def dropout(
    x: Float[Tensor, " *shape"], p: float, generator: torch.Generator | None
) -> Float[Tensor, " *shape"]:
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
