"""Truncated BPTT on the text itself: which characters the gradient can see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.figures.train.window import share_left
from engine.results import OwnTrainingRecord
from engine.tasks.characters.own_plan import OwnText, Plan
from pages.parts.train import ask, compute
from pages.parts.train.source import Chosen
from pages.shared import links
from pages.shared.text import lesson, literal, translator
from pages.shared.tokens import Token, tokens

TAPPED, CONTROL = "train_character", "train_window"
BEFORE, MOST = 30, 230
"""Characters before the window that are shown, and all that are shown at most."""

SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}
DECADES, FAINTEST = 3.0, 0.12
"""The colour fades over so many powers of ten; what is in the window keeps a little of it."""


@dataclass(frozen=True)
class Strip:
    """Characters `shown` of the text, the last `seen` of them in the window, and the one after
    them, whose loss is looked at."""

    shown: str
    seen: int
    target: str

    def lag(self, place: int) -> int:
        """Steps back of a shown character; 0 for the last one."""
        return len(self.shown) - 1 - place


def draw(chosen: Chosen, plan: Plan) -> None:
    """The control, the strip, one sentence, what a tapped character gets, the lesson."""
    _ = translator()
    st.session_state[CONTROL] = str(plan.steps)
    st.segmented_control(
        _("Characters that the gradient sees"),
        ask.STEPS,
        key=CONTROL,
        required=True,
        on_change=lambda: links.set_values({ask.WINDOW: st.session_state[CONTROL]}),
    )
    if chosen.text is None:
        st.info(_("Once there is a text, its characters stand here."), icon=":material/info:")
    else:
        _strip(strip(chosen.text, plan.steps), compute.shown(chosen.example))
    st.markdown(lesson("train")["window"])


def strip(text: OwnText, steps: int) -> Strip:
    """The stretch of the text that is shown: it ends where a window ends."""
    wanted = min(steps + BEFORE, MOST, len(text.text) - 1)
    end = min(-(-wanted // steps) * steps, len(text.text) - 1)
    shown = text.text[max(0, end - wanted) : end]
    return Strip(shown, min(steps, len(shown)), text.text[end])


def _strip(part: Strip, record: OwnTrainingRecord) -> None:
    _ = translator()
    outside = len(part.shown) - part.seen
    text = _(
        "The loss of the next character, “{target}”, sends its gradient back through the "
        "{seen} characters in colour. What came before is in the state h that the window starts "
        "from, but the gradient ends there: from those {outside} characters the weights never "
        "learn what was worth keeping."
    )
    target = literal(SIGNS.get(part.target, part.target))
    st.markdown(text.format(target=target, seen=part.seen, outside=outside))
    links.choice(TAPPED, ["", *map(str, range(len(part.shown)))], "")
    tapped = tokens(
        pieces(part, record),
        key=TAPPED,
        label=_("Characters that the gradient sees, and those it does not"),
        scale="sequential",
    )
    st.caption(
        _(
            "Underlined: inside the window. The stronger the colour, the more of lag 0's gradient "
            "arrives, as measured in the gradient panel above. Tap a character."
        )
    )
    if tapped is not None:
        st.markdown(_told(part, record, tapped))


def pieces(part: Strip, record: OwnTrainingRecord) -> list[Token]:
    """One token per character; coloured by the gradient that reaches it, if any does."""
    _ = translator()
    values = strengths(part, record)
    inside, outside = _("{lag} back, inside the window"), _("{lag} back, cut off")
    return [
        Token(
            text=SIGNS.get(character, character),
            value=values[k],
            continues=True,
            title=(outside if values[k] is None else inside).format(lag=part.lag(k)),
            room=1.0,
        )
        for k, character in enumerate(part.shown)
    ]


def strengths(part: Strip, record: OwnTrainingRecord) -> list[float | None]:
    """0 … 1 per shown character, None outside the window: the share of the gradient, log scale."""
    relative = record.by_lag.relative()
    found: list[float | None] = []
    for place in range(len(part.shown)):
        lag = part.lag(place)
        share = float(relative[min(lag, len(relative) - 1)])
        strength = 1 + np.log10(max(share, 1e-12)) / DECADES
        found.append(float(np.clip(strength, FAINTEST, 1)) if lag < part.seen else None)
    return found


def _told(part: Strip, record: OwnTrainingRecord, tapped: int) -> str:
    """What a character gets of the gradient."""
    _ = translator()
    lag, character = part.lag(tapped), part.shown[tapped]
    relative = record.by_lag.relative()
    values = {"character": literal(SIGNS.get(character, character)), "lag": lag}
    if lag >= len(relative):
        return _("**{character}**, {lag} back: farther than was measured.").format(**values)
    share = literal(share_left(float(relative[lag])))
    if lag < part.seen:
        text = _("**{character}**, {lag} back: {share} of lag 0's gradient arrives here.")
    else:
        text = _("**{character}**, {lag} back: {share} would arrive here, but it is cut off.")
    return text.format(share=share, **values)
