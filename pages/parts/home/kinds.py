"""The kinds of problem (slides 5 to 15), one at a time: where the loss sits and who hears of it.

Where a page of the app solves problems of that kind, it can be tried: "many → one" right here.
"""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.figures import home as figures
from engine.figures.sentiment.verdict import verdict_alt
from engine.lab import architectures
from engine.language import check, detect_language
from engine.results import Reading, Verdict
from pages.parts.home import board
from pages.parts.sentiment.controls import BEST, Query
from pages.parts.sentiment.controls import TEXT as SENTIMENT_TEXT
from pages.parts.sentiment.reading import draw_verdict, read
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.slides import FILM, PAGES
from pages.shared.text import ASSETS, N_, _, in_language, lesson, literal
from pages.shared.tokens import token, tokens

KIND = "home_kind"
NAMES = {
    "one_to_one": N_("1 → 1"),
    "one_to_many": N_("1 → n"),
    "many_to_one": N_("n → 1"),
    "many_to_many": N_("n → m"),
    "aligned": N_("n → n"),
    "loop": N_("loop"),
}
RUNS = {
    "one_to_many": ("captions", N_("Let a network describe your photo")),
    "many_to_many": ("translation", N_("Let a network translate your sentence")),
    "aligned": ("frames", N_("Label every frame of a film")),
    "loop": ("characters", N_("Let a network write character by character")),
}
"""The page where each kind can be tried, and what for."""


def draw() -> None:
    """All kinds side by side; of the chosen one its picture, what is computed from it, and where
    to go on."""
    board.draw()
    name = views.pick(KIND, _("Kind of problem (slide 15)"), NAMES, default="many_to_one")
    if name == "many_to_one":
        _sentiment()
    found = architectures.run(name)
    st.markdown(f"**{figures.title(name, _)}**")
    st.markdown(lesson("home")[f"kind_{name}"])
    figure, alt = figures.unrolled(found, _), figures.unrolled_alt(found, _)
    views.chart(figure, alt, "home_kinds", f"kind-{name}")
    st.markdown(f"**{literal(figures.sentence(found, _))}**")
    st.caption(
        _(
            "In each state: ‖∂e/∂hₜ‖ as a share of the largest, of a plain RNN with 32 untrained "
            "units; e is the sum of the losses of all answers."
        )
    )
    if name in RUNS:
        page, label = RUNS[name]
        st.page_link(PAGES[page].path, label=_(label), icon=":material/arrow_forward:", help="")


TEXT = "home_text"


def _sentiment() -> None:
    """Side by side on a wide screen, one below the other on a phone: in, states, out."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            picture = str(ASSETS / "icon" / "many_to_one.svg")
            st.image(picture, width=104, alt=_("Many inputs, one output"))
            with st.container(gap=None):
                st.subheader(_("Sentiment"), anchor=False)
                st.caption(_("many → one: a sequence goes in, one answer comes out"))
        said, states, answer = st.columns([4, 5, 3], gap="medium")
        with said:
            text = links.text(TEXT, in_language(FILM))
            st.markdown(_("**In:** a sentence, yours"))
            st.text_area(_("Your sentence"), key=TEXT, height=110, label_visibility="collapsed")
            st.caption(_("English or Vietnamese. Change a word and leave the box."))
            links.note_if_too_long(text)
        try:
            query = Query(check(text), detect_language(text), True, BEST)
            with answer:
                reading = read(query, query.text)
                st.markdown(_("**Out:** one verdict"))
                draw_verdict(reading, query)
                short = len(query.text) <= links.LIMIT
                st.page_link(
                    PAGES["sentiment"].path,
                    label=_("See how it decides"),
                    icon=":material/arrow_forward:",
                    help="",
                    query_params={SENTIMENT_TEXT: query.text} if short else None,
                )
            with states:
                _states(reading)
        except InputError as error:
            with states:
                show_error(error)


def _states(reading: Reading) -> None:
    """The tokens, coloured by what the network would say if the text ended there."""
    st.markdown(_("**States:** its opinion after each token"))
    course, labels = reading.course(), reading.verdict.labels
    shown = [
        token(
            piece.text.strip() or "␣",
            float(course[step]),
            f"{piece.text.strip()}: {verdict_alt(Verdict(labels, reading.after[step]), _)}",
            continues=piece.continues,
        )
        for step, piece in enumerate(reading.pieces)
    ]
    chosen = tokens(shown, key="home_token", label=_("The sentence, token by token"))
    if chosen is None:
        st.caption(_("Tap a token to see the opinion after it."))
    else:
        st.caption(literal(shown[chosen]["title"]))
