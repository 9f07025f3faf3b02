"""The task that is raced for, and the view on CPU and GPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from engine import device
from engine.figures import numbers, style
from engine.figures import race as figures
from engine.results import SequenceExample, StepTiming
from engine.tasks.memory import CLOSE, COPIED, TASKS, Plan, examples, timings
from pages.parts.race import controls
from pages.shared import jobs, views
from pages.shared.header import DEVICES
from pages.shared.text import _, decimal, lesson, literal, percent

SHOWN = 14
"""Steps of an example that are written out; the middle of a longer one is left out."""


def draw_devices() -> None:
    """The same training step on every device of this machine, and whether the numbers agree."""
    picture, side = views.stage(5, 2)
    with side:
        plan = controls.draw()
    names = {known.id: known.label for known in device.available()}
    names["cpu"] = "CPU"

    def work(stop: jobs.Stop) -> Iterator[StepTiming]:
        for row in timings(plan):
            yield row
            if stop():
                return

    rows = jobs.wait(jobs.start("race_timing", plan, work))
    with picture:
        figure, alt = figures.timing(rows, names, _), figures.timing_alt(rows, names, _)
        views.chart(figure, alt, "race_timing", "race-devices")
    views.table(timing_table(rows, names, _), _("Timings"))
    st.caption(
        _(
            "One training step (forward, backward, Adam) on one batch of {batch} sequences: the "
            "same weights and numbers everywhere, median of ten. Difference: how far the gradient "
            "of all weights is from the one computed in float64 on the CPU, relative to its size."
        ).format(batch=plan.batch)
    )
    for kind, reason in device.unusable():
        text = _("**{device}**: not timed, {reason}.")
        st.markdown(text.format(device=_(DEVICES[kind]), reason=_(reason)))
    if len(names) == 1:
        st.caption(
            _(
                "Where there is a GPU it may well be the slower one here: time steps wait for one "
                "another, and each is small. It gains with many more units or sequences at once."
            )
        )


def timing_table(
    rows: Sequence[StepTiming], names: dict[str, str], _: style.Translate
) -> pd.DataFrame:
    """One row per cell and device."""
    return pd.DataFrame(
        [
            {
                _("Cell"): style.cell_style(row.cell).title,
                _("Device"): literal(names.get(row.device, row.device)),
                _("Milliseconds per step"): decimal(row.milliseconds, 2),
                _("Loss"): decimal(row.loss, 6),
                _("Difference to float64"): numbers.rounding(row.difference),
            }
            for row in rows
        ]
    )


def draw_task(plan: Plan) -> None:
    """What goes in, what has to be remembered, what is asked, and what blind guessing gets."""
    st.markdown(lesson("race")[plan.task].format(lag=plan.lag, copied=COPIED, close=CLOSE))
    text = _("**Chance level: {percent}**, the best that an answer without looking can get.")
    st.caption(text.format(percent=percent(TASKS[plan.task].chance_level, 1)))


def draw_examples(plan: Plan) -> None:
    """The first sequences of the task with their right answers."""
    rows = [
        {_("Sequence"): sequence(e), _("Right answer"): f"**{literal(' '.join(e.answer))}**"}
        for e in examples(plan.task, plan.lag, plan.seed, 4)
    ]
    views.table(rows, _("Four example sequences and their right answers"))
    st.caption(_("Bold: what the answer depends on. The first four sequences of this seed."))


def sequence(example: SequenceExample) -> str:
    """The sequence as Markdown: what has to be kept in bold, the middle of a long one left out."""
    steps = len(example.inputs)
    written = set(range(steps))
    if steps > SHOWN:
        ends = {*range(SHOWN // 2), *range(steps - SHOWN // 2, steps)}
        written = ends | set(example.relevant)
    parts: list[str] = []
    skipped = 0
    for k, symbol in enumerate(example.inputs):
        if k not in written:
            skipped += 1
            continue
        if skipped:
            parts.append(_("… {count} more …").format(count=skipped))
            skipped = 0
        parts.append(f"**{literal(symbol)}**" if k in example.relevant else literal(symbol))
    return " ".join(parts)
