"""View: what if the translation began otherwise, what if the source were another one?"""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.figures import translation_attention as figures
from engine.figures import translation_changes as changes
from engine.language.sentences import check_translatable
from engine.results import Sentence, Translation
from pages.parts.translation.asked import box, interpreter, once, words
from pages.parts.translation.shown import Shown
from pages.parts.translation.source import EXAMPLES
from pages.shared import figures as saving
from pages.shared.header import show_error
from pages.shared.text import literal, translator
from pages.shared.written_words import compared, likelihoods, pills

FIRST, GIVEN, CHOSEN = "translation_first", "translation_first_given", "translation_first_chosen"
SECOND = "translation_second"
BEGINNINGS = {
    "fr-en": ("In nature", "There is", "It is not"),
    "en-fr": ("Il y a", "C'est", "Ce n'est pas"),
    "en-vi": ("Bà ấy", "Ngôi nhà", "Trong một"),
    "vi-en": ("There is", "Her house", "My sister"),
}
SOURCES: dict[str, tuple[str, ...]] = {
    "fr-en": ("La nature n'est pas un temple.", "La nature était un temple.", "Un temple est né."),
    "en-fr": ("Nature is not a temple.", "Nature was a temple.", "A temple is alive."),
    "en-vi": (
        "She lives in a big city near the sea.",
        "She lived in a small village near the sea.",
        "They live in a small village.",
    ),
    "vi-en": (
        "Cô ấy sống ở một thành phố lớn gần biển.",
        "Cô ấy sống ở một ngôi làng nhỏ.",
        "Bố mẹ tôi sống gần biển.",
    ),
}
"""Beside the first example of a direction."""
LONGEST, LONGEST_SOURCE = 80, 240
"""Characters."""


def draw(shown: Shown) -> None:
    """First words that are given, then a second source beside the first."""
    _ = translator()
    for title, part in (
        (_("Other first words"), _forced),
        (_("Another source sentence"), _compared),
    ):
        st.markdown(f"##### {title}", anchors=False)
        try:
            part(shown)
        except InputError as error:
            show_error(error)


def _first_example(shown: Shown) -> bool:
    """Whether this is the sentence that the suggestions were made for."""
    return shown.sentence.source == EXAMPLES[shown.direction][0]


def _forced(shown: Shown) -> None:
    _ = translator()
    st.markdown(_("Give the first words of the translation; the network finishes the sentence."))
    label = {
        "en": _("First words, in English"),
        "fr": _("First words, in French"),
        "vi": _("First words, in Vietnamese"),
    }[shown.languages[1]]
    offered, own = BEGINNINGS[shown.direction], words(shown.sentence.best)[0][0].text
    default = offered[0] if _first_example(shown) else own[:LONGEST]
    text = " ".join(box(FIRST, label, offered, default, LONGEST, GIVEN, CHOSEN).split())
    if not text:
        st.info(_("Give at least one word."), icon=":material/info:")
        return
    network, source = interpreter(shown), shown.sentence.source
    found = once(
        shown,
        "first",
        (text, shown.search),
        lambda stop: network.translate(source, shown.search, text, stop),
    )
    _finished(found, shown.sentence.best)


def _finished(found: Sentence, free: Translation) -> None:
    """The sentence with its given words, beside the one without."""
    _ = translator()
    st.markdown(f"#### {literal(found.best.text)}", anchors=False)
    said = words(found.best)
    given = [word for group, word in said if group.first < found.forced]
    st.caption(_("Given words"))
    pills(given, GIVEN, _("The given words"))
    st.caption(literal(likelihoods(given)))
    st.caption(_("What the network went on with"))
    pills([word for _group, word in said[len(given) :]], CHOSEN, _("The words that it chose"))
    st.markdown(f"**{literal(compared(found.best, free))}**")
    st.caption(
        _(
            "log p counts the given words too, in nats. The search orders by score and keeps few "
            "beginnings, so a given one may even end likelier than its own."
        )
    )


def _compared(shown: Shown) -> None:
    _ = translator()
    st.markdown(_("Change the source and see what changes in the translation, and where it looks."))
    label = {
        "en": _("Another sentence, in English"),
        "fr": _("Another sentence, in French"),
        "vi": _("Another sentence, in Vietnamese"),
    }[shown.languages[0]]
    offered = SOURCES[shown.direction] if _first_example(shown) else ()
    default = offered[0] if offered else shown.sentence.source[:LONGEST_SOURCE]
    text = check_translatable(box(SECOND, label, offered, default, LONGEST_SOURCE))
    network = interpreter(shown)
    other = once(
        shown,
        "second",
        (text, shown.search),
        lambda stop: network.translate(text, shown.search, "", stop),
    )
    first = shown.sentence
    texts = (first.best.text, other.best.text)
    st.markdown(f"**{literal(changes.compared((first.source, other.source), texts, _))}**")
    for side, found, column in zip(("first", "second"), (first, other), st.columns(2), strict=True):
        with column:
            _pair(side, found)


def _pair(side: str, found: Sentence) -> None:
    """A source, its translation, and what each word of that looked at."""
    _ = translator()
    st.markdown(f"{literal(found.source)}  \n**{literal(found.best.text)}**")
    st.plotly_chart(
        figures.matrix(found.read, found.best, _),
        key=f"translation_{side}_matrix",
        config=saving.config(f"attention-{side}"),
        alt=figures.matrix_alt(found.read, found.best, _),
    )
