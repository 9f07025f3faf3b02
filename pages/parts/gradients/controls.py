"""The controls of the lab: a preset, ρ and the input's scale, and in Settings the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine.errors import N_
from engine.figures import numbers
from engine.lab.exploding import SATURATED, Network
from pages.shared import links, views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, option_names
from pages.shared.tokens import bets

PRESET, RHO, SCALE, BET = "gradients_preset", "gradients_rho", "gradients_scale", "gradients_bet"
SIZE, LENGTH = "gradients_size", "gradients_length"
SEED, EXCESS = "gradients_seed", "gradients_excess"

RHOS = [f"{k / 20:.2f}" for k in range(6, 51)]
SCALES = ["0", "0.01", "0.03", "0.1", "0.2", "0.3", "0.5", "1", "2", "3"]
SIZES, LENGTHS = ["8", "16", "32", "64", "128"], ["50", "100", "200", "300", "500"]
SEEDS = [str(k) for k in range(20)]
EXCESSES = ["0", "0.01", "0.02", "0.05", "0.1", "0.2"]

HIDDEN, SHOWN = "ask", "shown"
BETS = ("vanishes", "stays", "hump", "explodes")
"""What can be bet; the link also knows a curve that is hidden, and one shown without a bet."""


@dataclass(frozen=True)
class Preset:
    """A kind of matrix together with ρ and the input's scale; its name gives nothing away."""

    about: str
    kind: str
    rho: str
    scale: str

    def state(self) -> dict[str, str]:
        """The values of the two sliders."""
        return {RHO: self.rho, SCALE: self.scale}


PRESETS = {
    "vanishes": Preset(N_("ρ = {rho}, input {scale}"), "gaussian", "0.90", "0.1"),
    "still": Preset(N_("ρ = {rho}, input {scale}"), "gaussian", "1.10", "1"),
    "explodes": Preset(N_("ρ = {rho}, input {scale}"), "gaussian", "2.00", "0.3"),
    "hump": Preset(N_("ρ = {rho}, not normal, input {scale}"), "triangular", "0.80", "0"),
    "saturated": Preset(N_("ρ = {rho}, one unit saturated"), "saturated", "0.45", "0"),
    "orthogonal": Preset(N_("orthogonal, no input"), "orthogonal", "1.00", "0"),
    "relu": Preset(N_("identity and ReLU, input {scale}"), "identity", "1.00", "0.1"),
}
FIRST = "vanishes"


@dataclass(frozen=True)
class Setup:
    """What is to be built and run, and how far the bet on it has come."""

    preset: str
    network: Network
    seed: int
    bet: str


def draw(knobs: DeltaGenerator) -> Setup:
    """A choice of matrices and Settings; in `knobs`, which may be elsewhere, ρ and the input's
    scale."""
    preset = links.choice(PRESET, PRESETS, FIRST)
    kind = PRESETS[preset].kind
    _complete(preset)
    st.pills(
        _("A recurrent matrix W_h"),
        list(PRESETS),
        key=PRESET,
        format_func=option_names(PRESETS, preset_name),
        on_change=_take_preset,
        required=True,
        wrap=True,
    )
    one, other = knobs.columns(2, gap="medium")
    with one:
        rho = _slider(RHO, _("Spectral radius ρ"), RHOS, PRESETS[preset].rho)
    with other:
        scale = _slider(SCALE, _("Input scale"), SCALES, PRESETS[preset].scale)
    bet = links.choice(BET, [HIDDEN, SHOWN, *BETS], SHOWN)
    size = links.choice(SIZE, SIZES, "64")
    length = links.choice(LENGTH, LENGTHS, "200")
    seed = links.choice(SEED, SEEDS, "0")
    excess = links.choice(EXCESS, EXCESSES, "0.05")
    units = str(len(SATURATED)) if kind == "saturated" else size
    summary = _("Settings: {units} units, {length} steps").format(units=units, length=length)
    with st.popover(summary, icon=":material/tune:", key="gradients_settings"):
        links.resend(SIZE, LENGTH, SEED, EXCESS)
        _slider(SIZE, _("Hidden size"), SIZES, disabled=kind == "saturated")
        _slider(LENGTH, _("Length: steps back"), LENGTHS)
        _slider(SEED, _("Seed"), SEEDS)
        _slider(EXCESS, _("Non-normality"), EXCESSES, disabled=kind != "triangular")
        st.caption(
            _(
                "The saturated example has two units. Non-normality is the number above the "
                "diagonal of the matrix called “not normal”: ρ on the diagonal, it above."
            )
        )
    network = Network(kind, float(rho), float(scale), int(units), int(length), float(excess))
    return Setup(preset, network, int(seed), bet)


def preset_name(id: str) -> str:
    """What a preset is called: what is fixed in it, in the reader's numbers."""
    preset = PRESETS[id]
    rho, scale = (numbers.general(float(value)) for value in (preset.rho, preset.scale))
    return _(preset.about).format(rho=rho, scale=scale)


def _complete(preset: str) -> None:
    """A link that names a preset and no ρ or scale means the preset's own."""
    asked = st.query_params
    fresh = st.session_state.get("_gradients_preset") != preset
    if fresh and asked.get(PRESET) == preset:
        links.set_values({k: v for k, v in PRESETS[preset].state().items() if k not in asked})
    st.session_state["_gradients_preset"] = preset


def bet_id(preset: str) -> str:
    """What the bet on a preset's numbers is kept by."""
    return f"gradients,{preset}"


def _take_preset() -> None:
    """A preset brings its ρ and scale, and asks for a bet unless it had one in this session."""
    chosen = st.session_state[PRESET]
    if chosen in PRESETS:
        known = bet_id(chosen) in bets.made()
        state = PRESETS[chosen].state() | {BET: SHOWN if known else HIDDEN}
        links.set_values(state)
        st.session_state["_gradients_preset"] = chosen


def _slider(
    key: str, label: str, ids: Sequence[str], default: str | None = None, *, disabled: bool = False
) -> str:
    """A slider. Whoever turns it explores, so the curve is uncovered: the bet was on the numbers
    before."""

    def uncover() -> None:
        links.set_values({BET: SHOWN})

    return views.pick_number(key, label, ids, default, on_change=uncover, disabled=disabled)
