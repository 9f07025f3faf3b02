"""View: the first words are given, and the model goes on from there."""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.results import Description
from pages.parts.captions.asked import describer, once
from pages.parts.captions.shown import Shown
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import literal, translator
from pages.shared.written_words import compared, likelihoods, pills

FIRST, EXAMPLE = "captions_first", "captions_first_example"
GIVEN, CHOSEN = "captions_first_given", "captions_first_chosen"
SUGGESTED = ("a woman", "two dogs", "a man in a red")
LONGEST = 60
"""Characters."""


def draw(shown: Shown) -> None:
    """A box for the first words, suggestions, and the sentence that begins with them."""
    _ = translator()
    st.markdown(_("Give the first words; the model goes on from there, with the same search."))
    text = _asked()
    try:
        _answer(shown, describer(shown).tokenize(text))
    except InputError as error:
        show_error(error)


def _asked() -> str:
    _ = translator()
    text = links.text(FIRST, SUGGESTED[0])
    if len(text) > LONGEST:
        text = text[:LONGEST]
        links.set_values({FIRST: text})
    st.text_input(
        _("First words, in English"), key=FIRST, max_chars=LONGEST, on_change=_forget, width=420
    )
    st.session_state[EXAMPLE] = text if text in SUGGESTED else None
    st.pills(
        _("Suggestions"),
        SUGGESTED,
        key=EXAMPLE,
        on_change=_take,
        label_visibility="collapsed",
    )
    return text


def _take() -> None:
    chosen = st.session_state[EXAMPLE]
    if chosen in SUGGESTED:
        _forget()
        links.set_values({FIRST: chosen})


def _forget() -> None:
    """What was tapped in the sentence before."""
    links.set_values({GIVEN: "", CHOSEN: ""})


def _answer(shown: Shown, first: tuple[str, ...]) -> None:
    _ = translator()
    if not first:
        st.info(_("Give at least one word."), icon=":material/info:")
        return
    found: Description = once(
        shown,
        "first",
        (first, shown.search),
        lambda stop: describer(shown).caption(shown.entry.seen, shown.search, first, stop),
    )
    caption, free = found.captions[0], shown.description.captions[0]
    st.markdown(f"#### {literal(caption.text)}", anchors=False)
    st.caption(_("Given words"))
    pills(caption.words[: len(first)], GIVEN, _("The given words"))
    st.caption(literal(likelihoods(caption.words[: len(first)])))
    st.caption(_("What the model went on with"))
    pills(caption.words[len(first) :], CHOSEN, _("The words that the model chose"))
    st.markdown(f"**{literal(compared(caption, free))}**")
    st.caption(
        _(
            "log p counts the given words too, in nats. The search orders by score and keeps few "
            "beginnings, so a given one may even end likelier than its own."
        )
    )
