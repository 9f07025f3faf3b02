"""What is raced for: task, lag, and in Settings how the networks start and are trained."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_
from engine.figures.style import Translate
from engine.tasks.memory import CHRONO, TASKS, Plan
from pages.shared import links, views
from pages.shared.text import _, numeral

DEFAULT = Plan()
NAMES = {"recall": N_("First symbol"), "copy": N_("Copy"), "adding": N_("Adding")}

LAGS = ("5", "10", "20", "30", "50", "75", "100", "150", "200")
KEEPS = ("0", "1", "2", "4", CHRONO)
RATES = ("0.001", "0.003", "0.01", "0.03")
TRUNCATIONS = ("0", "10", "20", "50")
CLIPS = ("0", "0.1", "1", "10")
UNITS = ("8", "16", "32", "64", "128")
BUDGETS = ("500", "1000", "2000", "4000")
SEEDS = 9999
SWITCH = {"off": N_("no"), "on": N_("yes")}

IN_SETTINGS = (
    *("race_keep", "race_units", "race_matched", "race_orthogonal", "race_seed"),
    *("race_rate", "race_truncation", "race_clip", "race_budget"),
)


def draw() -> Plan:
    """Task, lag, Settings. What the link and the widgets say; each default is the engine's."""
    keep = links.choice("race_keep", KEEPS, str(DEFAULT.keep))
    plan = Plan(
        task=links.choice("race_task", TASKS, DEFAULT.task),
        lag=int(links.choice("race_lag", LAGS, str(DEFAULT.lag))),
        keep=CHRONO if keep == CHRONO else float(keep),
        rate=float(links.choice("race_rate", RATES, f"{DEFAULT.rate:g}")),
        truncation=int(links.choice("race_truncation", TRUNCATIONS, str(DEFAULT.truncation))),
        clip=float(links.choice("race_clip", CLIPS, f"{DEFAULT.clip:g}")),
        hidden=int(links.choice("race_units", UNITS, str(DEFAULT.hidden))),
        seed=int(links.choice("race_seed", list(map(str, range(SEEDS + 1))), str(DEFAULT.seed))),
        orthogonal=links.choice("race_orthogonal", SWITCH, "off") == "on",
        matched=links.choice("race_matched", SWITCH, "off") == "on",
        steps=int(links.choice("race_budget", BUDGETS, str(DEFAULT.steps))),
    )
    views.pick("race_task", _("What to remember"), NAMES)
    views.pick_number("race_lag", _("Lag: steps to remember it for"), LAGS)
    label = _("Settings: {settings}").format(settings=_summary(plan, _))
    with st.popover(label, icon=":material/tune:", key="race_settings"):
        links.resend(*IN_SETTINGS)
        starts, training = st.columns(2, gap="medium")
        with starts:
            _starts(_)
        with training:
            _training(_)
    return plan


def values(plan: Plan) -> dict[str, str]:
    """What the widgets and the link say of `plan`."""
    return {
        "race_task": plan.task,
        "race_lag": str(plan.lag),
        "race_keep": CHRONO if plan.keep == CHRONO else f"{plan.keep:g}",
        "race_rate": f"{plan.rate:g}",
        "race_truncation": str(plan.truncation),
        "race_clip": f"{plan.clip:g}",
        "race_units": str(plan.hidden),
        "race_seed": str(plan.seed),
        "race_orthogonal": "on" if plan.orthogonal else "off",
        "race_matched": "on" if plan.matched else "off",
        "race_budget": str(plan.steps),
    }


def _starts(_: Translate) -> None:
    """Settings: how the networks start."""
    st.markdown(_("**How the networks start**"))
    about = _(
        "What the gate that keeps the old state starts with: the LSTM's forget gate, the GRU's "
        "update gate with its sign turned. “chrono” draws log U(1, lag) for each unit. The "
        "plain RNN has no such gate."
    )
    views.pick("race_keep", _("Keep bias of LSTM and GRU"), KEEPS, numeral, about=about)
    views.pick("race_units", _("Hidden units"), UNITS)
    about = _(
        "With the same number of units the cells of RNN, GRU and LSTM have parameters as 1 to "
        "3 to 4. “Yes” gives RNN and GRU more units, so that all three have about as many."
    )
    views.pick("race_matched", _("As many parameters as the LSTM"), SWITCH, about=about)
    about = _("Every eigenvalue of W_h then starts with modulus 1.")
    views.pick("race_orthogonal", _("Orthogonal W_h for the RNN"), SWITCH, about=about)
    st.text_input(_("Seed (0 to 9999)"), key="race_seed")


def _training(_: Translate) -> None:
    """Settings: how they are trained."""

    def zero_is_never(id: str) -> str:
        return _("never") if id == "0" else numeral(id)

    st.markdown(_("**How they are trained**"))
    views.pick("race_rate", _("Learning rate (Adam)"), RATES, numeral)
    about = _(
        "Truncated BPTT: the state goes on, the gradient does not. Counted back from the "
        "answer; what lies before the cut gets no gradient at all."
    )
    label = _("Cut the gradient every … steps")
    views.pick("race_truncation", label, TRUNCATIONS, zero_is_never, about=about)
    views.pick("race_clip", _("Clip the gradient's norm at"), CLIPS, zero_is_never)
    views.pick("race_budget", _("Budget: training steps"), BUDGETS, numeral)


def description(plan: Plan) -> str:
    """Everything about a race that may differ from another, in one line."""
    parts = [
        _(NAMES[plan.task]),
        _("lag {lag}").format(lag=plan.lag),
        _summary(plan, _),
        _("rate {rate}").format(rate=numeral(f"{plan.rate:g}")),
        _("seed {seed}").format(seed=plan.seed),
    ]
    if plan.truncation:
        parts.append(_("gradient cut every {steps} steps").format(steps=plan.truncation))
    if plan.matched:
        parts.append(_("as many parameters each"))
    if plan.orthogonal:
        parts.append(_("orthogonal W_h"))
    return ", ".join(parts)


def _summary(plan: Plan, _: Translate) -> str:
    keep = CHRONO if plan.keep == CHRONO else numeral(f"{plan.keep:g}")
    return _("keep bias {keep}, {units} units").format(keep=keep, units=plan.hidden)
