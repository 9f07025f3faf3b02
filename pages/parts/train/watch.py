"""The training itself: where it stands, what it writes, loss, gradient norms, gradient by lag."""

from __future__ import annotations

import math

import streamlit as st

from engine.errors import InputError
from engine.figures import own_training as figures
from engine.figures import style
from engine.results import OwnTrainingRecord
from engine.tasks.characters.own import OwnTraining
from engine.tasks.characters.own_plan import Plan
from pages.parts.train import ask, compute
from pages.parts.train.source import EXAMPLES, Chosen
from pages.shared import live
from pages.shared.header import complain
from pages.shared.text import decimal, literal, translator

Held = live.Live[OwnTraining] | None
MOMENT = "train_moment"
SAMPLE_HEIGHT = 230


def draw(chosen: Chosen, plan: Plan) -> None:
    """Reruns by itself while a training is on."""
    held = compute.held()
    ticking = held is not None and held.running
    st.fragment(_watch, run_every=live.TICK if ticking else None)(chosen, plan, ticking)


def _watch(chosen: Chosen, plan: Plan, ticking: bool) -> None:
    held = compute.held()
    record = compute.shown(chosen.example)
    _status(chosen, plan, held, record)
    _numbers(record)
    _pictures(record, resting=held is None or not held.running)
    _gradient(record)
    try:
        if held is not None:
            held.tick()  # last, so that steps are taken while nothing is drawn
    except InputError as error:
        complain(error)
    if (held is not None and held.running) != ticking:
        st.rerun()  # the buttons change, and this part no longer has to come again by itself


def _status(chosen: Chosen, plan: Plan, held: Held, record: OwnTrainingRecord) -> None:
    """Which training is shown, where it runs with other settings than the present ones, the
    queue."""
    _ = translator()
    cell = style.CELLS[record.cell].title
    if held is None:
        text = _(
            "Shown is a training that ran before, on “{text}”. Press Start for one of your own."
        )
        st.caption(text.format(text=_(EXAMPLES[chosen.example])))
        return
    if held.place:
        text = _("Others are training here: you are number {place} in the queue.")
        st.info(text.format(place=held.place), icon=":material/hourglass_top:")
        return
    ran = held.training.plan
    told = f"{cell}, {literal(ask.summary(ran))}"
    if record.before:
        on = _("Goes on from a model with {count} iterations: {settings}.")
        st.caption(on.format(count=style.grouped(record.before), settings=told))
    elif ran != plan:
        text = _("This training runs with: {settings}. Reset and Start take the settings of now.")
        st.caption(text.format(settings=told))
    else:
        st.caption(_("Your training: {settings}.").format(settings=told))


def _numbers(record: OwnTrainingRecord) -> None:
    """Four numbers in a row."""
    _ = translator()
    with st.container(horizontal=True, gap="small", key="train_numbers"):
        _number(
            _("Loss, nats per character"),
            decimal(record.nats, 2),
            _("perplexity {value}").format(value=decimal(math.exp(record.nats), 1)),
        )
        norm, clipped = _last(record)
        _number(
            _("Gradient norm"),
            norm,
            _("after clipping {value}").format(value=clipped),
        )
        _number(
            _("Characters per second"),
            style.grouped(round(record.speed)),
            _("{rows} streams × {steps} characters").format(rows=record.rows, steps=record.steps),
        )
        _number(
            _("Iteration"),
            f"{style.grouped(record.taken)} / {style.grouped(record.budget)}",
            _("{count} characters read").format(
                count=style.grouped(record.taken * record.rows * record.steps)
            ),
        )


def _number(label: str, value: str, below: str) -> None:
    with st.container(border=True, width=250, gap="xxsmall"):
        st.metric(label, value)
        st.caption(below)


def _last(record: OwnTrainingRecord) -> tuple[str, str]:
    """The newest gradient norm before and after clipping."""
    if not record.taken:
        return "–", "–"
    return decimal(float(record.norm[-1]), 2), decimal(float(record.clipped[-1]), 2)


def _pictures(record: OwnTrainingRecord, resting: bool) -> None:
    """What it writes, the loss, the gradient's norm."""
    _ = translator()
    name = _("this run")
    written, loss, norms = st.columns(3, gap="medium")
    with written:
        st.markdown(f"##### {_('What it writes')}", anchors=False)
        _sample(record, resting)
    with loss:
        st.markdown(f"##### {_('The loss falls')}", anchors=False)
        st.plotly_chart(
            figures.losses([record], [name], _).update_layout(showlegend=False),
            key="train_loss",
            config=style.config("own-training-loss"),
            alt=figures.losses_alt([record], [name], _),
        )
    with norms:
        st.markdown(f"##### {_('Gradient norm before and after clipping')}", anchors=False)
        st.plotly_chart(
            figures.norms([record], [name], _),
            key="train_norms",
            config=style.config("own-training-norms"),
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
        _("After iteration {iteration}, from nothing, at temperature 0.8:").format(
            iteration=style.grouped(moment)
        )
    )
    st.code(samples[moment], language=None, wrap_lines=True, height=SAMPLE_HEIGHT)
    colour = {"blew_up": "orange", "running": "blue"}.get(record.outcome, "green")
    st.markdown(f":{colour}[**{literal(figures.outcome(record, _))}**]")


def _gradient(record: OwnTrainingRecord) -> None:
    """The gradient panel: how far back the loss of one character reaches, and where it is cut."""
    _ = translator()
    st.subheader(_("How far back does the gradient reach?"))
    st.caption(
        _(
            "Of the loss e of one character, mean over 8 places of the text, all layers together, "
            "measured after iteration {count} without any cut. Shaded is what training cuts off."
        ).format(count=style.grouped(record.measured))
    )
    sentence = literal(figures.window_sentence(record, _))
    st.markdown(f"**{style.CELLS[record.cell].title}** · **{sentence}**")
    st.plotly_chart(
        figures.by_lag(record, _),
        key="train_by_lag",
        config=style.config("own-training-gradient-by-lag"),
        alt=figures.by_lag_alt(record, _),
    )
    if record.c is not None:
        st.caption(
            _(
                "An LSTM carries its memory in c, so ∂e/∂h alone leaves out the direct path "
                "through c (slide 42): compare slopes, and for the LSTM the solid line."
            )
        )
