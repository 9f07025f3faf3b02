"""The spectral lab's figures and sentences, from numbers written here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.figures import norms
from engine.figures.gradients import spectral
from engine.results import Spectrum


def plain(text: str) -> str:
    return text


def spectrum(
    logs: list[float], *, rho: float = 0.9, sigma: float = 1.6, activation: str = "tanh"
) -> Spectrum:
    return Spectrum(
        kind="gaussian",
        activation=activation,
        scale=0.1,
        eigenvalues=np.asarray([[0.0, rho], [0.0, -rho], [0.3, 0.0]]),
        largest_singular=sigma,
        slope=0.61,
        effective=1.5,
        network=np.asarray(logs, dtype=np.float64),
        linear=np.linspace(0.0, -9.0, len(logs)),
        a=np.asarray([0.5, -3.0, 2.5]),
    )


def test_saturation_marks_the_units_on_the_curve() -> None:
    found = spectrum([0, -3, -9])
    figure = spectral.saturation(found, plain)
    units = next(trace for trace in figure.data if trace.mode == "markers")
    np.testing.assert_allclose(units.y, np.tanh(found.a))
    assert found.saturated == pytest.approx(2 / 3)
    assert "3 units on tanh: 67% of them" in spectral.saturation_alt(found, plain)
    relu = spectral.saturation_alt(spectrum([0, -3, -9], activation="relu"), plain)
    assert "the slope of 2 of them is 1" in relu


@pytest.mark.parametrize(
    ("logs", "outcome", "words"),
    [
        ([0, -3, -9], "vanishes", "It vanishes: at lag 2 the gradient is 10⁹ times smaller"),
        ([0, -1, -1.3], "vanishes", "20 times smaller than at lag 0."),
        ([0, 0.1, -0.3], "stays", "It stays: at lag 2 the gradient is 50% of what it is"),
        ([0, 2, 3], "explodes", "at lag 2 the gradient is 1,000 times larger"),
        (
            [0, 4.8, 0.8],
            "hump",
            "63,000 times larger at lag 1, and from there 10,000 times smaller by lag 2.",
        ),
        ([0, 4.8, 4.0], "explodes", "It explodes"),
        ([0, 0.9, -4], "vanishes", "It vanishes"),
        ([0, -np.inf, -np.inf], "vanishes", "nothing at all arrives at lag 2"),
        ([0, 3, -np.inf], "hump", "∞ times smaller"),
    ],
)
def test_outcome_and_sentence_follow_the_numbers(
    logs: list[float], outcome: str, words: str
) -> None:
    found = spectrum(logs)
    assert found.outcome == outcome
    assert words in spectral.sentence(found, plain)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (0.0, "1"),
        (-1.7, "0.02"),
        (0.55, "3.5"),
        (2.38, "240"),
        (5.0, "100,000"),
        (-18.2, "10⁻¹⁸"),
    ],
)
def test_powers_are_short(log: float, words: str) -> None:
    assert norms.power(log, plain) == words


@pytest.mark.parametrize(
    ("logs", "rho", "sigma", "words"),
    [
        ([0, -3], 0.9, 1.6, "for tanh ρ < 1 is not sufficient"),
        ([0, -3], 0.9, 0.95, "0.95 is below 1, which is sufficient"),
        ([0, -3], 1.1, 2.0, "1.10 is not below 1, and yet it vanishes"),
        ([0, 3], 0.45, 3.0, "whose largest eigenvalue here has modulus 1.50"),
        ([0, 3], 2.0, 4.0, "too weak to make up for it: 1 − tanh² is 0.61"),
        ([0, 5, 0], 0.8, 2.6, "a matrix that is not normal"),
        ([0, 5, 0], 1.2, 2.6, "then saturation wins"),
        ([0, 0], 1.0, 1.0, "just about balance"),
        ([0, 0], 0.99, 1.2, "does not decide anything yet"),
    ],
)
def test_the_remark_fits_rho_to_the_outcome(
    logs: list[float], rho: float, sigma: float, words: str
) -> None:
    assert words in spectral.remark(spectrum(logs, rho=rho, sigma=sigma), plain)


def test_relu_is_not_said_to_saturate() -> None:
    assert "ReLU has slope 1" in spectral.remark(spectrum([0, 0], activation="relu"), plain)


def test_both_networks_are_drawn_from_lag_0() -> None:
    figure = spectral.by_lag(spectrum([0, -2, -4]), plain)
    linear, network = figure.data
    assert (linear.name, network.name) == ("linear network", "tanh network")
    assert (linear.line.dash, network.line.dash) == ("dash", "solid")
    np.testing.assert_array_equal(network.y, [0, -2, -4])
    np.testing.assert_array_equal(network.x, [0, 1, 2])
    assert figure.layout.xaxis.title.text.startswith("lag")
    assert figure.layout.dragmode is False


def test_a_hidden_curve_gives_nothing_away() -> None:
    found = [spectrum(logs) for logs in ([0.0, -2.0, -4.0], [0.0, 3.0, 30.0])]
    one, other = (spectral.by_lag(s, plain, hidden=True).to_json() for s in found)
    assert one == other
    assert len({spectral.by_lag_alt(s, plain, hidden=True) for s in found}) == 1


@pytest.mark.parametrize("end", [-0.1, -9, -300, 40, 290])
def test_few_ticks_name_powers_of_ten(end: float) -> None:
    axis = spectral.by_lag(spectrum([0, end / 2, end]), plain).layout.yaxis
    assert 3 <= len(axis.tickvals) <= 9
    assert axis.ticktext[list(axis.tickvals).index(0)] == "1"
    assert axis.range[0] <= min(end, -1)
    assert axis.range[1] >= max(end, 1)


def test_what_is_gone_is_a_gap() -> None:
    figure = spectral.by_lag(spectrum([0, -5, -np.inf]), plain)
    assert np.isnan(figure.data[1].y[2])


def test_eigenvalues_stand_in_the_unit_circle_or_outside() -> None:
    figure = spectral.eigenvalues(spectrum([0, 0], rho=1.2), plain)
    circle, inside, outside = figure.data
    np.testing.assert_allclose(np.hypot(circle.x, circle.y), 1)
    assert (len(inside.x), len(outside.x)) == (1, 2)
    assert inside.marker.symbol != outside.marker.symbol
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.xaxis.range[1] > 1.2


def test_the_pictures_have_words() -> None:
    alt = spectral.eigenvalues_alt(spectrum([0, 0], rho=1.2), plain)
    assert "3 eigenvalues" in alt
    assert "2 of them outside" in alt
    assert "1.20" in alt
    assert "10⁹ times smaller at lag 2" in spectral.by_lag_alt(spectrum([0, 0, 0]), plain)
