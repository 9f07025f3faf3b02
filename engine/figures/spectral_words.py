"""The spectral lab in words: what the gradient does, and how that fits with the eigenvalues."""

from __future__ import annotations

import math

from engine.figures.style import SUPERSCRIPTS, Translate, count
from engine.results import Spectrum


def outcome_name(outcome: str, _: Translate) -> str:
    """What the gradient does, as it is called on the page."""
    names = {
        "vanishes": _("vanishes"),
        "stays": _("stays"),
        "hump": _("grows first, then vanishes"),
        "explodes": _("explodes"),
    }
    return names[outcome]


def decimal(text: str, _: Translate) -> str:
    """A number as Python writes it, with the decimal mark and the minus sign of the language."""
    mark = _("1.5")[1]  # translated as one and a half is written: "1,5"
    return text.replace("-", "−").replace(".", mark)


def power(log: float, _: Translate) -> str:
    """10 to the power of `log` in few characters: 0.02, 3.6, 64 000, 10⁻¹⁸."""
    if log == -math.inf:
        return "0"
    if not -2.5 < log < 6:
        return "10" + str(round(log)).translate(SUPERSCRIPTS)
    return count(10**log) if log >= 1 else decimal(f"{10**log:.2g}", _)


def factor(log: float, _: Translate) -> str:
    """The gradient against lag 0 in words: `10⁹ times smaller`."""
    if log == -math.inf:
        return _("nothing arrives")
    if abs(log) < math.log10(1.5):
        return _("about as large")
    if log < 0:
        return _("{times} times smaller").format(times=power(-log, _))
    return _("{times} times larger").format(times=power(log, _))


def sentence(spectrum: Spectrum, _: Translate) -> str:
    """What the numbers say, in one sentence."""
    lag, size = spectrum.length, factor(spectrum.end, _)
    if spectrum.outcome == "hump":
        text = _(
            "It grows first, then vanishes: {peak} times larger at lag {top}, and from there "
            "{fall} times smaller by lag {lag}."
        )
        peak = float(spectrum.network[spectrum.peak])
        fall = power(peak - spectrum.end, _) if spectrum.end > -math.inf else "∞"
        return text.format(peak=power(peak, _), top=spectrum.peak, fall=fall, lag=lag)
    texts = {
        "vanishes": _("It vanishes: at lag {lag} the gradient is {size} than at lag 0."),
        "explodes": _("It explodes: at lag {lag} the gradient is {size} than at lag 0."),
        "stays": _("It stays: at lag {lag} the gradient is {percent} of what it is at lag 0."),
    }
    if spectrum.end == -math.inf:
        return _("It vanishes: nothing at all arrives at lag {lag}.").format(lag=lag)
    percent = f"{10**spectrum.end:.0%}" if spectrum.outcome == "stays" else ""
    return texts[spectrum.outcome].format(lag=lag, size=size, percent=percent)


def remark(spectrum: Spectrum, _: Translate) -> str:
    """How the outcome fits with ρ, σ_max and saturation, computed from the numbers."""
    values = {
        "rho": spectrum.radius,
        "sigma": spectrum.largest_singular,
        "slope": spectrum.slope,
        "effective": spectrum.effective,
    }
    said = {name: decimal(f"{value:.2f}", _) for name, value in values.items()}
    return _remark(spectrum, _).format(**said)


def _remark(spectrum: Spectrum, _: Translate) -> str:
    outcome, below = spectrum.outcome, spectrum.radius < 1 - 1e-9
    if spectrum.largest_singular < 1 - 1e-9:
        return _("σₘₐₓ = {sigma} is below 1, which is sufficient: it vanishes for every input.")
    if spectrum.activation == "relu":
        return _("ReLU has slope 1 where a unit is active: here {slope} on average, not saturated.")
    return {
        ("explodes", True): _(
            "Every eigenvalue has modulus {rho} or less, and yet it grows: what is multiplied is "
            "diag(1 − tanh²)·W_h, whose largest eigenvalue here has modulus {effective}."
        ),
        ("hump", True): _(
            "Every eigenvalue has modulus {rho} or less, but σₘₐₓ is {sigma}: a matrix that is not "
            "normal can stretch a vector many times over before its eigenvalues win."
        ),
        ("vanishes", True): _(
            "ρ = {rho} is below 1 and it vanishes. With σₘₐₓ = {sigma} that was no certainty: for "
            "tanh ρ < 1 is not sufficient."
        ),
        ("stays", True): _(
            "ρ = {rho} is below 1, but over so few lags that does not decide anything yet."
        ),
        ("vanishes", False): _(
            "ρ = {rho} is not below 1, and yet it vanishes: saturation takes its part at every "
            "step, 1 − tanh² is {slope} on average."
        ),
        ("hump", False): _(
            "ρ = {rho} lets it grow at first; then saturation wins: 1 − tanh² is {slope} on "
            "average."
        ),
        ("explodes", False): _(
            "ρ = {rho} is above 1, and saturation is too weak to make up for it: 1 − tanh² is "
            "{slope} on average."
        ),
        ("stays", False): _(
            "ρ = {rho} and the mean 1 − tanh² = {slope} just about balance over these lags."
        ),
    }[outcome, below]
