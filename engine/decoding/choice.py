"""One symbol at a time: the likeliest, or one that is sampled."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from engine.errors import N_, InputError

MIN_TEMPERATURE = 0.05
"""Temperatures below this one are no different from greedy choice."""


@dataclass(frozen=True)
class Choice:
    """How the next symbol is chosen: the likeliest (`greedy`), or sampled from softmax(logits / T)
    of the `top_k` likeliest (0: of all) that together hold `top_p` of the probability (Holtzman et
    al. 2020). InputError for values outside their range."""

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    greedy: bool = False

    def __post_init__(self) -> None:
        if not (
            MIN_TEMPERATURE <= self.temperature <= 5 and self.top_k >= 0 and 0 < self.top_p <= 1
        ):
            raise InputError(
                N_(
                    "The temperature must lie between {least} and 5, top-k be 0 or more and top-p "
                    "lie between 0 and 1."
                ),
                least=MIN_TEMPERATURE,
            )


def probabilities(logits: Float[Tensor, " V"], choice: Choice) -> Float[Tensor, " V"]:
    """What `sample` samples from: softmax at the choice's temperature, filtered, scaled to sum 1.

    At least one symbol is always left.
    """
    p = (logits / choice.temperature).softmax(-1)
    if choice.top_k:
        least = p.topk(min(choice.top_k, p.numel())).values[-1]
        p = p.where(p >= least, 0.0)
    if choice.top_p < 1:
        ordered, indices = p.sort(descending=True)
        before = ordered.cumsum(0) - ordered
        p[indices[before >= choice.top_p * ordered.sum()]] = 0.0
    return p / p.sum() if choice.top_k or choice.top_p < 1 else p


def sample(
    logits: Float[Tensor, " V"], choice: Choice, generator: torch.Generator | None = None
) -> int:
    """The number of the next symbol; `generator` is a CPU's, as `logits` are.

    The first symbol up to which the probabilities add up to more than a number from [0, 1) does.
    """
    if choice.greedy:
        return int(logits.argmax())
    sums = probabilities(logits, choice).double().cumsum(0)
    drawn = torch.rand(1, generator=generator, dtype=torch.float64).mul_(sums[-1])
    return min(int(torch.searchsorted(sums, drawn, right=True)), sums.numel() - 1)


def sample_rows(
    logits: Float[Tensor, "N V"], generator: torch.Generator | None = None
) -> Int[Tensor, " N"]:
    """A symbol for each row, sampled from its softmax: the argmax of logits with Gumbel noise."""
    noise = torch.empty_like(logits).exponential_(generator=generator).log_()
    return (logits - noise).argmax(-1)
