"""The gradient panel: one form on every page that has a gradient to show.

A bold sentence per cell, computed from its numbers, then the curves: norms divided by the last
step's, on a log axis, with one knob for what runs along the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import norms, numbers, style
from engine.results import GradientProfile
from pages.shared import views
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, literal

AXES = {"token": N_("Token by token"), "lag": N_("By lag")}


def verdict(profile: GradientProfile) -> str:
    """The network's own verdict, as Markdown."""
    label = style.label_name(profile.verdict.label, _)
    return _("Prediction: {label} ({percent})").format(
        label=label, percent=literal(numbers.percent(profile.verdict.confidence))
    )


def draw(
    profiles: Sequence[GradientProfile],
    key: str,
    loss: str,
    says: Callable[[GradientProfile], str] = verdict,
) -> None:
    """Draws one column per profile and one figure for all.

    `key` begins the names of the knob (`<key>_axis`) and of the figure; `loss` says which loss the
    gradient is taken of, as Markdown. `says` tells, as Markdown, what a network answers.
    """
    st.subheader(_("How far back does the gradient reach?"))
    st.caption(loss)
    draw_cells(profiles, says)
    curves = norms.decay(profiles, _, knob(f"{key}_axis"))
    views.chart(curves, norms.decay_alt(profiles, _), f"{key}_figure", "gradient")
    if any(profile.c is not None for profile in profiles):
        st.caption(memory())


def headline(page: str, sentence: str, view: str = "gradient") -> None:
    """In a page's first view: what the gradient does here, in bold, and a button that opens the
    `view` on it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{literal(sentence)}**", width="content")
        st.button(
            _("Gradient"),
            key=f"{page}_headline",
            icon=":material/trending_down:",
            type="tertiary",
            on_click=views.open_view,
            args=(page, view),
        )


@dataclass(frozen=True)
class Card:
    """What stands about one model: its name, its size, what its numbers say, notes (Markdown)."""

    title: str
    size: str
    sentence: str
    notes: Sequence[str] = ()


def draw_cells(profiles: Sequence[GradientProfile], says: Callable[[GradientProfile], str]) -> None:
    """A column for each cell: its sentence, and as Markdown what it `says`."""
    draw_cards([_card(profile, says) for profile in profiles])


def draw_cards(cards: Sequence[Card]) -> None:
    """A column for each model."""
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{literal(card.title)}** · {card.size}")
            st.markdown(f"**{literal(card.sentence)}**")
            for text in card.notes:
                st.caption(text)


@dataclass(frozen=True)
class Comparison:
    """What some models' gradients show of one loss: `loss` and `note` are Markdown, `curves` draws
    along an axis of `AXES`."""

    loss: str
    cards: Sequence[Card]
    curves: Callable[[str], go.Figure]
    alt: str
    note: str = ""


def compare(
    page: str,
    titles: Mapping[str, str],
    known: Sequence[str],
    follow: Callable[[str], Comparison],
    side: DeltaGenerator,
) -> None:
    """The view "Gradient" of a page whose models are compared in groups: the curves, which loss
    they are of, a card for each model, a note; in `side` the group and the axis.

    `known` are the ids of the groups that there are, `titles` what groups are called, and `follow`
    computes one of them.
    """
    names = {id: titles[id] for id in known}
    with side:
        label = _("Which models")
        chosen = views.chosen(f"{page}_models", names, known[0], label=label, wrap=True)
        axis = knob(f"{page}_gradient_axis")
    found = follow(chosen)
    views.chart(found.curves(axis), found.alt, f"{page}_gradient_figure", "gradient")
    st.caption(found.loss)
    draw_cards(found.cards)
    if found.note:
        st.caption(found.note)


def size(parameters: int) -> str:
    """How large a model is."""
    return _("{count} parameters").format(count=numbers.grouped(parameters))


def along_h(ratio: str) -> str:
    """A card's note on an LSTM: its sentence is along c."""
    return _("This is along c; along h alone: {ratio}.").format(ratio=literal(ratio))


def memory() -> str:
    """What is said wherever an LSTM's curves are drawn."""
    return _(
        "An LSTM carries its memory in c, so ∂e/∂h alone leaves out the direct path through c "
        "(slide 42): compare slopes, and for the LSTM its c."
    )


def _card(profile: GradientProfile, says: Callable[[GradientProfile], str]) -> Card:
    """One cell: its size, its sentence, and its own verdict."""
    count = _("{count} parameters (weight matrices ×{times} per unit)").format(
        count=numbers.grouped(profile.parameters), times=len(CELLS[profile.cell].gates)
    )
    ratio = norms.factor(profile.by_lag.relative("h")[-1], _)
    notes = [*([along_h(ratio)] if profile.c is not None else []), says(profile)]
    return Card(style.cell_style(profile.cell).title, count, norms.sentence(profile, _), notes)


def knob(name: str) -> str:
    """Along which axis the curves are drawn: a choice of its own in the address."""
    return views.chosen(name, AXES, "token", label=_("Along the axis"))
