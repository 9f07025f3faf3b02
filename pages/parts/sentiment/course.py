"""How the verdict came about: coloured tokens above the line "probability after each token"."""

from __future__ import annotations

import streamlit as st

from engine.figures import style
from engine.figures.sentiment import verdict as figures
from engine.results import Reading, Verdict
from pages.parts.sentiment.ask import STEP
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.text import literal, translator
from pages.shared.tokens import Token, tokens


@st.fragment
def draw(reading: Reading) -> None:
    """A tap on a token reruns this part of the page only."""
    _ = translator()
    steps = [str(step) for step in range(len(reading.pieces))]
    links.choice(STEP, ["", *steps], "")
    shown = coloured(reading)
    chosen = tokens(
        shown,
        key=STEP,
        label=_("The text token by token, as the network reads it"),
        above=(style.LEFT, style.RIGHT),
    )
    st.caption(
        _("Tap a token to mark its step in the line. Hollow points are uncertain.")
        if chosen is None
        else _("After {step}").format(step=literal(shown[chosen]["title"]))
    )
    st.plotly_chart(
        figures.probability_line(reading, _, chosen),
        key="sentiment_course",
        config=saving.config("probability-after-each-token"),
        alt=figures.probability_line_alt(reading, _),
    )


def coloured(reading: Reading) -> list[Token]:
    """Each piece with its colour and, in words, what the network would say after it."""
    _ = translator()
    room, values = figures.widths(reading.pieces), reading.course()
    found = []
    for step, piece in enumerate(reading.pieces):
        after = Verdict(reading.verdict.labels, reading.after[step])
        found.append(
            Token(
                text=piece.text.strip() or "␣",
                value=float(values[step]),
                continues=piece.continues,
                title=f"{piece.text.strip()}: {figures.verdict_alt(after, _)}",
                room=float(room[step]),
            )
        )
    return found
