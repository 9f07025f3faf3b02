"""Exploding and vanishing gradients: products of Jacobians, and a training that they spoil.

**Jacobians.** How ‖∂h_n/∂h_k‖ depends on W_h, on the input and on saturation (slides 30 and 31).

A network without loss or training, h_t = φ(W_h h_{t-1} + x_t) with φ = tanh or ReLU, whose W_h is
made to order and whose input is noise. By the chain rule

    ∂h_n/∂h_k = diag(φ'(a_n)) W_h · … · diag(φ'(a_{k+1})) W_h,        tanh'(a) = 1 − tanh²(a)

The norm is the spectral one, ‖·‖₂: the largest factor by which a gradient can be multiplied on its
way back. It is 1 at lag 0 and at most σ_max(W_h) to the power of the lag (Pascanu et al. 2013).

**Clipping.** Gradient descent on a task whose gradient explodes, with and without clipping.

A plain recurrent network whose W_h starts with a large spectral radius reads noise after a first
input of ±1, and has to say at the end what the first input was. Each step is

    W ← W − η · g · min(1, θ / ‖g‖)        ‖g‖ over all weights together (Pascanu et al. 2013)

Plain gradient descent, since Adam divides by the gradient's recent size and would hide the steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from engine import bptt
from engine.errors import N_, InputError
from engine.recurrent import RNN
from engine.results import Descent, Floats, Spectrum

WARM_UP = 300
"""Steps that a network runs before those that are measured, to forget its random start."""

HELD = (0.0, 20.0)
"""Pre-activations of the saturated example: unit 1 where tanh is steepest, unit 2 saturated."""

SATURATED = ((1.5, -2.0), (1.0, -1.2))
"""W_h of the saturated example: ρ = √0.2 ≈ .45, and yet its Jacobians' product grows."""

LARGEST, LONGEST = 256, 1000


@dataclass(frozen=True)
class Network:
    """What to build and run: `radius` is ρ(W_h), `scale` the input's standard deviation per unit,
    `excess` the number above the diagonal of a triangular W_h. Raises InputError when out of range.
    """

    kind: str = "gaussian"
    radius: float = 0.9
    scale: float = 0.1
    size: int = 64
    length: int = 200
    excess: float = 0.05

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(N_("There is no kind of matrix called {kind}."), kind=self.kind)
        if not (1 <= self.size <= LARGEST and 1 <= self.length <= LONGEST):
            raise InputError(
                N_("Please choose at most {size} units and {length} steps."),
                size=LARGEST,
                length=LONGEST,
            )
        numbers = (self.radius, self.scale, self.excess)
        if not all(math.isfinite(value) and 0 <= value <= 10 for value in numbers):
            raise InputError(N_("ρ, input scale and non-normality lie between 0 and 10."))

    @property
    def activation(self) -> str:
        """φ: ReLU goes with the identity (Le, Jaitly & Hinton 2015), tanh with all others."""
        return "relu" if self.kind == "identity" else "tanh"


def weights(network: Network, generator: torch.Generator) -> Float[Tensor, "H H"]:
    """The matrix W_h of that kind, with spectral radius `network.radius`; float64."""
    W = KINDS[network.kind](network, generator)
    if network.kind == "triangular":
        return W  # its eigenvalues are its diagonal
    return W * (network.radius / spectral_radius(W))


def spectral_radius(W: Float[Tensor, "H H"]) -> float:
    """ρ: the largest modulus of an eigenvalue."""
    return float(torch.linalg.eigvals(W).abs().max())


def slopes(
    W: Float[Tensor, "H H"], network: Network, generator: torch.Generator
) -> Float[Tensor, "T H"]:
    """The derivatives φ'(a_t) on a run of `network.length` steps after the warm-up."""
    return run(W, network, generator)[1]


def run(
    W: Float[Tensor, "H H"], network: Network, generator: torch.Generator
) -> tuple[Float[Tensor, "T H"], Float[Tensor, "T H"]]:
    """Pre-activations a_t and the derivatives φ'(a_t) on a run of `network.length` steps after the
    warm-up.

    In the saturated example the input holds a_t at `HELD`, up to noise of the network's scale.
    """
    size, steps = W.size(0), WARM_UP + network.length
    noise = network.scale * _normal((steps, size), generator)
    if network.kind == "saturated":
        a = noise + noise.new_tensor(HELD)
        states = torch.tanh(a)
    else:
        start = torch.tanh(_normal((1, size), generator))
        start = start.abs() if network.activation == "relu" else start
        eye = torch.eye(size, dtype=W.dtype)
        states = bptt.elman(noise[:, None], start, eye, W, None, None, network.activation)[:, 0]
        a = noise + torch.cat([start, states[:-1]]) @ W.T
    a, states = a[WARM_UP:], states[WARM_UP:]
    return a, (states > 0).to(W.dtype) if network.activation == "relu" else 1 - states**2


def log_norms(W: Float[Tensor, "H H"], slopes: Float[Tensor, "T H"]) -> Float[Tensor, " T+1"]:
    """log₁₀ ‖∂h_n/∂h_{n−k}‖₂ for the lags k = 0 … T; −∞ where nothing is left.

    One sweep backward, J ← J·diag(φ')·W. J is kept at Frobenius norm 1 and the factors taken out
    are added up as logarithms, so that no length under- or overflows.
    """
    size = W.size(0)
    products = W.new_zeros(len(slopes) + 1, size, size)
    logs = [0.0] * len(products)
    J = products[0].copy_(torch.eye(size, dtype=W.dtype))
    for lag, slope in enumerate(reversed(slopes.unbind(0)), 1):
        torch.mm(J * slope, W, out=products[lag])
        norm = float(products[lag].norm())
        if norm == 0:
            break
        logs[lag] = logs[lag - 1] + math.log10(norm)
        J = products[lag].div_(norm)
    norms: Tensor = torch.linalg.matrix_norm(products, 2).log10() + W.new_tensor(logs)
    return norms


@torch.inference_mode()
def measure(
    network: Network, generator: torch.Generator, linear: Float[Floats, " L"] | None = None
) -> Spectrum:
    """Builds and runs the network, and the linear one with the same W_h unless that is known."""
    W = weights(network, generator)
    a, local = run(W, network, generator)
    return Spectrum(
        kind=network.kind,
        activation=network.activation,
        scale=network.scale,
        eigenvalues=torch.view_as_real(torch.linalg.eigvals(W)).numpy(),
        largest_singular=float(torch.linalg.matrix_norm(W, 2)),
        slope=float(local.mean()),
        effective=spectral_radius(local.mean(0)[:, None] * W),
        network=log_norms(W, local).numpy(),
        linear=log_norms(W, torch.ones_like(local)).numpy() if linear is None else linear,
        a=a[-1].numpy(),
    )


def spectrum(network: Network, seed: int) -> Spectrum:
    """`measure` with a generator of its own."""
    return measure(network, torch.Generator().manual_seed(seed), linear_norms(network, seed))


def linear_norms(network: Network, seed: int) -> Float[Floats, " L"]:
    """log₁₀ ‖W_h^k‖₂. Computed once for all ρ and scales, since ‖(ρ·W)^k‖ = ρ^k ‖W^k‖."""
    if network.kind == "triangular" or network.radius == 0:
        return _powers(replace(network, scale=0.0), seed)
    lags = np.arange(network.length + 1)
    return _powers(replace(network, radius=1.0, scale=0.0), seed) + lags * math.log10(
        network.radius
    )


@lru_cache(maxsize=32)
def _powers(network: Network, seed: int) -> Floats:
    W = weights(network, torch.Generator().manual_seed(seed))
    ones = W.new_ones(network.length, W.size(0))
    norms: Floats = log_norms(W, ones).numpy()
    norms.flags.writeable = False  # it is handed to many
    return norms


def _normal(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _gaussian(network: Network, generator: torch.Generator) -> Tensor:
    return _normal((network.size, network.size), generator)


def _triangular(network: Network, generator: torch.Generator) -> Tensor:  # noqa: ARG001
    """ρ·I + excess·(ones above the diagonal): all eigenvalues ρ, but far from normal."""
    above = torch.ones(network.size, network.size, dtype=torch.float64).triu(1)
    return network.radius * torch.eye(network.size, dtype=torch.float64) + network.excess * above


def _orthogonal(network: Network, generator: torch.Generator) -> Tensor:
    """Uniform over the orthogonal matrices: QR of a Gaussian one, signs mended (Mezzadri 2007)."""
    Q, R = torch.linalg.qr(_gaussian(network, generator))
    signed: Tensor = Q * R.diagonal().sign()
    return signed


KINDS: dict[str, Callable[[Network, torch.Generator], Tensor]] = {
    "gaussian": _gaussian,
    "triangular": _triangular,
    "orthogonal": _orthogonal,
    "identity": lambda network, _: torch.eye(network.size, dtype=torch.float64),
    "saturated": lambda *_: torch.tensor(SATURATED, dtype=torch.float64),
}


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
