"""What is raced for: task, lag, and in Settings how the networks start and are trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from engine.errors import N_
from engine.tasks.memory import CHRONO, TASKS, Plan
from pages.shared import links
from pages.shared.text import decimal, translator

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

IN_SETTINGS = (
    *("race_keep", "race_units", "race_matched", "race_orthogonal", "race_seed"),
    *("race_rate", "race_truncation", "race_clip", "race_budget"),
)

Names = Callable[[str], str]


def draw() -> Plan:
    """Task, lag, Settings."""
    _ = translator()
    plan = _plan()
    st.segmented_control(
        _("What to remember"),
        list(NAMES),
        key="race_task",
        format_func=lambda task: _(NAMES[task]),
        required=True,
    )
    st.select_slider(_("Lag: steps to remember it for"), LAGS, key="race_lag", width=230)
    label = _("Settings: {settings}").format(settings=_summary(plan, _))
    with st.popover(label, icon=":material/tune:", key="race_settings"):
        _settings(_)
    return plan


def _plan() -> Plan:
    """What the link and the widgets say; each default is the engine's."""
    keep = links.choice("race_keep", KEEPS, str(DEFAULT.keep))
    return Plan(
        task=links.choice("race_task", TASKS, DEFAULT.task),
        lag=int(links.choice("race_lag", LAGS, str(DEFAULT.lag))),
        keep=CHRONO if keep == CHRONO else float(keep),
        rate=float(links.choice("race_rate", RATES, f"{DEFAULT.rate:g}")),
        truncation=int(links.choice("race_truncation", TRUNCATIONS, str(DEFAULT.truncation))),
        clip=float(links.choice("race_clip", CLIPS, f"{DEFAULT.clip:g}")),
        hidden=int(links.choice("race_units", UNITS, str(DEFAULT.hidden))),
        seed=int(links.choice("race_seed", list(map(str, range(SEEDS + 1))), str(DEFAULT.seed))),
        orthogonal=_switch("race_orthogonal"),
        matched=_switch("race_matched"),
        steps=int(links.choice("race_budget", BUDGETS, str(DEFAULT.steps))),
    )


def _switch(key: str) -> bool:
    return links.choice(key, ("off", "on"), "off") == "on"


def _settings(_: Names) -> None:
    """Everything else that a race is run with."""
    links.resend(*IN_SETTINGS)
    starts, training = st.columns(2, gap="medium")
    with starts:
        st.markdown(_("**How the networks start**"))
        about = _(
            "What the gate that keeps the old state starts with: the LSTM's forget gate, the GRU's "
            "update gate with its sign turned. “chrono” draws log U(1, lag) for each unit. The "
            "plain RNN has no such gate."
        )
        _pick("race_keep", _("Keep bias of LSTM and GRU"), KEEPS, about)
        _pick("race_units", _("Hidden units"), UNITS)
        about = _(
            "With the same number of units the cells of RNN, GRU and LSTM have parameters as 1 to "
            "3 to 4. “Yes” gives RNN and GRU more units, so that all three have about as many."
        )
        _toggle("race_matched", _("As many parameters as the LSTM"), about)
        about = _("Every eigenvalue of W_h then starts with modulus 1.")
        _toggle("race_orthogonal", _("Orthogonal W_h for the RNN"), about)
        st.text_input(_("Seed (0 to 9999)"), key="race_seed")
    with training:
        st.markdown(_("**How they are trained**"))
        _pick("race_rate", _("Learning rate (Adam)"), RATES)
        about = _(
            "Truncated BPTT: the state goes on, the gradient does not. Counted back from the "
            "answer; what lies before the cut gets no gradient at all."
        )
        _pick("race_truncation", _("Cut the gradient every … steps"), TRUNCATIONS, about, True)
        _pick("race_clip", _("Clip the gradient's norm at"), CLIPS, None, True)
        _pick("race_budget", _("Budget: training steps"), BUDGETS)


def _pick(
    key: str, label: str, ids: Sequence[str], about: str | None = None, off: bool = False
) -> None:
    """One choice among few numbers; with `off`, 0 is called by what it means."""
    _ = translator()
    st.segmented_control(
        label,
        ids,
        key=key,
        format_func=lambda id: _("never") if off and id == "0" else number(id),
        required=True,
        help=about,
    )


def _toggle(key: str, label: str, about: str) -> None:
    _ = translator()
    names = {"off": _("no"), "on": _("yes")}
    st.segmented_control(
        label, list(names), key=key, format_func=lambda id: names[id], required=True, help=about
    )


def number(id: str) -> str:
    """A number as the reader's language writes it; a word stays."""
    try:
        value = float(id)
    except ValueError:
        return id
    return decimal(value, len(id.partition(".")[2]))


def description(plan: Plan) -> str:
    """Everything about a race that may differ from another, in one line."""
    _ = translator()
    parts = [
        _(NAMES[plan.task]),
        _("lag {lag}").format(lag=plan.lag),
        _summary(plan, _),
        _("rate {rate}").format(rate=number(f"{plan.rate:g}")),
        _("seed {seed}").format(seed=plan.seed),
    ]
    if plan.truncation:
        parts.append(_("gradient cut every {steps} steps").format(steps=plan.truncation))
    if plan.matched:
        parts.append(_("as many parameters each"))
    if plan.orthogonal:
        parts.append(_("orthogonal W_h"))
    return ", ".join(parts)


def _summary(plan: Plan, _: Names) -> str:
    keep = CHRONO if plan.keep == CHRONO else f"{plan.keep:g}"
    return _("keep bias {keep}, {units} units").format(keep=keep, units=plan.hidden)
