"""The answer: what was found for the chosen photo, while the others are still being described."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.figures import captions as figures
from engine.results import Caption, Description
from pages.parts.captions import compute, held, overlay, words
from pages.parts.captions.ask import Question
from pages.parts.captions.compute import Run
from pages.parts.captions.shown import ALTERNATIVE, WORD, Shown
from pages.shared import links, live
from pages.shared.text import decimal, literal, translator

OFFERED = 4
"""Sentences to choose from: the best and three alternatives."""


def draw(question: Question, place: Any) -> Shown | None:
    """The chosen photo's sentence and, in `place`, the photo; None while there is none yet."""
    run = compute.describe(question)
    if any(held.fault(given.id) for given in question.choice.own):
        st.rerun()  # what could not be read is said above, and something else is chosen
    if run is not None:
        _follow(run, question)
    description = compute.found(question.choice.chosen.id, question)
    entry = compute.entry(question.choice.chosen.id)
    if description is None or entry is None:
        return None
    caption = _chosen(description)
    at = _marked(caption)
    shown = Shown(entry, description, caption, at, question.search, question.device)
    words.draw(shown)
    _alternatives(description)
    with place:
        overlay.draw(shown)
    return shown


def _chosen(description: Description) -> Caption:
    """The sentence that was picked of those found."""
    offered = [str(k) for k in range(len(description.captions[:OFFERED]))]
    return description.captions[int(links.choice(ALTERNATIVE, offered, "0"))]


def _marked(caption: Caption) -> int:
    """Which word the panels speak of: the tapped one, else the first that the figures choose."""
    places = [str(k) for k in range(len(caption.words))]
    tapped = links.choice(WORD, ["", *places], "")
    return int(tapped) if tapped else figures.first(caption)


def _alternatives(description: Description) -> None:
    """The sentences found, best first, with what the search ordered them by."""
    _ = translator()
    offered = description.captions[:OFFERED]
    score = _("score {score} (log p {total}, {count} words and STOP)")
    st.radio(
        _("Sentences that the search found, best first"),
        [str(k) for k in range(len(offered))],
        key=ALTERNATIVE,
        format_func=lambda k: literal(offered[int(k)].text),
        captions=[
            score.format(
                score=decimal(caption.score, 2),
                total=decimal(caption.log_probability, 1),
                count=len(caption.tokens),
            )
            for caption in offered
        ],
        on_change=_forget_word,
    )


def _forget_word() -> None:
    links.set_values({WORD: ""})


def _follow(run: Run, question: Question) -> None:
    """What is under way, looked at again by itself, or what was stopped."""
    _ = translator()
    if run.stopped:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            text = _("Stopped: {done} of {total} photos are described.")
            st.caption(_counted(text, question))
            st.button(_("Go on"), icon=":material/play_arrow:", on_click=compute.again)
        return
    left = len(compute.pending(question))
    st.fragment(_watch, run_every=live.TICK)(run, question, left)


def _watch(run: Run, question: Question, before: int) -> None:
    """Progress and a button that stops it; the page is drawn anew with every sentence."""
    _ = translator()
    if not run.collect() or len(compute.pending(question)) < before:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = run.job.position
        if place:
            text = _("Waiting for a free processor: place {place} in the queue.")
            st.caption(text.format(place=place))
        else:
            share = 1 - before / max(1, len(compute.batch(question)))
            st.progress(share, _counted(_("{done} of {total} photos are described."), question))
        st.button(_("Stop"), key="captions_stop", icon=":material/stop:", on_click=run.stop)


def _counted(text: str, question: Question) -> str:
    usable = [given for given in compute.batch(question) if held.fault(given.id) is None]
    done = len(usable) - len(compute.pending(question))
    return text.format(done=done, total=len(usable))
