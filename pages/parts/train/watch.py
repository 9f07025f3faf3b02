"""The training itself: its status, what it writes, loss, gradient norms.

The view "Runs compared" draws two trainings on one axis: what did clipping, size or cell change?
"""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from engine.decoding import Choice
from engine.errors import InputError
from engine.figures import numbers, style
from engine.figures.train import curves, window
from engine.results import OwnTrainingRecord
from engine.tasks.characters.own_files import Plan
from pages.parts.train import controls, inputs, session
from pages.parts.train.controls import number
from pages.parts.train.inputs import Input
from pages.shared import gradient_panel, live, views
from pages.shared.header import show_error
from pages.shared.text import _, decimal, literal

MOMENT = "train_moment"
SAMPLE_HEIGHT = 230
PICTURES, COMPARISON = 2, 4
"""Ticks between two drawings: a figure that has changed is built anew, which the eye notices."""


def draw() -> None:
    """View: what the model writes and its loss, beside the text, the cell and the buttons."""
    picture, side = views.stage(2, 1)
    with picture:
        session.draw_buttons()
    with side:
        plan = controls.draw()
        given = inputs.draw()
        st.caption(controls.summary(plan))
    act(given, plan)
    resting = not live.running(session.SLOT)
    with picture:
        live.watch(session.SLOT, lambda: _status(given, plan, session.record(given.example)))
        live.redraw(session.SLOT, lambda: _figures(given.example, resting), PICTURES)
    live.redraw(session.SLOT, lambda: _below(given.example), PICTURES)


def act(given: Input, plan: Plan) -> None:
    """Does what a button has asked for, or says why not."""
    try:
        session.act(given.text, plan)
    except InputError as error:
        show_error(error)


def draw_running() -> tuple[Input, Plan]:
    """For the views beside the first: cell, Settings, the buttons and where the training stands,
    which goes on while it is watched; returns the text and the plan."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan = controls.draw()
        with st.container(width="content"):
            session.draw_buttons()
    given = inputs.settle()
    act(given, plan)
    live.watch(session.SLOT, lambda: _status(given, plan, session.record(given.example)))
    return given, plan


def _below(example: str) -> None:
    """Four numbers, the gradient's sentence, its norm before and after clipping."""
    record = session.record(example)
    _numbers(record)
    cell = style.cell_style(record.cell).title
    sentence = _("{cell}, iteration {count}. {sentence}").format(
        cell=cell, count=numbers.grouped(record.measured), sentence=window.sentence(record, _)
    )
    gradient_panel.headline("train", sentence, "window")
    heading(_("Gradient norm before and after clipping"))
    name = _("this run")
    alt = curves.norms_alt([record], [name], _)
    views.chart(curves.norms([record], [name], _), alt, "train_norms", "own-training-norms")


def _status(given: Input, plan: Plan, record: OwnTrainingRecord) -> None:
    """Where the training stands; and with which settings it runs, where they are not those of the
    page."""
    live.queue_notice(session.SLOT)
    if (training := session.current()) is None:
        about = _(
            "Shown is a training that ran before, on “{text}”. Press Start for one of your own."
        ).format(text=_(session.EXAMPLES[given.example]))
    else:
        ran = training.training.plan
        settings = f"{style.cell_style(record.cell).title}, {literal(controls.summary(ran))}"
        text = _("Your training: {settings}.")
        if record.before:
            text = _("Goes on from a model with {count} iterations: {settings}.")
        elif ran != plan:
            text = _(
                "This training runs with: {settings}. Press Reset, then Start, to use the current "
                "settings."
            )
        about = text.format(count=numbers.grouped(record.before), settings=settings)
        about += " " + _("A reload of the tab forgets it: “Save and continue” keeps the model.")
    colour = {"blew_up": "orange", "running": "blue"}.get(record.outcome, "green")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        outcome = literal(curves.outcome(record, _))
        st.markdown(f":{colour}[**{outcome}**]", width="content")
        st.caption(about, width="content")


def _numbers(record: OwnTrainingRecord) -> None:
    """Four numbers in a row."""
    norm = clipped = "–"
    if record.taken:
        norm, clipped = (decimal(float(norms[-1]), 2) for norms in (record.norm, record.clipped))
    taken, budget = numbers.grouped(record.taken), numbers.grouped(record.budget)
    loss = _("Loss in nats (perplexity {value})").format(value=decimal(math.exp(record.nats), 1))
    speed = _("Characters per second ({rows} streams × {steps})")
    iteration = _("Iteration ({count} characters read)").format(count=numbers.grouped(record.read))
    with st.container(horizontal=True, gap="small", key="train_numbers"):
        st.metric(loss, decimal(record.nats, 2))
        st.metric(_("Gradient norm (after clipping {value})").format(value=clipped), norm)
        st.metric(
            speed.format(rows=record.rows, steps=record.steps), numbers.grouped(round(record.speed))
        )
        st.metric(iteration, f"{taken} / {budget}")


def heading(title: str) -> None:
    """The small heading of one part of a view."""
    st.markdown(f"##### {title}", anchors=False)


def _figures(example: str, resting: bool) -> None:
    """What it writes, and the loss."""
    record = session.record(example)
    name = _("this run")
    sample, loss = st.columns(2, gap="medium")
    with sample:
        heading(_("What it writes"))
        _sample(record, resting)
    with loss:
        heading(_("The loss over training"))
        figure = curves.losses([record], [name], _).update_layout(showlegend=False)
        alt = curves.losses_alt([record], [name], _)
        views.chart(figure, alt, "train_loss", "own-training-loss")


def _sample(record: OwnTrainingRecord, resting: bool) -> None:
    """The newest sample or, at rest, any that was taken."""
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
            iteration=numbers.grouped(moment), temperature=decimal(Choice().temperature, 1)
        )
    )
    st.code(samples[moment], language=None, wrap_lines=True, height=SAMPLE_HEIGHT)


def draw_comparison() -> None:
    """View: the run and the other run on one axis."""
    given, _plan = draw_running()
    live.redraw(session.SLOT, lambda: _comparison(given.example), COMPARISON)


def _comparison(example: str) -> None:
    """Which one is ahead, both losses and norms, both settings, what both write."""
    records = session.record(example), session.other_record(example)
    names = (_("this run"), _("the other run"))
    st.markdown(f"**{literal(curves.comparison(*records, _))}**")
    if session.session().previous is not None:
        st.caption(_("The other run is the one that you trained before this one."))
    elif session.current() is not None:
        st.caption(
            _(
                "The other run is the example. Change one setting and press Start again: this run "
                "is then kept as the other one."
            )
        )
    else:
        st.caption(
            _(
                "Both ran before. Train twice, with one setting changed, and your own two runs "
                "stand here."
            )
        )
    left, right = st.columns(2, gap="medium")
    with left:
        alt = curves.losses_alt(records, names, _)
        views.chart(curves.losses(records, names, _), alt, "train_losses", "own-trainings-loss")
    with right:
        alt = curves.norms_alt(records, names, _)
        views.chart(curves.norms(records, names, _), alt, "train_both_norms", "own-trainings-norms")
    views.table(comparison_table(*records), _("Settings of both runs"))
    for column, record, name in zip(st.columns(2), records, names, strict=True):
        with column:
            last = record.samples[-1]
            text = _("{run}, after iteration {iteration}:")
            st.caption(
                text.format(run=name.capitalize(), iteration=numbers.grouped(last.iteration))
            )
            st.code(last.text, language=None, wrap_lines=True)


def comparison_table(record: OwnTrainingRecord, other: OwnTrainingRecord) -> pd.DataFrame:
    """A row per setting or result; what differs is bold."""
    others = _settings_and_results(other)
    rows = []
    for name, here in _settings_and_results(record).items():
        mark = "**" if here != others[name] else ""
        rows.append(
            {
                _("Setting or result"): name,
                _("This run"): f"{mark}{literal(here)}{mark}",
                _("The other run"): f"{mark}{literal(others[name])}{mark}",
            }
        )
    return pd.DataFrame(rows)


def _settings_and_results(record: OwnTrainingRecord) -> dict[str, str]:
    """By what they are called."""
    return {
        _("Cell"): style.cell_style(record.cell).title,
        _("Units × layers"): f"{record.hidden} × {record.layers}",
        _("Parameters"): numbers.grouped(record.parameters),
        _("Characters that the gradient sees"): str(record.steps),
        _("Learning rate"): number(record.rate),
        _("Clipped at"): number(record.clip) if record.clip else _("never"),
        _("Seed"): str(record.seed),
        _("Characters of text"): numbers.grouped(record.characters),
        _("Iterations"): numbers.grouped(record.taken),
        _("Characters read"): numbers.grouped(record.read),
        _("Loss at the end (nats)"): decimal(record.nats, 2),
        _("Largest gradient norm"): decimal(float(record.norm.max(initial=0)), 2),
        _("Iterations clipped"): curves.measured_share(record.clipped_share),
        _("Characters per second"): numbers.grouped(round(record.speed)),
    }
