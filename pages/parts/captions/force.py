"""View: the first words are given, and the model goes on from there."""

from __future__ import annotations

import math

import streamlit as st

from engine.errors import InputError
from engine.figures import style
from engine.results import Caption, CaptionWord, Description
from pages.parts.captions.asked import describer, once
from pages.parts.captions.shown import Shown
from pages.shared import links
from pages.shared.header import complain
from pages.shared.text import literal, number, translator
from pages.shared.word_pills import pills

FIRST, EXAMPLE = "captions_first", "captions_first_example"
GIVEN, CHOSEN = "captions_first_given", "captions_first_chosen"
SUGGESTED = ("a woman", "two dogs", "a man in a red")
LONGEST = 60
"""Characters."""

EQUAL = 0.005
"""Nats: a smaller difference of log p cannot be seen in two digits."""


def draw(shown: Shown) -> None:
    """A box for the first words, suggestions, and the sentence that begins with them."""
    _ = translator()
    st.markdown(_("Give the first words; the model goes on from there, with the same search."))
    text = _asked()
    try:
        _answer(shown, describer(shown).known(text))
    except InputError as error:
        complain(error)


def _asked() -> str:
    _ = translator()
    text = links.text(FIRST, SUGGESTED[0])
    if len(text) > LONGEST:
        text = text[:LONGEST]
        links.put({FIRST: text})
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
        links.put({FIRST: chosen})


def _forget() -> None:
    """What was tapped in the sentence before."""
    links.put({GIVEN: "", CHOSEN: ""})


def _answer(shown: Shown, first: tuple[str, ...]) -> None:
    _ = translator()
    if not first:
        st.info(_("Give at least one word."), icon=":material/info:")
        return
    found: Description = once(
        shown,
        "first",
        (first, shown.search),
        lambda stop: describer(shown).describe(shown.entry.seen, shown.search, first, stop),
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


def likelihoods(given: tuple[CaptionWord, ...]) -> str:
    """How likely each given word was, and what the model would rather have said."""
    _ = translator()
    told = []
    for word in given:
        favourite, share = word.rivals[0]
        p = style.percent(word.probability)
        if favourite == word.text:
            told.append(_("“{word}” {p}, its own choice").format(word=word.text, p=p))
        else:
            told.append(
                _("“{word}” {p} (likeliest: “{other}” {share})").format(
                    word=word.text, p=p, other=favourite, share=style.percent(share)
                )
            )
    return _("How likely they were: {list}.").format(list="; ".join(told))


def compared(caption: Caption, free: Caption) -> str:
    """The sentence with given words beside the one without, by log p."""
    _ = translator()
    if caption.said == free.said:
        return _("Left alone it says the same: log p = {total}.").format(
            total=number(free.log_probability)
        )
    less = free.log_probability - caption.log_probability
    if abs(less) < EQUAL:
        told = _("log p = {total}; left alone it says “{free}”, which is just as likely.")
    elif less > 0:
        told = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times less likely."
        )
    else:
        told = _(
            "log p = {total}; left alone it says “{free}” with {other}: the sentence with given "
            "words is {factor} times likelier."
        )
    factor = math.exp(min(abs(less), 500))
    return told.format(
        total=number(caption.log_probability),
        free=free.text,
        other=number(free.log_probability),
        factor=style.count(factor) if factor >= 10 else number(factor),
    )
