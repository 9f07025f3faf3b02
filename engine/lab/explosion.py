"""Gradient descent on a task whose gradient explodes, with and without clipping.

A plain recurrent network whose W_h starts with a large spectral radius reads noise after a first
input of ±1, and has to say at the end what the first input was. Each step is

    W ← W − η · g · min(1, θ / ‖g‖)        ‖g‖ over all weights together (Pascanu et al. 2013)

Plain gradient descent, since Adam divides by the gradient's recent size and would hide the steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from engine.errors import N_, InputError
from engine.lab.jacobians import spectral_radius
from engine.recurrent import RNN
from engine.results import Descent

NOISE = 0.1
"""Standard deviation of the inputs after the first."""


@dataclass(frozen=True)
class Trial:
    """What is trained: ρ(W_h) at the start, the rate η, steps back in time, steps of training.

    Raises InputError for numbers that no training can use.
    """

    radius: float = 2.0
    rate: float = 0.3
    length: int = 60
    steps: int = 150
    units: int = 32
    batch: int = 32

    def __post_init__(self) -> None:
        numbers = (self.radius, self.rate)
        if not all(math.isfinite(value) and 0 < value <= 10 for value in numbers):
            raise InputError(N_("ρ and the learning rate lie between 0 and 10."))


class Recall(nn.Module):
    """An RNN without biases and a linear read-out of its last state: was the first input +1?"""

    def __init__(self, trial: Trial, generator: torch.Generator) -> None:
        super().__init__()
        units, exact = trial.units, torch.float64
        self.rnn = RNN(1, units, bias=False, generator=generator, dtype=exact)
        W = torch.randn(units, units, generator=generator, dtype=exact)
        out = torch.randn(1, units, generator=generator, dtype=exact) / math.sqrt(units)
        self.out = nn.Parameter(out)
        with torch.no_grad():
            self.rnn.weights().W_h.copy_(W * (trial.radius / spectral_radius(W)))

    def forward(self, x: Float[Tensor, "T B 1"]) -> Float[Tensor, " B"]:
        """Inputs -> logits."""
        states, _ = self.rnn(x)
        logits: Tensor = (states[-1] @ self.out.T)[:, 0]
        return logits


def examples(
    trial: Trial, generator: torch.Generator
) -> tuple[Float[Tensor, "T B 1"], Float[Tensor, " B"]]:
    """Inputs, and answers: 1 where the first input is +1."""
    shape = (trial.length, trial.batch, 1)
    x = NOISE * torch.randn(shape, generator=generator, dtype=torch.float64)
    answers = torch.randint(0, 2, (trial.batch,), generator=generator).double()
    x[0, :, 0] = 2 * answers - 1
    return x, answers


def descend(trial: Trial, clip: float, generator: torch.Generator) -> Iterator[tuple[float, ...]]:
    """Trains, yielding (loss, share of right answers, gradient norm before clipping) per step."""
    model = Recall(trial, generator)
    weights = list(model.parameters())
    for _ in range(trial.steps):
        x, answers = examples(trial, generator)
        logits = model(x)
        loss = binary_cross_entropy_with_logits(logits, answers)
        gradients = torch.autograd.grad(loss, weights)
        norm = math.sqrt(sum(float(g.square().sum()) for g in gradients))
        factor = min(1.0, clip / norm) if clip > 0 and norm > 0 else 1.0
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.sub_(gradient, alpha=trial.rate * factor)
        right = ((logits > 0) == (answers > 0.5)).double().mean()
        yield float(loss.detach()), float(right), norm


def compare(
    trial: Trial, clip: float, seed: int, stop: Callable[[], bool] | None = None
) -> Iterator[Descent]:
    """The same start and examples trained without clipping, then with; fewer steps if stopped."""
    for allowed in (0.0, clip):
        rows = []
        for row in descend(trial, allowed, torch.Generator().manual_seed(seed)):
            rows.append(row)
            if stop is not None and stop():
                break
        loss, accuracy, norm = np.asarray(rows, dtype=np.float64).T
        yield Descent(allowed, loss, accuracy, norm)
