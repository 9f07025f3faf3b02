"""Exploding and clipping: the same training twice, once with the gradient's norm bounded."""

from __future__ import annotations

import streamlit as st

from engine.figures.gradients import clipping as figures
from engine.lab.explosion import Trial
from pages.parts.gradients import compute, snippets
from pages.parts.gradients.ask import SEEDS
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import decimal, lesson, literal, translator

CLIP, START, RATE, SEED = (
    *("gradients_clip", "gradients_start"),
    *("gradients_rate", "gradients_trial"),
)
CLIPS, STARTS = ["0.1", "0.3", "1", "3", "10"], ["0.5", "1.0", "1.5", "2.0", "2.5"]
RATES = ["0.03", "0.1", "0.3", "1"]


def draw() -> None:
    """Threshold, ρ and rate; what came of it; norm and loss over the steps."""
    _ = translator()
    st.markdown(lesson("gradients")["clipping"])
    one, two, three = st.columns(3, gap="medium")
    with one:
        clip = _slider(CLIP, CLIPS, "1", _("Largest norm allowed θ"))
    with two:
        start = _slider(START, STARTS, "2.0", _("ρ of W_h at the start"))
    with three:
        rate = _slider(RATE, RATES, "0.3", _("Learning rate η"))
    seed = links.choice(SEED, SEEDS, "0")
    with st.popover(_("Settings"), icon=":material/tune:", key="gradients_clipping_settings"):
        links.resend(SEED)
        st.select_slider(_("Seed"), SEEDS, key=SEED)
    trial = Trial(radius=float(start), rate=float(rate))
    found = compute.descents(trial, float(clip), int(seed))
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.markdown(" ".join(literal(figures.outcome(run, _)) for run in found))
    left, right = st.columns(2, gap="medium")
    with left:
        st.plotly_chart(
            figures.norms(found, _),
            key="gradients_norms",
            config=saving.config("gradient-norm"),
            alt=figures.norms_alt(found, _),
        )
    with right:
        st.plotly_chart(
            figures.losses(found, _),
            key="gradients_losses",
            config=saving.config("loss-with-and-without-clipping"),
            alt=figures.losses_alt(found, _),
        )
    with st.popover(_("The same in PyTorch"), icon=":material/code:", type="tertiary"):
        st.code(snippets.CLIP, language="python")


def _slider(key: str, ids: list[str], default: str, label: str) -> str:
    value = links.choice(key, ids, default)
    st.select_slider(
        label,
        ids,
        key=key,
        format_func=lambda v: decimal(float(v), len(v.partition(".")[2])),
    )
    return value
