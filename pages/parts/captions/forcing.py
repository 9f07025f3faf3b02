"""Views of words that are given to the model: the first ones, or a wrong one (teacher forcing)."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_, InputError
from engine.figures.captions import errors as figures
from engine.results import STOP_WORD, CaptionWord, Description, Drift
from pages.parts.captions.compute import once
from pages.parts.captions.session import Selection
from pages.shared import links, views
from pages.shared.header import show_error
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, literal, option_names
from pages.shared.written_words import completion, pills, text_box

FIRST, GIVEN, ADDED = "captions_first", "captions_first_given", "captions_first_chosen"
SUGGESTED = ("a woman", "two dogs", "a man in a red")
LONGEST = 60
"""Characters of the first words."""

AT, WRONG, TYPED = "captions_slip_at", "captions_slip", "captions_slip_typed"
FREE = "captions_slip_free"
TAPPED = "tapped"
LONGEST_WORD = 30
"""Characters of a wrong word."""


def first_words(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """A box for the first words, suggestions, and the sentence that begins with them."""
    with side:
        text = text_box(
            FIRST,
            _("First words, in English"),
            SUGGESTED,
            SUGGESTED[0],
            LONGEST,
            (GIVEN, ADDED),
            width=420,
            suggestions_label=_("Suggestions"),
            always=False,
        )
    try:
        first = selection.predictor.tokenize(text)
        if not first:
            st.info(_("Give at least one word."), icon=":material/info:")
            return
        search, features = selection.query.search, selection.photo.features
        found: Description = once(
            selection,
            "first",
            (first, search),
            lambda stop: selection.predictor.caption(features, search, first, stop),
        )
    except InputError as error:
        show_error(error)
        return
    caption, free = found.captions[0], selection.description.captions[0]
    completion(
        caption.words[: len(first)],
        caption.words[len(first) :],
        caption,
        free,
        (GIVEN, ADDED),
        (_("What the model went on with"), _("The words that the model chose")),
    )


def wrong_word(selection: Selection, side: DeltaGenerator, _below: DeltaGenerator) -> None:
    """Which word, which wrong one; then how likely the right ones still are, and what it says."""
    words = selection.caption.tokens
    if not words:
        st.info(_("This sentence has no words to be wrong about."), icon=":material/info:")
        return
    tapped = min(selection.at, len(words) - 1)
    names = {TAPPED: _("the tapped one: “{word}”").format(word=words[tapped])}
    names |= {str(k): f"{k + 1}. {word}" for k, word in enumerate(words)}
    chosen, label = links.choice(AT, names, TAPPED), _("Which word is wrong")
    with side:
        st.selectbox(label, list(names), key=AT, format_func=option_names(names, names.__getitem__))
    at = tapped if chosen == TAPPED else int(chosen)
    try:
        with side:
            wrong = _wrong(selection, words, at)
        drift: Drift = once(
            selection,
            "drift",
            (words, at, wrong),
            lambda _stop: selection.predictor.drift(selection.photo.features, words, at, wrong),
        )
    except InputError as error:
        show_error(error)
        return
    _result(drift)


def _wrong(selection: Selection, words: tuple[str, ...], at: int) -> str:
    """One of the word's candidates, or a word that is typed."""
    right = (words[at], STOP_WORD)
    offered = [text for text, _p in selection.caption.words[at].candidates if text not in right]
    wrong, label = "", _("What stands there instead")
    if offered:
        wrong = views.pick(WRONG, label, offered, literal, offered[0])
    label = _("or another word, in English")
    typed = text_box(TYPED, label, (), "", LONGEST_WORD, width=320, always=False)
    if typed.strip():
        known = selection.predictor.tokenize(typed)
        if len(known) != 1:
            raise InputError(N_("Type one word."))
        wrong = known[0]
    if wrong in ("", words[at]):
        raise InputError(N_("Choose a word that is not the right one."))
    return wrong


def _result(drift: Drift) -> None:
    st.markdown(f"**{literal(figures.drift_sentence(drift, _))}**")
    figure, alt = figures.drift(drift, _), figures.drift_alt(drift, _)
    views.chart(figure, alt, "captions_drift", "teacher-forcing")
    st.markdown(literal(free_running(drift)))
    words: list[CaptionWord | str] = [*drift.words[: drift.at], drift.wrong, *drift.free]
    pills(words, FREE, _("What the model says after the wrong word"))
    st.markdown(
        _(
            "One wrong word is put into the sentence. **Teacher forcing**: right words follow it, "
            "and the model says how likely it finds each. **Free running**: it goes on by itself."
        )
    )
    st.caption(
        _(
            "It learnt by teacher forcing: in training each step read the right word before, "
            "whatever the model would have said. In use it reads its own words, so one slip "
            "changes all that it reads afterwards. That is why it was trained further on whole "
            "sentences of its own, judged by CIDEr."
        )
    )


def free_running(drift: Drift) -> str:
    """Free running in one sentence: whether the wrong word changes what is said."""
    said = [word.text for word in drift.free if word.text != STOP_WORD]
    rest = [word for word in drift.words[drift.at + 1 :] if word != STOP_WORD]
    if said == rest:
        return _(
            "Free running, always taking the likeliest word, it goes on as the right sentence does."
        )
    if not said:
        text = _("Free running, it ends the sentence right after “{wrong}”.")
        return text.format(wrong=drift.wrong)
    return _(
        "Free running, always taking the likeliest word, it goes on with “{said}” instead of "
        "“{rest}”."
    ).format(said=" ".join(said), rest=" ".join(rest) or STOP_WORD)
