"""One text as a network reads it: its verdict, and how that came about token by token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from engine.cells import CELLS
from engine.errors import N_
from engine.figures import norms, style
from engine.figures.sentiment import verdict as figures
from engine.language import check
from engine.results import Reading, Verdict
from pages.parts.sentiment import controls, gradient
from pages.parts.sentiment.controls import STEP, Query, read
from pages.shared import gradient_panel, lecture, links, views
from pages.shared.slides import FOOD
from pages.shared.text import LANGUAGES, _, counter, decimal, literal
from pages.shared.tokens import Token, tokens
from pages.shared.views import chart

SHORT = "sentiment_short"
"""Whether a short text is read before the page's own."""

LECTURE_HEIGHT, ABOVE = 400, 240
"""Pixels: the line's height before lecture mode enlarges it, and what stands above it there."""

COLOURS = {"positive": "green", "negative": "orange"}
"""The theme's names of the figures' teal and orange."""


def draw() -> None:
    """View: the verdict, the text token by token, the line below it; beside them the text."""
    picture, side = views.stage()
    with side:
        query = controls.draw()
        names = {"": N_("This text"), "on": N_("A short one before it")}
        short = views.pick(SHORT, _("What is read"), names, default="", quiet=True)
    with picture:
        if short:
            text = FOOD.get(query.language, FOOD["en"])
            other = read(query, text, "sentiment_short_reading")
            draw_verdict(other)
            _draw_tokens(other, "sentiment_short_step")
        reading = read(query, check(query.text))
        draw_verdict(reading)
        _course(reading)
    st.caption(_how(query))
    if query.model != controls.BEST:
        st.caption(_second_opinion(query))
    if not lecture.is_on():
        profile = gradient.profiles(query, reading, [*CELLS][:1], "last")[0]
        text = _("Small plain RNN, last state. {sentence}")
        gradient_panel.headline("sentiment", text.format(sentence=norms.sentence(profile, _)))


def draw_verdict(reading: Reading, query: Query | None = None) -> None:
    """Label, probabilities and number of tokens; a verdict whose two best are close is called
    uncertain, whatever leads.

    With a `query` it also says how the text was read, where nothing else on the page does.
    """
    n_, verdict = counter(), reading.verdict
    label = style.label_name(verdict.label, _)
    if verdict.uncertain:
        colour, headline = "gray", _("Uncertain, leaning to {label}").format(label=label)
    else:
        colour, headline = COLOURS.get(verdict.label, "gray"), label.capitalize()
    count = len(reading.pieces)
    tokens_read = n_("{count} token", "{count} tokens", count).format(count=decimal(count, 0))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"### :{colour}[{headline}]", anchors=False, width="content")
        st.markdown(f"{tokens_read} → {literal(figures.verdict_alt(verdict, _))}", width="content")
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
def _course(reading: Reading) -> None:
    """The page's own text, token by token. A tap on a token reruns this part of the page only."""
    draw_tokens(reading, STEP, "sentiment_course")


def _second_opinion(query: Query) -> str:
    """What the network of two directions says of the whole text."""
    other = read(replace(query, model=controls.BEST), query.text, "sentiment_second_opinion")
    text = _(
        "Second opinion: `{model}`, which reads in both directions and answers at the end only: "
        "{verdict}"
    )
    name = controls.best(query.language)
    return text.format(model=name, verdict=literal(figures.verdict_alt(other.verdict, _)))


def _how(query: Query) -> str:
    """How the line came about, and what can be done with it."""
    how = _("One pass: `{model}` has this answer in its own state after each token.")
    how = how.format(model=query.name)
    if query.model == controls.BEST:
        how = _(
            "This network reads in both directions, so each beginning of the text was read anew."
        )
    return f"{how} {_('Tap a token to mark its step. Hollow points are uncertain.')}"


def draw_tokens(reading: Reading, key: str, figure: str) -> None:
    """Coloured tokens above the line "probability after each token".

    `key` holds the tapped token, which a caption tells in words; `figure` is the line's own key.
    """
    tapped = _draw_tokens(reading, key, above=True)
    line = figures.probability_line(reading, _, tapped)
    alt = figures.probability_line_alt(reading, _)
    if lecture.is_on():
        line.update_layout(height=LECTURE_HEIGHT)
    chart(line, alt, figure, "probability-after-each-token", above=ABOVE)
    if tapped is not None:
        title = coloured_tokens(reading)[tapped]["title"]
        st.caption(_("After {step}").format(step=literal(title)))
    if reading.computed is not None:
        note = _(
            "A long text: it was read anew up to {count} of its {all} tokens, the points of the "
            "line. Between them the line and the colours are interpolated."
        )
        st.caption(note.format(count=len(reading.computed), all=len(reading.pieces)))


def _draw_tokens(reading: Reading, key: str, *, above: bool = False) -> int | None:
    """Coloured tokens; returns the tapped one."""
    links.choice(key, ["", *map(str, range(len(reading.pieces)))], "")
    return tokens(
        coloured_tokens(reading),
        key=key,
        label=_("The text token by token, as the network reads it"),
        above=(style.LEFT, style.RIGHT) if above else None,
    )


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
