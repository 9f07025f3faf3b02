"""The translation as words to tap, what the tapped one looked at, and its candidates."""

from __future__ import annotations

import streamlit as st

from engine.figures import candidates, style
from engine.figures import translation as figures
from engine.figures import translation_attention as table
from engine.figures.translation_words import groups
from engine.results import STOP_WORD
from pages.parts.translation.shown import WORD, Shown
from pages.shared import figures as saving
from pages.shared.text import literal, translator
from pages.shared.tokens import Token, tokens

SOURCES = "translation_sources"


def draw(shown: Shown) -> None:
    """Words, sources and candidates beside the whole table of attention, above it on a phone."""
    _ = translator()
    st.subheader(_("What does each word look at?"))
    sides = st.columns(2, gap="large")
    with sides[0]:
        _words(shown)
        _sources(shown)
        _candidates(shown)
    with sides[1]:
        _table(shown)


def _words(shown: Shown) -> None:
    _ = translator()
    said = shown.translation
    pieces = [
        Token(
            text=group.text,
            value=figures.confidence(group, said),
            continues=False,
            title=figures.told(group, said),
            room=1.0,
        )
        for group in groups(said.words)
    ]
    tokens(
        pieces,
        key=WORD,
        label=_("The translation word by word, coloured by how sure the network was"),
        marked=shown.at,
    )
    st.caption(_("Teal: it was sure. Orange: it took something unlikely. Tap a word."))


def _sources(shown: Shown) -> None:
    """The source's words, coloured by what the marked word looked at."""
    _ = translator()
    row = figures.row(shown.sentence, shown.translation, shown.at)
    if row is None:
        st.caption(
            _("This model has no attention: all that it knows of the source came as one state.")
        )
        return
    told = figures.looked(shown.sentence, shown.translation, shown.at, _)
    st.markdown(f"**{literal(told)}**")
    st.session_state[SOURCES] = ""  # there is nothing to tap
    tokens(
        [
            Token(
                text=text,
                value=share,
                continues=False,
                title=f"{text}: {style.percent(share)}",
                room=1.0,
            )
            for text, share in row
        ],
        key=SOURCES,
        label=_("The source's words, coloured by their share of attention"),
        scale="sequential",
    )


def _candidates(shown: Shown) -> None:
    _ = translator()
    written, word = groups(shown.translation.words), shown.word
    before = " ".join(group.text for group in written[: shown.at][-4:]) or "START"
    piece = shown.translation.words[word.at]
    if word.text == STOP_WORD:
        text = _("Where it ends, after “{before}”:")
    elif word.last - word.at > 1:
        text = _("In place of “{piece}”, the first piece of “{word}”, after “{before}”:")
    else:
        text = _("In place of “{word}”, after “{before}”:")
    said = text.format(
        word=literal(word.text), before=literal(before), piece=literal(piece.text.strip("▁"))
    )
    st.markdown(f"**{said}**")
    if word.copied:
        st.caption(_("Copied from the source: the network writes a mark, which is then filled in."))
    st.plotly_chart(
        candidates.bars(piece, _),
        key="translation_rivals",
        config=saving.config("rivals"),
        alt=candidates.bars_alt(piece, _),
    )


def _table(shown: Shown) -> None:
    _ = translator()
    sentence, said = shown.sentence, shown.translation
    if figures.row(sentence, said, shown.at) is None:
        return
    st.plotly_chart(
        table.matrix(sentence.read, said, _, shown.at),
        key="translation_attention",
        config=saving.config("attention"),
        alt=table.matrix_alt(sentence.read, said, _),
    )
    st.caption(
        _(
            "Each row is a written word and adds up to 100%: the stronger, the more it read there. "
            "The framed row is the marked word. Attention says what was read, not what decided: "
            "it is not an explanation."
        )
    )
