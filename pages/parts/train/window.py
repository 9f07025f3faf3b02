"""View: truncated BPTT on the text itself, and which characters the gradient can see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.errors import InputError
from engine.figures import numbers, style
from engine.figures.numbers import share_left
from engine.figures.train import window
from engine.results import OwnTrainingRecord
from engine.tasks.characters.own_files import OwnText
from pages.parts.train import controls, session, watch
from pages.shared import gradient_panel, links, live, views
from pages.shared.text import _, lesson, literal
from pages.shared.tokens import Token, token, tokens

CHARACTER, CONTROL = "train_character", "train_window"
GRADIENT = 4
"""Ticks between two drawings of the gradient while a training runs."""

BEFORE, MOST = 30, 230
"""Characters of the strip before the window, and all of the strip at most."""

SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}
DECADES, FAINTEST = 3.0, 0.12
"""The colour fades over so many powers of ten; what is in the window keeps a little of it."""


@dataclass(frozen=True)
class Strip:
    """A part of the text: `characters`, the last `inside` of them in the window, and the character
    after them, whose loss the gradient is of."""

    characters: str
    inside: int
    target: str

    def lag(self, position: int) -> int:
        """Steps back of a character; 0 for the last one."""
        return len(self.characters) - 1 - position


def draw() -> None:
    """View: what truncated BPTT sees: the window in the text, the gradient by lag, the lesson."""
    picture, side = views.stage()
    with side:
        st.session_state[CONTROL] = str(controls.settle().steps)
        views.pick(
            CONTROL,
            _("Characters that the gradient sees"),
            controls.STEPS,
            on_change=lambda: links.set_values({controls.WINDOW: st.session_state[CONTROL]}),
            wrap=True,
        )
        given, plan = watch.draw_running()
    with picture:
        if isinstance(given.text, InputError):
            text = _("Once there is a text, its characters stand here.")
            st.info(text, icon=":material/info:")
        else:
            _draw_strip(strip(given.text, plan.steps), session.record(given.example))
        live.redraw(session.SLOT, lambda: _gradient(given.example), GRADIENT)
    st.markdown(lesson("train")["window"])


def _gradient(example: str) -> None:
    """How far back the loss of one character reaches, and where it is cut."""
    record = session.record(example)
    sentence = literal(window.sentence(record, _))
    st.markdown(f"**{style.cell_style(record.cell).title}** · **{sentence}**")
    alt = window.by_lag_alt(record, _)
    views.chart(window.by_lag(record, _), alt, "train_by_lag", "own-training-gradient-by-lag")
    st.caption(
        _(
            "Of the loss e of one character, mean over 8 places of the text, all layers together, "
            "measured after iteration {count} without any cut. Shaded is what training cuts off."
        ).format(count=numbers.grouped(record.measured))
    )
    if record.c is not None:
        st.caption(gradient_panel.memory())


def strip(text: OwnText, steps: int) -> Strip:
    """The part of the text that ends where a window ends."""
    wanted = min(steps + BEFORE, MOST, len(text.text) - 1)
    end = min(-(-wanted // steps) * steps, len(text.text) - 1)
    characters = text.text[max(0, end - wanted) : end]
    return Strip(characters, min(steps, len(characters)), text.text[end])


def _draw_strip(part: Strip, record: OwnTrainingRecord) -> None:
    """The text with its window, and what a tapped character gets of the gradient."""
    outside = len(part.characters) - part.inside
    text = _(
        "The loss of the next character, “{target}”, sends its gradient back through the "
        "{seen} characters in colour. What came before is in the state h that the window starts "
        "from, but the gradient ends there: from those {outside} characters the weights never "
        "learn what was worth keeping."
    )
    target = literal(SIGNS.get(part.target, part.target))
    st.markdown(text.format(target=target, seen=part.inside, outside=outside))
    links.choice(CHARACTER, ["", *map(str, range(len(part.characters)))], "")
    tapped = tokens(
        pieces(part, record),
        key=CHARACTER,
        label=_("Characters that the gradient sees, and those it does not"),
        scale="sequential",
    )
    st.caption(
        _(
            "Underlined: inside the window. The stronger the colour, the more of lag 0's gradient "
            "arrives, as measured in the figure below. Tap a character."
        )
    )
    if tapped is not None:
        st.markdown(_gradient_at(part, record, tapped))


def pieces(part: Strip, record: OwnTrainingRecord) -> list[Token]:
    """One token per character; coloured by the gradient that reaches it, if any does."""
    values = strengths(part, record)
    inside, outside = _("{lag} back, inside the window"), _("{lag} back, cut off")
    return [
        token(
            SIGNS.get(character, character),
            values[k],
            (outside if values[k] is None else inside).format(lag=part.lag(k)),
            continues=True,
        )
        for k, character in enumerate(part.characters)
    ]


def strengths(part: Strip, record: OwnTrainingRecord) -> list[float | None]:
    """0 … 1 per character, None outside the window: the share of the gradient, log scale."""
    relative = record.by_lag.relative()
    found: list[float | None] = []
    for position in range(len(part.characters)):
        lag = part.lag(position)
        share = float(relative[min(lag, len(relative) - 1)])
        strength = 1 + np.log10(max(share, 1e-12)) / DECADES
        found.append(float(np.clip(strength, FAINTEST, 1)) if lag < part.inside else None)
    return found


def _gradient_at(part: Strip, record: OwnTrainingRecord, tapped: int) -> str:
    """How much of the gradient arrives at a character, as Markdown."""
    lag, character = part.lag(tapped), part.characters[tapped]
    relative = record.by_lag.relative()
    values = {"character": literal(SIGNS.get(character, character)), "lag": lag}
    if lag >= len(relative):
        return _("**{character}**, {lag} back: farther than was measured.").format(**values)
    share = literal(share_left(float(relative[lag])))
    if lag < part.inside:
        text = _("**{character}**, {lag} back: {share} of lag 0's gradient arrives here.")
    else:
        text = _("**{character}**, {lag} back: {share} would arrive here, but it is cut off.")
    return text.format(share=share, **values)
