"""The lab: the gradient by lag with a bet before it is uncovered; beside it the eigenvalues, or in
its place tanh with the units of the network on it."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.figures import style
from engine.figures.gradients import spectral
from engine.lab import exploding
from engine.lab.exploding import Network
from engine.results import Spectrum
from pages.parts.gradients import controls
from pages.parts.gradients.controls import BET, BETS, HIDDEN, PRESET, PRESETS, SHOWN, Setup
from pages.shared import jobs, lecture, links, views
from pages.shared.text import _, decimal, literal
from pages.shared.tokens import bets

_FRESH, _SEEN = "_gradients_fresh", "_gradients_seen"


BESIDE = "gradients_beside"
PICTURES = {"plane": N_("Eigenvalues"), "saturation": N_("Saturation")}


def draw() -> None:
    """Curve at the left with ρ and the input's scale below it, other controls and eigenvalues at
    the right; on a phone the curve first."""
    picture, side = views.stage(3, 2)
    curve, knobs, below = (picture.container() for _k in range(3))
    if lecture.is_on():  # figures fill the window: the bet stands with the controls
        knobs, below = side.container(), side
    with side:
        setup = controls.draw(knobs)
        beside = views.pick(BESIDE, _("Picture"), PICTURES, default="plane", quiet=True)
    key = (setup.network, setup.seed)
    spectrum = jobs.once("gradients_spectrum", key, lambda _stop: exploding.spectrum(*key))
    if lecture.is_on():
        curve, side = curve.columns(2)
    saturated = beside == "saturation"
    with curve:
        if saturated:
            _saturation(spectrum, _)
        else:
            _by_lag(spectrum, setup, _)
    with below:
        _box(spectrum, setup, _)
        if not saturated:
            _notes(spectrum, setup, _)
    with side:
        if saturated:
            _by_lag(spectrum, setup, _)
            _notes(spectrum, setup, _)
        else:
            _plane(spectrum, setup, _)


def _saturation(spectrum: Spectrum, _: style.Translate) -> None:
    """tanh with the units of this network on it (slide 30)."""
    figure, alt = spectral.saturation(spectrum, _), spectral.saturation_alt(spectrum, _)
    views.chart(figure, alt, "gradients_saturation", "saturation")
    st.markdown(f"**{literal(alt)}**")


def _box(spectrum: Spectrum, setup: Setup, _: style.Translate) -> None:
    """The bet or, once it is made, what came of it."""
    with st.container(border=True, gap="small"):
        if setup.bet == HIDDEN:
            _ask(spectrum, _)
        else:
            _tell(spectrum, setup, _)


def _by_lag(spectrum: Spectrum, setup: Setup, _: style.Translate) -> None:
    """The curve."""
    hidden = setup.bet == HIDDEN
    figure = spectral.by_lag(spectrum, _, hidden=hidden)
    alt = spectral.by_lag_alt(spectrum, _, hidden=hidden)
    views.chart(figure, alt, "gradients_by_lag", "gradient-by-lag")


def _notes(spectrum: Spectrum, setup: Setup, _: style.Translate) -> None:
    """What the curve's dashed line is, and the same in PyTorch."""
    if setup.bet == HIDDEN:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        views.pytorch(snippet(setup.network), quiet=True)
        linear = literal(spectral.factor(float(spectrum.linear[-1]), _))
        text = _("Dashed: the linear network with the same matrix, {size} at lag {lag}.")
        st.caption(text.format(size=linear, lag=spectrum.length))
    if setup.network.kind == "triangular":
        st.caption(
            _(
                "The hump lives where tanh is linear. With 64 units its peak is 64,000 at an input "
                "of exactly 0, 83 at 0.001, and at 0.03 there is none."
            )
        )


def _plane(spectrum: Spectrum, setup: Setup, _: style.Translate) -> None:
    """The eigenvalues, which are there to be looked at before the bet."""
    figure, alt = spectral.eigenvalues(spectrum, _), spectral.eigenvalues_alt(spectrum, _)
    views.chart(figure, alt, "gradients_eigenvalues", "eigenvalues")
    said = _("Largest modulus of the eigenvalues **ρ = {rho}**, largest singular value **{sigma}**")
    line = said.format(
        rho=decimal(spectrum.radius), sigma=f"σₘₐₓ = {decimal(spectrum.largest_singular)}"
    )
    if setup.bet != HIDDEN:
        slope = _("mean of 1 − tanh² **{slope}**")
        if spectrum.activation == "relu":
            slope = _("mean slope of ReLU **{slope}**")
        line += ", " + slope.format(slope=decimal(spectrum.slope))
    st.markdown(line + ".")


def _ask(spectrum: Spectrum, _: style.Translate) -> None:
    """Four bets, and a way around them."""

    def place(bet: str) -> None:
        links.set_values({BET: bet})
        st.session_state[_FRESH] = True

    text = _(
        "**Your bet:** from lag 0 back to lag {lag}, what does the gradient of this network do?"
    )
    st.markdown(text.format(lag=spectrum.length))
    with st.container(horizontal=True, gap="small"):
        for bet in BETS:
            st.button(
                spectral.outcome_name(bet, _).capitalize(),
                key=f"gradients_bet_{bet}",
                on_click=place,
                args=(bet,),
            )
        st.button(
            _("Show without a bet"),
            key="gradients_no_bet",
            type="tertiary",
            on_click=links.set_values,
            args=({BET: SHOWN},),
        )
    st.caption(_("“Stays” means: within a factor of ten of lag 0, the grey band."))


def _tell(spectrum: Spectrum, setup: Setup, _: style.Translate) -> None:
    """The sentence computed from the numbers, how it fits with ρ, and the bet's score."""
    st.markdown(f"**{literal(spectral.sentence(spectrum, _))}**")
    st.markdown(literal(spectral.remark(spectrum, _)))
    right = setup.bet == spectrum.outcome
    if st.session_state.pop(_FRESH, False):
        bets.record(controls.bet_id(setup.preset), setup.bet, right=right)
    if setup.bet in BETS:
        bets.tell(spectral.outcome_name(setup.bet, _), right=right)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shown: set[str] = st.session_state.setdefault(_SEEN, set())
        shown.add(setup.preset)
        order = [*PRESETS, *PRESETS]
        others = order[order.index(setup.preset) + 1 :]  # round, from here on
        new = (p for p in others if p not in shown and controls.bet_id(p) not in bets.made())
        following = next(new, None)
        if following:
            st.button(
                _("Bet on the next one"),
                key="gradients_next",
                icon=":material/casino:",
                on_click=links.set_values,
                args=({PRESET: following, **PRESETS[following].state(), BET: HIDDEN},),
            )
        bets.score("gradients")


_MATRICES = {
    "gaussian": "W = torch.randn({n}, {n}); W *= {rho} / torch.linalg.eigvals(W).abs().max()",
    "triangular": "W = {rho} * torch.eye({n}) + {excess} * torch.ones({n}, {n}).triu(1)",
    "orthogonal": "W = {rho} * torch.linalg.qr(torch.randn({n}, {n})).Q",
    "identity": "W = {rho} * torch.eye({n})",
    "saturated": "W = {rho} / 0.2**0.5 * torch.tensor([[1.5, -2.0], [1.0, -1.2]])",
}


def snippet(network: Network) -> str:
    """‖∂h_n/∂h_k‖ by lag with the numbers of the figure; another draw of the random numbers."""
    relu, held = network.activation == "relu", network.kind == "saturated"
    numbers = {"n": network.size, "rho": network.radius, "excess": network.excess}
    noise = f"{network.scale} * torch.randn({network.size})"
    start = f"torch.randn({network.size})"
    return views.snippet("by-lag").format(
        matrix=_MATRICES[network.kind].format(**numbers),
        start=f"{start}.abs()" if relu else f"torch.tanh({start})",
        pre=f"torch.tensor([0.0, 20.0]) + {noise}" if held else f"W @ h + {noise}",
        activation="torch.relu(a)" if relu else "torch.tanh(a)",
        slope="(h > 0).double()" if relu else "1 - h**2",
        length=network.length,
        n=network.size,
    )
