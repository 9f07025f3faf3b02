"""The sentence as words to tap, and the candidates of the tapped one."""

from __future__ import annotations

import streamlit as st

from engine.figures import candidates
from engine.figures import captions as figures
from engine.results import STOP_WORD, CaptionWord
from pages.parts.captions import vietnamese
from pages.parts.captions.shown import WORD, Shown
from pages.shared import figures as saving
from pages.shared.text import literal, translator
from pages.shared.tokens import Token, tokens


def draw(shown: Shown) -> None:
    """The sentence, its words in colours, and what else could have stood in the marked place."""
    _ = translator()
    st.header(literal(shown.caption.text) or "…", anchor=False)
    vietnamese.draw(shown)
    tokens(
        [*map(_coloured, shown.caption.words)],
        key=WORD,
        label=_("The sentence word by word, coloured by how sure the network was"),
        marked=shown.at,
    )
    st.caption(_("Teal: it was sure. Orange: it took something unlikely. Tap a word."))
    _candidates(shown)


def _coloured(word: CaptionWord) -> Token:
    return Token(
        text=word.text,
        value=figures.confidence(word),
        continues=False,
        title=figures.told(word),
        room=1.0,
    )


def _candidates(shown: Shown) -> None:
    _ = translator()
    before = " ".join(word.text for word in shown.caption.words[: shown.at][-4:]) or "START"
    if shown.word.text == STOP_WORD:
        text = _("Where it ends, after “{before}”:")
    else:
        text = _("In place of “{word}”, after “{before}”:")
    said = text.format(word=literal(shown.word.text), before=literal(before))
    st.markdown(f"**{said}**")
    st.plotly_chart(
        candidates.bars(shown.word, _),
        key="captions_rivals",
        config=saving.config("rivals"),
        alt=candidates.bars_alt(shown.word, _),
    )
