"""The gradient panel: one form on every page that has a gradient to show.

A bold sentence per cell, computed from its numbers, then the curves: norms divided by the last
step's, on a log axis, with one knob for what runs along the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import norms, style
from engine.results import GradientProfile
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import literal, translator

AXES = {"token": N_("Token by token"), "lag": N_("By lag")}


def draw(
    profiles: Sequence[GradientProfile],
    key: str,
    loss: str,
    choose: Callable[[], None] | None = None,
    says: Callable[[GradientProfile], str] | None = None,
) -> None:
    """Draws one column per profile and one figure for all.

    `key` begins the names of the knob (`<key>_axis`) and of the figure; `loss` says which loss the
    gradient is taken of, as Markdown. `choose` draws a choice of the page's own above the columns:
    what is profiled. `says` tells, as Markdown, what a network answers; without it its verdict.
    """
    _ = translator()
    st.subheader(_("How far back does the gradient reach?"))
    st.caption(loss)
    if choose is not None:
        choose()
    for column, profile in zip(st.columns(len(profiles)), profiles, strict=True):
        with column.container(border=True, height="stretch"):
            _card(profile, _)
            st.caption(_says(profile, _) if says is None else says(profile))
    axis = knob(f"{key}_axis")
    st.plotly_chart(
        norms.decay(profiles, _, axis),
        key=f"{key}_figure",
        config=saving.config("gradient"),
        alt=norms.decay_alt(profiles, _),
    )
    if any(profile.c is not None for profile in profiles):
        st.caption(memory())


def memory() -> str:
    """What is said wherever an LSTM's curves are drawn."""
    _ = translator()
    return _(
        "An LSTM carries its memory in c, so ∂e/∂h alone leaves out the direct path through c "
        "(slide 42): compare slopes, and for the LSTM its c."
    )


def _card(profile: GradientProfile, _: Callable[[str], str]) -> None:
    """One cell: its size, its own verdict, and its sentence in bold."""
    cell = style.cell_style(profile.cell)
    size = _("{count} parameters (×{times} per unit)").format(
        count=style.grouped(profile.parameters), times=len(CELLS[profile.cell].gates)
    )
    st.markdown(f"**{cell.title}** · {size}")
    st.markdown(f"**{literal(norms.sentence(profile, _))}**")
    if profile.c is not None:
        along_h = _("This is along c; along h alone: {ratio}.")
        st.caption(along_h.format(ratio=literal(norms.factor(profile.by_lag.relative("h")[-1], _))))


def _says(profile: GradientProfile, _: Callable[[str], str]) -> str:
    """The network's own verdict."""
    label = style.label_name(profile.verdict.label, _)
    return _("It says: {label}, {percent}").format(
        label=label, percent=literal(style.percent(profile.verdict.confidence))
    )


def knob(name: str) -> str:
    """Along which axis the curves are drawn: a choice of its own in the address."""
    _ = translator()
    axis = links.choice(name, AXES, "token")
    st.segmented_control(
        _("Along the axis"),
        list(AXES),
        key=name,
        format_func=lambda axis: _(AXES[axis]),
        required=True,
        label_visibility="collapsed",
    )
    return axis


def group(name: str, titles: Mapping[str, str], known: Sequence[str]) -> str:
    """Which models are compared, of groups that are `known`: such as were built alike."""
    _ = translator()
    chosen = links.choice(name, known, known[0])
    st.segmented_control(
        _("Which models"),
        known,
        key=name,
        format_func=lambda id: _(titles[id]),
        required=True,
        label_visibility="collapsed",
    )
    return chosen
