"""The answer: the translation as it is written, what else was found, and which sentence counts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from engine.figures import translation as figures
from engine.figures.translation_words import groups
from engine.results import Sentence, Translation
from pages.parts.translation import ask, compute
from pages.parts.translation.ask import Question
from pages.parts.translation.compute import Draft, Run
from pages.parts.translation.held import held
from pages.parts.translation.shown import ALTERNATIVE, SENTENCE, WORD, Shown
from pages.parts.translation.source import BOX
from pages.shared import links
from pages.shared.text import counter, decimal, literal, translator

OFFERED = 4
"""Translations to choose from: the best and three alternatives."""

TICK = 0.25
"""Seconds between two looks at what is being written."""


def draw(question: Question, text: str) -> Shown | None:
    """The translation of the text, and what the rest of the page speaks of; None while there is
    nothing of the chosen line yet."""
    run = compute.translate(question)
    first, rest = compute.pending(question)
    whole = compute.found(question)
    sentence = _sentence(whole) if whole else None
    translation = _chosen(sentence) if sentence else None
    # An alternative stands in the box, too, and is what a swap takes.
    picked = {sentence.source: translation.text} if sentence and translation else {}
    if run is not None and not run.stopped and (first or rest):
        st.fragment(_watch, run_every=TICK)(run, question, picked, len(first))
    else:
        _box(question, Draft(), picked)
    if run is not None and run.stopped:
        _stopped(question)
    if first and not (run is not None and run.stopped):
        return None
    if sentence is None or translation is None:
        return None
    _remember(question, text, picked)
    _kept(question)
    ask.line(question)
    _sentences(whole)
    _trouble(sentence)
    _alternatives(sentence)
    at = _marked(sentence, translation)
    return Shown(
        question.direction,
        tuple(whole),
        sentence,
        translation,
        at,
        question.search,
        question.device,
    )


def _box(question: Question, draft: Draft, picked: Mapping[str, str]) -> None:
    """The translation with a button that copies it, line by line, as far as it is written."""
    known = [
        compute.translation(question, line, picked)
        or (compute.beginning(question, line, draft) if line == question.chosen else "…")
        for line in question.lines
    ]
    st.code("\n".join(known), language=None, height=BOX, wrap_lines=True)


def _watch(run: Run, question: Question, picked: Mapping[str, str], before: int) -> None:
    """What is being written, and a button that stops it; the page is drawn anew when the chosen
    line is done, and at the end."""
    _ = translator()
    more = run.collect()
    first, rest = compute.pending(question)
    if not more or (before and not first):
        st.rerun()
    _box(question, run.draft, picked)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = run.job.position
        if place:
            text = _("Waiting for a free processor: place {place} in the queue.")
            st.caption(text.format(place=place))
        elif rest:
            total = sum(len(line.sentences) for line in question.lines)
            done = total - len(first) - len(rest)
            told = _("{done} of {total} sentences are translated.")
            st.progress(done / total, told.format(done=done, total=total))
        st.button(_("Stop"), key="translation_stop", icon=":material/stop:", on_click=run.stop)


def _stopped(question: Question) -> None:
    _ = translator()
    left = sum(map(len, compute.pending(question)))
    if not left:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Stopped: {left} sentences are not translated yet.").format(left=left))
        st.button(_("Go on"), icon=":material/play_arrow:", on_click=compute.again)


def _remember(question: Question, text: str, picked: Mapping[str, str]) -> None:
    """What a swap will take as the new text."""
    known = [compute.translation(question, line, picked) or "" for line in question.lines]
    held().last = (question.direction, text, "\n".join(known))


def _kept(question: Question) -> None:
    """Says how many lines hold nothing to translate, and stay."""
    n_, kept = counter(), sum(not line.sentences for line in question.lines)
    if kept:
        told = n_(
            "{count} line without Latin letters stays as it is.",
            "{count} lines without Latin letters stay as they are.",
            kept,
        )
        st.caption(told.format(count=kept))


def _sentence(whole: list[Sentence]) -> Sentence:
    """The sentence that is looked at, of those that the chosen line has."""
    ids = [str(k) for k in range(len(whole))]
    return whole[int(links.choice(SENTENCE, ids, "0"))]


def _sentences(whole: list[Sentence]) -> None:
    """Where another of them is chosen."""
    _ = translator()
    if len(whole) > 1:
        st.selectbox(
            _("The sentence that is looked at"),
            [str(k) for k in range(len(whole))],
            key=SENTENCE,
            format_func=lambda id: f"{int(id) + 1}. {ask.short(whole[int(id)].source)}",
            on_change=_other_sentence,
        )


def _other_sentence() -> None:
    links.set_values({ALTERNATIVE: "", WORD: ""})


def _chosen(sentence: Sentence) -> Translation:
    """The translation that was picked of those found."""
    offered = [str(k) for k in range(len(sentence.translations[:OFFERED]))]
    return sentence.translations[int(links.choice(ALTERNATIVE, offered, "0"))]


def _marked(sentence: Sentence, translation: Translation) -> int:
    """Which word the panels speak of: the tapped one, else the first that the figures choose."""
    places = [str(k) for k in range(len(groups(translation.words)))]
    tapped = links.choice(WORD, ["", *places], "")
    return int(tapped) if tapped else figures.first(sentence, translation)


def _trouble(sentence: Sentence) -> None:
    """What is wrong with a translation, in plain words."""
    _ = translator()
    told = {
        "empty": _("The model found nothing to say about this sentence: the translation is empty."),
        "repeats": _(
            "The model says the same over and over and found nothing better: do not trust this "
            "translation."
        ),
        "cut": _("The model did not find an end: the translation is cut where it got too long."),
    }.get(sentence.trouble)
    if told:
        st.warning(told, icon=":material/report:")


def _alternatives(sentence: Sentence) -> None:
    """The translations found, best first, with what the search ordered them by."""
    _ = translator()
    offered = sentence.translations[:OFFERED]
    score = _("score {score} (log p {total}, {count} pieces with STOP)")
    st.radio(
        _("Translations that the search found, best first"),
        [str(k) for k in range(len(offered))],
        key=ALTERNATIVE,
        format_func=lambda k: literal(offered[int(k)].text) or "…",
        captions=[
            score.format(
                score=decimal(found.score, 2),
                total=decimal(found.log_probability, 1),
                count=len(found.words),
            )
            for found in offered
        ],
        on_change=_forget_word,
    )


def _forget_word() -> None:
    links.set_values({WORD: ""})
