"""How ‖∂h_n/∂h_k‖ depends on W_h, on the input and on saturation (slides 30 and 31).

A network without loss or training, h_t = φ(W_h h_{t-1} + x_t) with φ = tanh or ReLU, whose W_h is
made to order and whose input is noise. By the chain rule

    ∂h_n/∂h_k = diag(φ'(a_n)) W_h · … · diag(φ'(a_{k+1})) W_h,        tanh'(a) = 1 − tanh²(a)

The norm is the spectral one, ‖·‖₂: the largest factor by which a gradient can be multiplied on its
way back. It is 1 at lag 0 and at most σ_max(W_h) to the power of the lag (Pascanu et al. 2013).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from engine import bptt
from engine.errors import N_, InputError
from engine.results import Floats, Spectrum

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
    """The derivatives φ'(a_t) on a run of `network.length` steps after the warm-up.

    In the saturated example the input holds a_t at `HELD`, up to noise of the network's scale.
    """
    size, steps = W.size(0), WARM_UP + network.length
    noise = network.scale * _normal((steps, size), generator)
    if network.kind == "saturated":
        states = torch.tanh(noise + noise.new_tensor(HELD))
    else:
        start = torch.tanh(_normal((1, size), generator))
        start = start.abs() if network.activation == "relu" else start
        eye = torch.eye(size, dtype=W.dtype)
        states = bptt.elman(noise[:, None], start, eye, W, None, None, network.activation)[:, 0]
    states = states[WARM_UP:]
    return (states > 0).to(W.dtype) if network.activation == "relu" else 1 - states**2


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
    local = slopes(W, network, generator)
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
