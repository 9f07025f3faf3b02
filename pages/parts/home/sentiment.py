"""The tile "many → one": a sentence goes in, one state per token, one verdict comes out."""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.figures.sentiment.verdict import verdict_alt
from engine.language import check, detect_language
from engine.results import Reading, Verdict
from pages.parts.sentiment.controls import BEST, Query
from pages.parts.sentiment.controls import TEXT as SENTIMENT_TEXT
from pages.parts.sentiment.reading import draw_verdict, read
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.slides import FILM, PAGES
from pages.shared.text import ASSETS, language, literal, translator
from pages.shared.tokens import Token, tokens

TEXT = "home_text"


def draw() -> None:
    """Side by side on a wide screen, one below the other on a phone: in, states, out."""
    with st.container(border=True):
        _heading()
        said, states, answer = st.columns([4, 5, 3], gap="medium")
        with said:
            text = _input()
        try:
            query = Query(check(text), detect_language(text), True, BEST)
            with answer:
                reading = read(query, query.text)
                _output(reading, query)
            with states:
                _states(reading)
        except InputError as error:
            with states:
                show_error(error)


def _heading() -> None:
    """What kind of problem this is (slide 15)."""
    _ = translator()
    with st.container(horizontal=True, vertical_alignment="center"):
        picture = str(ASSETS / "icon" / "many_to_one.svg")
        st.image(picture, width=104, alt=_("Many inputs, one output"))
        with st.container(gap=None):
            st.subheader(_("Sentiment"), anchor=False)
            st.caption(_("many → one: a sequence goes in, one answer comes out"))


def _input() -> str:
    """The text that the tile works on."""
    _ = translator()
    text = links.text(TEXT, FILM[language()])
    st.markdown(_("**In:** a sentence, yours"))
    st.text_area(_("Your sentence"), key=TEXT, height=110, label_visibility="collapsed")
    st.caption(_("English or Vietnamese. Change a word and leave the box."))
    links.note_if_too_long(text)
    return text


def _states(reading: Reading) -> None:
    """The tokens, coloured by what the network would say if the text ended there."""
    _ = translator()
    st.markdown(_("**States:** its opinion after each token"))
    course, labels = reading.course(), reading.verdict.labels
    shown = [
        Token(
            text=piece.text.strip() or "␣",
            value=float(course[step]),
            continues=piece.continues,
            title=f"{piece.text.strip()}: {verdict_alt(Verdict(labels, reading.after[step]), _)}",
            room=1.0,
        )
        for step, piece in enumerate(reading.pieces)
    ]
    chosen = tokens(shown, key="home_token", label=_("The sentence, token by token"))
    if chosen is None:
        st.caption(_("Tap a token to see the opinion after it."))
    else:
        st.caption(literal(shown[chosen]["title"]))


def _output(reading: Reading, query: Query) -> None:
    _ = translator()
    st.markdown(_("**Out:** one verdict"))
    draw_verdict(reading, query)
    st.page_link(
        PAGES["sentiment"].path,
        label=_("See how it decides"),
        icon=":material/arrow_forward:",
        help="",
        query_params={SENTIMENT_TEXT: query.text} if len(query.text) <= links.LIMIT else None,
    )
