"""View: what if the translation began otherwise, what if the source were another one?"""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.figures import translation_attention as figures
from engine.figures import translation_changes as changes
from engine.results import Sentence, Translation
from engine.tasks.translation import prepared
from pages.parts.translation.asked import box, interpreter, once, words
from pages.parts.translation.shown import Shown
from pages.shared import figures as saving
from pages.shared.forced import compared, likelihoods
from pages.shared.header import complain
from pages.shared.text import literal, translator
from pages.shared.word_pills import pills

FIRST, GIVEN, CHOSEN = "translation_first", "translation_first_given", "translation_first_chosen"
SECOND = "translation_second"
BEGINNINGS = {
    "en": ("In nature", "There is", "It is not"),
    "fr": ("Il y a", "C'est", "Ce n'est pas"),
    "vi": ("Đó là", "Có", "Không phải"),
}
SOURCES = {
    "fr": ("La nature n'est pas un temple.", "La nature était un temple.", "Un temple est vivant."),
    "en": ("Nature is not a temple.", "Nature was a temple.", "A temple is alive."),
    "vi": (
        "Thiên nhiên không phải là một ngôi đền.",
        "Thiên nhiên đã từng là một ngôi đền.",
        "Một ngôi đền đang sống.",
    ),
}
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
            complain(error)


def _forced(shown: Shown) -> None:
    _ = translator()
    st.markdown(_("Give the first words of the translation; the network finishes the sentence."))
    label = {
        "en": _("First words, in English"),
        "fr": _("First words, in French"),
        "vi": _("First words, in Vietnamese"),
    }[shown.languages[1]]
    text = " ".join(
        box(FIRST, label, BEGINNINGS, shown.languages[1], LONGEST, GIVEN, CHOSEN).split()
    )
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
    text = prepared(box(SECOND, label, SOURCES, shown.languages[0], LONGEST_SOURCE))
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
