"""Two runs on one axis: what did clipping, size or cell change?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.figures import style
from engine.figures.train import curves as figures
from engine.results import OwnTrainingRecord
from pages.parts.train import compute
from pages.parts.train.ask import number
from pages.parts.train.source import Chosen
from pages.shared import figures as saving
from pages.shared import live
from pages.shared.text import decimal, literal, translator


def draw(chosen: Chosen) -> None:
    """Comes again by itself while a training is on."""
    held = compute.held()
    ticking = held is not None and held.running
    st.fragment(_compare, run_every=4 * live.TICK if ticking else None)(chosen.example)


def _compare(example: str) -> None:
    _ = translator()
    mine, other = compute.shown(example), compute.other(example)
    names = (_("this run"), _("the other run"))
    st.markdown(f"**{literal(figures.comparison(mine, other, _))}**")
    _which()
    left, right = st.columns(2, gap="medium")
    with left:
        st.plotly_chart(
            figures.losses((mine, other), names, _),
            key="train_losses",
            config=saving.config("own-trainings-loss"),
            alt=figures.losses_alt((mine, other), names, _),
        )
    with right:
        st.plotly_chart(
            figures.norms((mine, other), names, _),
            key="train_both_norms",
            config=saving.config("own-trainings-norms"),
            alt=figures.norms_alt((mine, other), names, _),
        )
    st.table(
        table(mine, other), border="horizontal", hide_index=True, alt=_("Settings of both runs")
    )
    for column, record, name in zip(st.columns(2), (mine, other), names, strict=True):
        with column:
            last = record.samples[-1]
            text = _("{run}, after iteration {iteration}:")
            st.caption(text.format(run=name.capitalize(), iteration=style.grouped(last.iteration)))
            st.code(last.text, language=None, wrap_lines=True)


def _which() -> None:
    """Where the other run comes from, and how to get another."""
    _ = translator()
    if compute.has_other():
        st.caption(_("The other run is the one that you trained before this one."))
    elif compute.held() is not None:
        st.caption(
            _(
                "The other run is the example. Change one setting and press Start again: the run "
                "of now then becomes the other one."
            )
        )
    else:
        st.caption(
            _(
                "Both ran before. Train twice, with one setting changed, and your own two runs "
                "stand here."
            )
        )


def table(mine: OwnTrainingRecord, other: OwnTrainingRecord) -> pd.DataFrame:
    """A row per setting or result; what differs is bold."""
    _ = translator()
    columns = [_facts(record) for record in (mine, other)]
    rows = []
    for name, here in columns[0].items():
        there = columns[1][name]
        mark = "**" if here != there else ""
        rows.append(
            {
                _("Setting or result"): name,
                _("This run"): f"{mark}{literal(here)}{mark}",
                _("The other run"): f"{mark}{literal(there)}{mark}",
            }
        )
    return pd.DataFrame(rows)


def _facts(record: OwnTrainingRecord) -> dict[str, str]:
    _ = translator()
    layers = f"{record.hidden} × {record.layers}"
    return {
        _("Cell"): style.cell_style(record.cell).title,
        _("Units × layers"): layers,
        _("Parameters"): style.grouped(record.parameters),
        _("Characters that the gradient sees"): str(record.steps),
        _("Learning rate"): number(record.rate),
        _("Clipped at"): number(record.clip) if record.clip else _("never"),
        _("Seed"): str(record.seed),
        _("Characters of text"): style.grouped(record.characters),
        _("Iterations"): style.grouped(record.taken),
        _("Characters read"): style.grouped(record.read),
        _("Loss at the end (nats)"): decimal(record.nats, 2),
        _("Largest gradient norm"): decimal(float(record.norm.max(initial=0)), 2),
        _("Iterations clipped"): figures.share(record.clipped_share, _),
        _("Characters per second"): style.grouped(round(record.speed)),
    }
