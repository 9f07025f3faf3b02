"""View "Many sentences": a list or a file is read row by row, while one may look on or stop it."""

from __future__ import annotations

import streamlit as st

from engine.errors import InputError
from engine.results import Reading
from pages.parts.sentiment import many_input, many_result
from pages.parts.sentiment.ask import Question
from pages.parts.sentiment.many_input import Input
from pages.parts.sentiment.many_run import Run
from pages.shared.header import show_error
from pages.shared.text import counter, decimal, translator

_GO = "sentiment_many_go"

EVERY = 0.5
"""Seconds between two looks at what the workers have done."""


def draw(question: Question, _reading: Reading) -> None:
    """A part of the page that is drawn anew by itself."""
    _view(None if question.detected else question.language)


@st.fragment
def _view(forced: str | None) -> None:
    """`forced`: the language that Settings prescribe for every row."""
    source = many_input.source()
    try:
        given = many_input.typed() if source == "typed" else many_input.file()
        if given is not None:
            _cut(given)
            _read(source, given, forced)
    except InputError as error:
        show_error(error)


def _cut(given: Input) -> None:
    """Says what is left out where there are more rows than are read."""
    _ = translator()
    read, total = len(given.sheet.rows), given.sheet.total
    if total > read:
        text = _("There are {total} rows. The first {read} are taken: no more are read at once.")
        said = text.format(total=decimal(total, 0), read=decimal(read, 0))
        st.warning(said, icon=":material/content_cut:")


def _read(source: str, given: Input, forced: str | None) -> None:
    """The button that starts, progress, and what there is so far."""
    _ = translator()
    rows, slot = given.sheet.rows, f"sentiment_many_{source}"
    key = f"{slot}_run"  # in the session, so that nothing but another Start replaces it
    run: Run | None = st.session_state.get(key)
    if run is None or not run.fits(rows, forced):
        run = Run(rows, forced)
    if run.job is None and run.left and _asked(run, given.example):
        st.session_state[key] = run
        run.begin(slot)
    if run.collect():
        st.fragment(run_every=EVERY)(_watch)(run)
        return
    if run.left:
        _offer(run)
    if run.answers:
        many_result.summary(run)
        many_result.draw(run, given)


def _asked(run: Run, example: bool) -> bool:
    """Whether the button was pressed just now. The example is read at once, being short."""
    return st.session_state.pop(_GO, False) or (example and not run.answers)


def _offer(run: Run) -> None:
    """The button that starts, or goes on from where it was stopped."""
    _, n_ = translator(), counter()
    count = len(run.rows)
    label = n_("Start: {count} row", "Start: {count} rows", count).format(count=decimal(count, 0))
    if run.answers:
        label = _("Go on")
        st.progress(len(run.answers) / count, _progress(run))
    st.button(
        label,
        key="sentiment_many_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_go,
    )


def _go() -> None:
    st.session_state[_GO] = True


def _watch(run: Run) -> None:
    """Progress, by itself twice a second as long as there is work, and a button that stops it."""
    _ = translator()
    try:
        working = run.collect()
    except InputError as error:
        show_error(error)
        return
    if not working:
        st.rerun()  # the whole page: that ends the looking
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(len(run.answers) / len(run.rows), _progress(run))
        st.button(_("Stop"), key="sentiment_many_stop", icon=":material/stop:", on_click=run.stop)
    if run.answers:
        many_result.summary(run)


def _progress(run: Run) -> str:
    """Rows done of all, and how fast; the place in the queue before the first."""
    _ = translator()
    place = run.job.position if run.job else 0
    if place:
        return _("Waiting for a free processor: place {place} in the queue.").format(place=place)
    return _("{done} of {total} rows, {rate} per second").format(
        done=decimal(len(run.answers), 0),
        total=decimal(len(run.rows), 0),
        rate=decimal(run.rate, 0),
    )
