"""The spectral lab against plain numpy, and against the numbers that the lecture's page states."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.lab import exploding
from engine.lab.exploding import Network
from engine.results import Floats

SEEDS, LAG = 10, 100

# log₁₀ of the norm at lag 100, median of ten seeds, by ρ and input scale (64 units, Gaussian W_h).
STATED = {
    1.1: {0.0: 0.3, 0.1: -0.2, 0.3: -5.0, 1.0: -18.0},
    1.5: {0.0: 1.2, 0.1: 1.1, 0.3: 0.2, 1.0: -8.0},
    0.9: {0.0: -4.0, 0.1: -6.0, 0.3: -11.0, 1.0: -26.0},
}


def tolerance(stated: float, decades: float = 0.5) -> float:
    """What ten seeds leave open: half a power of ten, and a twentieth of the exponent."""
    return decades + 0.05 * abs(stated)


def plain(radius: float, scale: float, seed: int, size: int = 64) -> float:
    """log₁₀ ‖∂h_n/∂h_{n−100}‖ in numpy: run tanh, then multiply Jacobians from the last step."""
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((size, size))
    W *= radius / np.abs(np.linalg.eigvals(W)).max()
    h = np.tanh(rng.standard_normal(size))
    states = []
    for _ in range(2 * LAG):
        h = np.tanh(W @ h + scale * rng.standard_normal(size))
        states.append(h)
    product = np.eye(size)
    for h in states[: LAG - 1 : -1]:
        product = product @ ((1 - h**2)[:, None] * W)
    return float(np.log10(np.linalg.norm(product, 2)))


@pytest.mark.parametrize("radius", STATED)
def test_the_stated_medians_hold_in_plain_numpy(radius: float) -> None:
    for scale, stated in STATED[radius].items():
        found = np.median([plain(radius, scale, seed) for seed in range(SEEDS)])
        assert found == pytest.approx(stated, abs=tolerance(stated)), scale


@pytest.mark.parametrize("radius", STATED)
def test_the_engine_has_the_same_medians(radius: float) -> None:
    for scale, stated in STATED[radius].items():
        network = Network(radius=radius, scale=scale, length=LAG)
        found = np.median([last(network, seed) for seed in range(SEEDS)])
        # Other draws and a longer warm-up: some networks without input come to rest by then.
        assert found == pytest.approx(stated, abs=tolerance(stated, 1.0)), scale


def last(network: Network, seed: int) -> float:
    """The engine's own run, but only the norm at the largest lag."""
    generator = torch.Generator().manual_seed(seed)
    W = exploding.weights(network, generator)
    local = exploding.slopes(W, network, generator).numpy()
    product = np.eye(network.size)
    for slope in local[::-1]:
        product = product @ (slope[:, None] * W.numpy())
    return float(np.log10(np.linalg.norm(product, 2)))


def powers(W: Floats, lags: int) -> Floats:
    """(lags+1,) ‖W^k‖₂ in numpy."""
    product, norms = np.eye(len(W)), [1.0]
    for _ in range(lags):
        product = product @ W
        norms.append(float(np.linalg.norm(product, 2)))
    return np.asarray(norms)


@pytest.mark.parametrize(
    ("radius", "excess", "peak", "size"), [(0.8, 0.05, 61, 6e4), (0.9, 0.02, 102, 5e3)]
)
def test_a_matrix_that_is_not_normal_first_grows(
    radius: float, excess: float, peak: int, size: float
) -> None:
    W = radius * np.eye(64) + excess * np.triu(np.ones((64, 64)), 1)
    norms = powers(W, 500 if radius == 0.8 else 120)
    assert norms.argmax() == peak
    assert norms.max() == pytest.approx(size, rel=0.1)
    if radius == 0.8:
        assert np.linalg.norm(W, 2) == pytest.approx(2.6, abs=0.05)
        assert norms[200] == pytest.approx(4, abs=0.5)
        assert norms[500] == pytest.approx(2e-18, rel=0.15)
    network = Network("triangular", radius, 0.0, length=len(norms) - 1, excess=excess)
    found = exploding.spectrum(network, 0)
    np.testing.assert_allclose(found.linear, np.log10(norms), atol=1e-9)
    if radius == 0.8:  # without input the state has died down to where tanh is linear
        assert found.peak == peak
    assert found.radius == pytest.approx(radius)


def test_below_one_the_product_of_jacobians_can_still_grow() -> None:
    W = np.array([[1.5, -2.0], [1.0, -1.2]])
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(0.45, abs=0.01)
    h = np.tanh([0.0, 20.0])  # unit 1 at a = 0, unit 2 saturated
    product = np.linalg.matrix_power((1 - h**2)[:, None] * W, 50)
    assert np.linalg.norm(product, 2) == pytest.approx(1e9, rel=0.1)
    network = Network("saturated", math.sqrt(0.2), 0.0, size=2, length=50)
    generator = torch.Generator().manual_seed(0)
    np.testing.assert_allclose(exploding.weights(network, generator).numpy(), W, rtol=1e-12)
    found = exploding.spectrum(network, 0)
    assert 10**found.end == pytest.approx(np.linalg.norm(product, 2))
    assert found.outcome == "explodes"
    assert found.effective == pytest.approx(1.5)


def test_the_sweep_is_the_product_of_jacobians_lag_by_lag() -> None:
    rng = np.random.default_rng(3)
    W, slopes = rng.standard_normal((5, 5)), rng.uniform(0, 1, (12, 5))
    product, wanted = np.eye(5), [0.0]
    for slope in slopes[::-1]:
        product = product @ np.diag(slope) @ W
        wanted.append(np.log10(np.linalg.norm(product, 2)))
    found = exploding.log_norms(torch.from_numpy(W), torch.from_numpy(slopes))
    np.testing.assert_allclose(found.numpy(), wanted, atol=1e-12)


def test_it_is_the_derivative_of_the_last_state() -> None:
    """Against autograd, through a plain loop of another form."""
    rng = torch.Generator().manual_seed(1)
    W = torch.randn(4, 4, generator=rng, dtype=torch.float64)
    x = torch.randn(6, 4, generator=rng, dtype=torch.float64)

    def run(first: torch.Tensor, keep: list[torch.Tensor] | None = None) -> torch.Tensor:
        for x_t in x:
            first = torch.tanh(torch.nn.functional.linear(first, W) + x_t)
            if keep is not None:
                keep.append(1 - first**2)
        return first

    start, slopes = torch.zeros(4, dtype=torch.float64), list[torch.Tensor]()
    run(start, slopes)
    wanted = torch.autograd.functional.jacobian(run, start)
    found = exploding.log_norms(W, torch.stack(slopes))[-1]
    assert float(found) == pytest.approx(float(torch.linalg.matrix_norm(wanted, 2).log10()))


def test_lengths_that_overflow_floats_do_not() -> None:
    long = exploding.log_norms(torch.eye(2).double() * 10, torch.ones(600, 2).double())
    assert float(long[-1]) == pytest.approx(600)
    short = exploding.log_norms(torch.eye(2).double() / 10, torch.ones(600, 2).double())
    assert float(short[-1]) == pytest.approx(-600)


def test_where_nothing_is_left_the_logarithm_is_minus_infinity() -> None:
    slopes = torch.ones(4, 2).double()
    slopes[2] = 0
    found = exploding.log_norms(torch.eye(2).double(), slopes).numpy()
    np.testing.assert_allclose(found[:2], 0, atol=1e-15)
    assert (found[2:] == -np.inf).all()


@pytest.mark.parametrize(
    ("kind", "radius", "scale", "outcome"),
    [
        ("gaussian", 0.9, 0.1, "vanishes"),
        ("gaussian", 1.1, 1.0, "vanishes"),
        ("gaussian", 2.0, 0.3, "explodes"),
        ("triangular", 0.8, 0.0, "hump"),
        ("saturated", 0.45, 0.0, "explodes"),
        ("orthogonal", 1.0, 0.0, "stays"),
        ("identity", 1.0, 0.1, "stays"),
    ],
)
def test_each_preset_does_what_it_stands_for(
    kind: str, radius: float, scale: float, outcome: str
) -> None:
    size = 2 if kind == "saturated" else 64
    found = exploding.spectrum(Network(kind, radius, scale, size), 0)
    assert found.outcome == outcome
    assert found.radius == pytest.approx(radius)
    assert found.network[0] == pytest.approx(0)
    bound = np.arange(201) * np.log10(found.largest_singular)
    assert (found.network <= bound + 1e-9).all()  # Pascanu's bound


@pytest.mark.parametrize("kind", sorted(exploding.KINDS))
@pytest.mark.parametrize("radius", [0.0, 0.7, 1.3])
def test_the_linear_network_is_the_same_whether_known_before_or_not(
    kind: str, radius: float
) -> None:
    network = Network(kind, radius, size=2 if kind == "saturated" else 6, length=12)
    fresh = exploding.measure(network, torch.Generator().manual_seed(3))
    known = exploding.spectrum(network, 3)
    np.testing.assert_allclose(known.linear, fresh.linear, atol=1e-10)
    np.testing.assert_array_equal(known.network, fresh.network)


def test_orthogonal_means_orthogonal() -> None:
    Q = exploding.weights(Network("orthogonal", 1.0, size=9), torch.Generator().manual_seed(0))
    np.testing.assert_allclose(Q.numpy() @ Q.numpy().T, np.eye(9), atol=1e-12)


def test_the_same_seed_gives_the_same_numbers_whatever_the_process_draws() -> None:
    network = Network(size=6, length=20)
    first = exploding.spectrum(network, 4)
    torch.manual_seed(99)
    torch.rand(3)
    np.testing.assert_array_equal(exploding.spectrum(network, 4).network, first.network)
    assert not np.array_equal(exploding.spectrum(network, 5).network, first.network)


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "square"},
        {"size": 0},
        {"size": 10**6},
        {"length": 0},
        {"radius": float("nan")},
        {"scale": -1.0},
        {"excess": float("inf")},
    ],
)
def test_what_cannot_be_built_is_said(bad: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Network(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["gaussian", "identity", "saturated"])
def test_pre_activations_are_those_of_the_slopes(kind: str) -> None:
    """φ'(a) computed here from a is what the run returns beside it."""
    network = exploding.Network(kind, 0.9, 0.3, 2, 20)
    generator = torch.Generator().manual_seed(0)
    W = exploding.weights(network, generator)
    a, local = exploding.run(W, network, generator)
    expected = (a > 0).double() if kind == "identity" else 1 / torch.cosh(a) ** 2
    assert a.shape == local.shape == (20, 2)
    assert torch.allclose(local, expected, atol=1e-12)
