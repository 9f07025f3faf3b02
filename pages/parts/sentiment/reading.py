"""One text as a network reads it: its verdict, and how that came about token by token."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from engine.device import AUTO
from engine.figures import style
from engine.figures.sentiment import verdict as figures
from engine.results import Reading, Verdict
from engine.tasks.sentiment import SentimentPredictor
from pages.parts.sentiment.controls import STEP, Query
from pages.shared import jobs, links, models
from pages.shared.text import LANGUAGES, _, literal
from pages.shared.tokens import Token, tokens
from pages.shared.views import chart

COLOURS = {"positive": "green", "negative": "orange"}
"""The theme's names of the figures' teal and orange."""


def predictor(name: str) -> SentimentPredictor:
    """A shipped model on the device that the visitor chose."""
    return models.sentiment(name, st.session_state.get("device", AUTO))


def read(query: Query, text: str, slot: str = "sentiment_reading") -> Reading:
    """The text as the chosen model reads it. A job, since a long text takes over 50 ms.

    What reads two texts in one run needs a `slot` for each, or one would cancel the other.
    """
    device, model = st.session_state.get("device", AUTO), predictor(query.name)
    return jobs.once(slot, (query.name, device, text), lambda stop: model.read(text, stop))


def draw_verdict(
    reading: Reading, query: Query | None = None, key: str = "sentiment_verdict"
) -> None:
    """A card with label and probabilities; a verdict whose two best are close is called uncertain,
    whatever leads.

    With a `query` it also says how the text was read, where nothing else on the page does. A second
    card on a page needs another `key`.
    """
    verdict = reading.verdict
    label = style.label_name(verdict.label, _)
    if verdict.uncertain:
        colour, headline = "gray", _("Uncertain, leaning to {label}").format(label=label)
    else:
        colour, headline = COLOURS.get(verdict.label, "gray"), label.capitalize()
    with st.container(border=True, gap=None):
        st.markdown(f"### :{colour}[{headline}]", anchors=False)
        chart(figures.verdict_bars(verdict, _), figures.verdict_alt(verdict, _), key, "verdict")
    if query is not None:
        name = LANGUAGES[query.language]
        st.caption(_("Read as {language} by `{model}`").format(language=name, model=query.name))
    for line in notes(reading):
        st.caption(line)
    if reading.truncated:
        st.caption(
            _("Only the first {count} tokens were read: the model takes no more at once.").format(
                count=len(reading.pieces)
            )
        )


def notes(reading: Reading) -> Iterator[str]:
    """What rules did, as Markdown: the spelling that was read, and a rating."""
    if reading.typed is not None:
        yield _("Read as: {text}").format(text=literal(reading.text))
    if reading.rating is not None:
        label = style.label_name(reading.rating.label, _)
        text = _("Rating read by a rule: {rating} → {label}.")
        text = text.format(rating=literal(reading.rating.text), label=label)
        if reading.verdict.by_rule:
            text += " " + _(
                "The text is hardly anything else, so this is the answer; colours and line are the "
                "network's."
            )
        yield text


@st.fragment
def draw(reading: Reading) -> None:
    """The page's own text, token by token. A tap on a token reruns this part of the page only."""
    hint = _("Tap a token to mark its step in the line. Hollow points are uncertain.")
    draw_tokens(reading, STEP, "sentiment_course", hint)


def draw_tokens(reading: Reading, key: str, figure: str, hint: str = "") -> None:
    """Coloured tokens above the line "probability after each token".

    `key` holds the tapped token; `figure` is the line's own key; `hint` stands where the caption of
    a tapped token will be.
    """
    links.choice(key, ["", *map(str, range(len(reading.pieces)))], "")
    coloured = coloured_tokens(reading)
    tapped = tokens(
        coloured,
        key=key,
        label=_("The text token by token, as the network reads it"),
        above=(style.LEFT, style.RIGHT),
    )
    if tapped is not None:
        hint = _("After {step}").format(step=literal(coloured[tapped]["title"]))
    if hint:
        st.caption(hint)
    line = figures.probability_line(reading, _, tapped)
    alt = figures.probability_line_alt(reading, _)
    chart(line, alt, figure, "probability-after-each-token")
    if reading.computed is not None:
        note = _(
            "A long text: it was read anew up to {count} of its {all} tokens, the points of the "
            "line. Between them the line and the colours are interpolated."
        )
        st.caption(note.format(count=len(reading.computed), all=len(reading.pieces)))


def coloured_tokens(reading: Reading) -> list[Token]:
    """Each piece with its colour and, in words, the verdict if the text ended there."""
    return [
        Token(
            text=piece.text.strip() or "␣",
            value=float(value),
            continues=piece.continues,
            title=f"{piece.text.strip()}: "
            + figures.verdict_alt(Verdict(reading.verdict.labels, after), _),
            room=float(room),
        )
        for piece, value, after, room in zip(
            reading.pieces,
            reading.course(),
            reading.after,
            figures.widths(reading.pieces),
            strict=True,
        )
    ]
