"""View: one wrong word, and what follows of it: teacher forcing against free running."""

from __future__ import annotations

import streamlit as st

from engine.errors import N_, InputError
from engine.figures import captions_drift as figures
from engine.results import STOP_WORD, CaptionWord, Drift
from pages.parts.captions.asked import describer, once
from pages.parts.captions.shown import Shown
from pages.shared import figures as saving
from pages.shared import links
from pages.shared.header import show_error
from pages.shared.text import literal, number, translator
from pages.shared.written_words import pills

AT, WRONG, TYPED = "captions_slip_at", "captions_slip", "captions_slip_typed"
FREE = "captions_slip_free"
TAPPED = "tapped"
LONGEST = 30
"""Characters."""


def draw(shown: Shown) -> None:
    """Which word, which wrong one; then how likely the right ones still are, and what it says."""
    _ = translator()
    words = shown.caption.tokens
    if not words:
        st.info(_("This sentence has no words to be wrong about."), icon=":material/info:")
        return
    st.markdown(
        _(
            "Put one wrong word into the sentence. **Teacher forcing**: right words follow it, and "
            "the model says how likely it finds each. **Free running**: it goes on by itself."
        )
    )
    at = _place(shown, words)
    try:
        wrong = _slip(shown, words, at)
        drift: Drift = once(
            shown,
            "drift",
            (words, at, wrong),
            lambda _stop: describer(shown).drift(shown.entry.seen, words, at, wrong),
        )
    except InputError as error:
        show_error(error)
        return
    _result(drift)


def _place(shown: Shown, words: tuple[str, ...]) -> int:
    """The word that is tapped in the caption, or another."""
    _ = translator()
    tapped = min(shown.at, len(words) - 1)
    ids = [TAPPED, *map(str, range(len(words)))]
    chosen = links.choice(AT, ids, TAPPED)

    def name(id: str) -> str:
        if id == TAPPED:
            return _("the tapped one: “{word}”").format(word=words[tapped])
        return f"{int(id) + 1}. {words[int(id)]}"

    st.selectbox(_("Which word is wrong"), ids, key=AT, format_func=name, width=320)
    return tapped if chosen == TAPPED else int(chosen)


def _slip(shown: Shown, words: tuple[str, ...], at: int) -> str:
    """One of the word's candidates, or a word that is typed."""
    _ = translator()
    candidates = [
        text
        for text, _p in shown.caption.words[at].candidates
        if text not in (words[at], STOP_WORD)
    ]
    wrong = links.choice(WRONG, candidates, candidates[0]) if candidates else ""
    if candidates:
        st.segmented_control(
            _("What stands there instead"),
            candidates,
            key=WRONG,
            format_func=literal,
            required=True,
        )
    typed = links.text(TYPED, "")
    if len(typed) > LONGEST:
        typed = typed[:LONGEST]
        links.set_values({TYPED: typed})
    st.text_input(_("or another word, in English"), key=TYPED, max_chars=LONGEST, width=320)
    if typed.strip():
        known = describer(shown).tokenize(typed)
        if len(known) != 1:
            raise InputError(N_("Type one word."))
        wrong = known[0]
    if wrong in ("", words[at]):
        raise InputError(N_("Choose a word that is not the right one."))
    return wrong


def _result(drift: Drift) -> None:
    _ = translator()
    st.markdown(f"**{literal(figures.sentence(drift, _, number))}**")
    st.plotly_chart(
        figures.drift(drift, _),
        key="captions_drift",
        config=saving.config("teacher-forcing"),
        alt=figures.drift_alt(drift, _),
    )
    st.markdown(literal(freely(drift)))
    said: list[CaptionWord | str] = [*drift.words[: drift.at], drift.wrong, *drift.free]
    pills(said, FREE, _("What the model says after the wrong word"))
    st.caption(
        _(
            "It learnt by teacher forcing: in training each step read the right word before, "
            "whatever the model would have said. In use it reads its own words, so one slip "
            "changes all that it reads afterwards. That is why it was trained further on whole "
            "sentences of its own, judged by CIDEr."
        )
    )


def freely(drift: Drift) -> str:
    """Free running in one sentence: whether the wrong word changes what is said."""
    _ = translator()
    said = [word.text for word in drift.free if word.text != STOP_WORD]
    rest = [word for word in drift.words[drift.at + 1 :] if word != STOP_WORD]
    if said == rest:
        return _(
            "Free running, always taking the likeliest word, it goes on as the right sentence does."
        )
    if not said:
        return _("Free running, it ends the sentence right after “{wrong}”.").format(
            wrong=drift.wrong
        )
    return _(
        "Free running, always taking the likeliest word, it goes on with “{said}” instead of "
        "“{rest}”."
    ).format(said=" ".join(said), rest=" ".join(rest) or STOP_WORD)
