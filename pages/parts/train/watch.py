"""The training itself: where it stands, what it writes, loss, gradient norms, gradient by lag."""

from __future__ import annotations

import math

import streamlit as st

from engine.decoding import Choice
from engine.errors import InputError
from engine.figures import style
from engine.figures.train import curves as figures
from engine.figures.train import window
from engine.results import OwnTrainingRecord
from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_plan import Plan
from pages.parts.train import ask, compute
from pages.parts.train.heading import heading
from pages.parts.train.source import EXAMPLES, Chosen
from pages.shared import figures as saving
from pages.shared import gradient_panel, live
from pages.shared.header import show_error
from pages.shared.text import decimal, literal, translator

Held = live.Live[OwnTraining] | None
MOMENT = "train_moment"
SAMPLE_HEIGHT = 230
PICTURES, GRADIENT = 2, 4
"""Ticks between two drawings: a figure that has changed is built anew, which the eye notices."""


def draw(chosen: Chosen, plan: Plan) -> None:
    """Reruns by itself while a training is on: numbers at every tick, figures less often."""
    held = compute.held()
    ticking = held is not None and held.running

    def every(ticks: int) -> float | None:
        return ticks * live.TICK if ticking else None

    st.fragment(_watch, run_every=every(1))(chosen, plan, ticking)
    st.fragment(_pictures, run_every=every(PICTURES))(chosen.example, not ticking)
    st.fragment(_gradient, run_every=every(GRADIENT))(chosen.example)


def _watch(chosen: Chosen, plan: Plan, ticking: bool) -> None:
    held = compute.held()
    record = compute.shown(chosen.example)
    _status(chosen, plan, held, record)
    _numbers(record)
    try:
        if held is not None:
            held.tick()  # last, so that steps are taken while nothing is drawn
    except InputError as error:
        show_error(error)
    if (held is not None and held.running) != ticking:
        st.rerun()  # the buttons change, and this part no longer has to come again by itself


def _status(chosen: Chosen, plan: Plan, held: Held, record: OwnTrainingRecord) -> None:
    """Where the training stands, and which one it is."""
    _ = translator()
    if held is not None and held.place:
        text = _("Others are training here: you are number {place} in the queue.")
        st.info(text.format(place=held.place), icon=":material/hourglass_top:")
    colour = {"blew_up": "orange", "running": "blue"}.get(record.outcome, "green")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        stands = literal(figures.outcome(record, _))
        st.markdown(f":{colour}[**{stands}**]", width="content")
        st.caption(_which(chosen, plan, held, record), width="content")


def _which(chosen: Chosen, plan: Plan, held: Held, record: OwnTrainingRecord) -> str:
    """Which training is shown, where it runs with other settings than the present ones."""
    _ = translator()
    if held is None:
        text = _(
            "Shown is a training that ran before, on “{text}”. Press Start for one of your own."
        )
        return text.format(text=_(EXAMPLES[chosen.example]))
    ran = held.training.plan
    told = f"{style.cell_style(record.cell).title}, {literal(ask.summary(ran))}"
    if record.before:
        text = _("Goes on from a model with {count} iterations: {settings}.")
        return text.format(count=style.grouped(record.before), settings=told)
    if ran != plan:
        text = _("This training runs with: {settings}. Reset and Start take the settings of now.")
        return text.format(settings=told)
    return _("Your training: {settings}.").format(settings=told)


def _numbers(record: OwnTrainingRecord) -> None:
    """Four numbers in a row."""
    _ = translator()
    norm, clipped = _last(record)
    read = style.grouped(record.read)
    perplexity = decimal(math.exp(record.nats), 1)
    streams = _("Characters per second ({rows} streams × {steps})")
    budget = style.grouped(record.budget)
    with st.container(horizontal=True, gap="small", key="train_numbers"):
        st.metric(
            _("Loss in nats (perplexity {value})").format(value=perplexity),
            decimal(record.nats, 2),
        )
        st.metric(_("Gradient norm (after clipping {value})").format(value=clipped), norm)
        st.metric(
            streams.format(rows=record.rows, steps=record.steps),
            style.grouped(round(record.speed)),
        )
        st.metric(
            _("Iteration ({count} characters read)").format(count=read),
            f"{style.grouped(record.taken)} / {budget}",
        )


def _last(record: OwnTrainingRecord) -> tuple[str, str]:
    """The newest gradient norm before and after clipping."""
    if not record.taken:
        return "–", "–"
    return decimal(float(record.norm[-1]), 2), decimal(float(record.clipped[-1]), 2)


def _pictures(example: str, resting: bool) -> None:
    """What it writes, the loss, the gradient's norm."""
    _, record = translator(), compute.shown(example)
    name = _("this run")
    written, loss, norms = st.columns(3, gap="medium")
    with written:
        heading(_("What it writes"))
        _sample(record, resting)
    with loss:
        heading(_("The loss over training"))
        st.plotly_chart(
            figures.losses([record], [name], _).update_layout(showlegend=False),
            key="train_loss",
            config=saving.config("own-training-loss"),
            alt=figures.losses_alt([record], [name], _),
        )
    with norms:
        heading(_("Gradient norm before and after clipping"))
        st.plotly_chart(
            figures.norms([record], [name], _),
            key="train_norms",
            config=saving.config("own-training-norms"),
            alt=figures.norms_alt([record], [name], _),
        )


def _sample(record: OwnTrainingRecord, resting: bool) -> None:
    """The newest sample or, at rest, any that was taken."""
    _ = translator()
    samples = {sample.iteration: sample.text for sample in record.samples}
    moment = max(samples)
    if resting and len(samples) > 1:
        if st.session_state.get(MOMENT) not in samples:
            st.session_state[MOMENT] = moment
        moment = st.select_slider(
            _("After iteration"), sorted(samples), key=MOMENT, label_visibility="collapsed"
        )
    st.caption(
        _("After iteration {iteration}, without a prompt, at temperature {temperature}:").format(
            iteration=style.grouped(moment), temperature=decimal(Choice().temperature, 1)
        )
    )
    st.code(samples[moment], language=None, wrap_lines=True, height=SAMPLE_HEIGHT)


def _gradient(example: str) -> None:
    """The gradient panel: how far back the loss of one character reaches, and where it is cut."""
    _, record = translator(), compute.shown(example)
    st.subheader(_("How far back does the gradient reach?"))
    st.caption(
        _(
            "Of the loss e of one character, mean over 8 places of the text, all layers together, "
            "measured after iteration {count} without any cut. Shaded is what training cuts off."
        ).format(count=style.grouped(record.measured))
    )
    sentence = literal(window.sentence(record, _))
    st.markdown(f"**{style.cell_style(record.cell).title}** · **{sentence}**")
    st.plotly_chart(
        window.by_lag(record, _),
        key="train_by_lag",
        config=saving.config("own-training-gradient-by-lag"),
        alt=window.by_lag_alt(record, _),
    )
    if record.c is not None:
        st.caption(gradient_panel.memory())
