"""How the model is trained: the cell, and in Settings the sizes and the training."""

from __future__ import annotations

import streamlit as st

from engine.cells import CELLS
from engine.figures import numbers, style
from engine.tasks.characters.own_files import Plan
from pages.shared import links, views
from pages.shared.text import _, decimal

DEFAULT = Plan()

UNITS = ("32", "64", "128", "256")
LAYERS = ("1", "2", "3")
STEPS = ("5", "10", "20", "50", "100", "200")
RATES = ("0.001", "0.003", "0.01", "0.03")
CLIPS = ("0", "0.1", "0.5", "1", "5")
ITERATIONS = ("100", "300", "1000", "3000")
SEEDS = tuple(str(seed) for seed in range(10_000))
WIDE = 600
"""Pixels of the open Settings, where the window has them: no row of choices wraps."""

WINDOW = "train_steps"
IN_SETTINGS = (
    *("train_units", "train_layers", WINDOW, "train_rate"),
    *("train_clip", "train_iterations", "train_seed"),
)


def settle() -> Plan:
    """The plan that the link and the widgets say, whose defaults are the engine's."""
    return Plan(
        cell=links.choice("train_cell", tuple(CELLS), DEFAULT.cell),
        hidden=int(links.choice("train_units", UNITS, str(DEFAULT.hidden))),
        layers=int(links.choice("train_layers", LAYERS, str(DEFAULT.layers))),
        steps=int(links.choice(WINDOW, STEPS, str(DEFAULT.steps))),
        rate=float(links.choice("train_rate", RATES, f"{DEFAULT.rate:g}")),
        clip=float(links.choice("train_clip", CLIPS, f"{DEFAULT.clip:g}")),
        iterations=int(links.choice("train_iterations", ITERATIONS, str(DEFAULT.iterations))),
        seed=int(links.choice("train_seed", SEEDS, str(DEFAULT.seed))),
    )


def draw() -> Plan:
    """The cell and Settings; returns the plan."""
    plan = settle()
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        views.pick("train_cell", _("Cell"), CELLS, lambda cell: style.cell_style(cell).title)
        with st.popover(_("Settings"), icon=":material/tune:", key="train_settings"):
            _settings()
    return plan


def _settings() -> None:
    """Everything else that a training is run with."""
    links.resend(*IN_SETTINGS)
    window_help = _(
        "Truncated BPTT: the state goes on from window to window, the gradient does not. The view "
        "“Window” shows it on your text."
    )

    def name(id: str) -> str:
        return number(float(id))

    with st.container(width=WIDE):
        size, training = st.columns([6, 5], gap="medium")
    with size:
        st.markdown(_("**The network**"))
        views.pick("train_units", _("Hidden units per layer"), UNITS, wrap=True)
        views.pick("train_layers", _("Layers"), LAYERS, wrap=True)
        label = _("Characters that the gradient sees")
        views.pick(WINDOW, label, STEPS, about=window_help, wrap=True)
        st.text_input(_("Seed (0 to 9999)"), key="train_seed")
    with training:
        st.markdown(_("**How it is trained**"))
        views.pick("train_rate", _("Learning rate (Adam)"), RATES, name, wrap=True)
        names = {id: _("off") if id == "0" else name(id) for id in CLIPS}
        label = _("Clip the gradient's norm at")
        views.pick("train_clip", label, CLIPS, names.__getitem__, wrap=True)
        views.pick("train_iterations", _("Iterations"), ITERATIONS, name, wrap=True)


def number(value: float) -> str:
    """A number as the reader's language writes it, with no more digits than it has."""
    if value >= 1000:
        return numbers.grouped(round(value))
    return decimal(value, len(f"{value:g}".partition(".")[2]))


def summary(plan: Plan) -> str:
    """The settings in one line."""
    clip = _("clipped at {limit}").format(limit=number(plan.clip))
    return ", ".join(
        (
            _("{units} units × {layers}").format(units=plan.hidden, layers=plan.layers),
            _("the gradient sees {steps} characters").format(steps=plan.steps),
            _("rate {rate}").format(rate=number(plan.rate)),
            clip if plan.clip else _("never clipped"),
            _("{count} iterations").format(count=number(plan.iterations)),
            _("seed {seed}").format(seed=plan.seed),
        )
    )
