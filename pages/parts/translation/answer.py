"""The answer: the translation as it is written, what else was found, and each word's attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.figures import numbers
from engine.figures.translation import words as figures
from engine.figures.translation.words import groups
from engine.results import STOP_WORD, Sentence
from pages.parts.translation import compute, controls, gradient
from pages.parts.translation.compute import SLOT, Draft, Stream
from pages.parts.translation.inputs import BOX
from pages.parts.translation.session import ALTERNATIVE, SENTENCE, WORD, Query, Selection, cache
from pages.shared import beam, gradient_panel, lecture, links, streaming, views, written_words
from pages.shared.streamlit_internals import DeltaGenerator
from pages.shared.text import _, counter, decimal, literal, percent
from pages.shared.tokens import Token, tokens

FLAT = 3
"""Lines of a translation that stand in a box as high as they are."""

TICK = 0.25
"""Seconds between two looks at what is being written."""

ATTENTION = "translation_sources"
"""The row of the source's words: there is nothing to tap in it."""


def select(query: Query, text: str, *, box: bool = False) -> Selection | None:
    """The chosen sentence with its translations, or None while there is nothing of the chosen line
    yet. With a `box`, the whole translation as it is written."""
    stream = compute.translate(query)
    first, rest = compute.pending(query)
    whole = compute.found(query)
    sentence = translation = None
    if whole:
        ids = map(str, range(len(whole)))
        sentence = whole[int(links.choice(SENTENCE, ids, "0"))]
        translation = beam.alternative(ALTERNATIVE, sentence.translations)
    # An alternative stands in the box, too, and is what a swap takes.
    picked = {sentence.source: translation.text} if sentence and translation else {}
    if stream is not None and not stream.was_stopped and (first or rest):
        _progress(stream, query, picked, waiting=bool(first), box=box)
    elif box:
        _box(query, [], picked)
    if stream is not None and stream.was_stopped and (first or rest):
        left = len(first) + len(rest)
        note = _("Stopped: {left} sentences are not translated yet.")
        streaming.stopped(SLOT, note.format(left=left))
    elif first:
        return None
    if sentence is None or translation is None:
        return None
    lines = [compute.translation(query, line, picked) or "" for line in query.lines]
    cache().last = (query.direction, text, "\n".join(lines))
    # The tapped word, else the first that the figures choose.
    places = map(str, range(len(groups(translation.words))))
    tapped = links.choice(WORD, ["", *places], "")
    at = int(tapped) if tapped else figures.default_word(sentence, translation)
    return Selection(query, sentence, translation, at)


def draw(selection: Selection, side: DeltaGenerator, below: DeltaGenerator) -> None:
    """The translation word by word and the table of attention; other translations, and other words
    in the marked place."""
    if lecture.is_on():
        _table(selection)
        return
    written = selection.translation
    found = [(group.text, figures.probability(group, written)) for group in groups(written.words)]
    label = _("The translation word by word, coloured by how sure the network was")
    written_words.sentence(found, WORD, label, selection.at)
    _table(selection)
    with side:
        _unchanged(selection.query)
        _read_as(selection.sentence)
        _trouble(selection.sentence)
        _alternatives(selection.sentence)
    with below:
        gradient_panel.headline("translation", gradient.sentence(selection))
        if figures.attention_row(selection.sentence, written, selection.at) is None:
            st.caption(written_words.legend())
        else:
            st.caption(f"{written_words.legend()} {_about_the_table()}")
        left, right = st.columns(2, gap="large")
        with left:
            _attention(selection)
        with right:
            _in_its_place(selection)
        controls.warn()


def _box(query: Query, drafts: list[Draft], picked: Mapping[str, str]) -> None:
    """The translation with a button that copies it, line by line, as far as it is written."""
    known = [
        compute.translation(query, line, picked)
        or (compute.beginning(query, line, drafts) if line == query.chosen else "…")
        for line in query.lines
    ]
    height: Any = BOX if len(known) > FLAT else "content"
    st.code("\n".join(known), language=None, height=height, wrap_lines=True)


def _progress(
    stream: Stream, query: Query, picked: Mapping[str, str], *, waiting: bool, box: bool
) -> None:
    """What is being written, drawn again by itself; anew when the chosen line is done, for which
    the page is `waiting`, and at the end."""

    def progress() -> None:
        first, rest = compute.pending(query)
        if rest:
            total = sum(len(line.sentences) for line in query.lines)
            done = total - len(first) - len(rest)
            text = _("{done} of {total} sentences are translated.")
            st.progress(done / total, text.format(done=done, total=total))

    def draw_box() -> None:
        if box:
            _box(query, stream.query[1], picked)
        streaming.status(stream, progress, "translation_stop")

    streaming.watch(stream, draw_box, lambda: waiting and not compute.pending(query)[0], TICK)


def _unchanged(query: Query) -> None:
    """Says how many lines hold nothing to translate, and stay."""
    n_, kept = counter(), sum(not line.sentences for line in query.lines)
    if kept:
        text = n_(
            "{count} line without Latin letters stays as it is.",
            "{count} lines without Latin letters stay as they are.",
            kept,
        )
        st.caption(text.format(count=kept))


def _read_as(sentence: Sentence) -> None:
    """The sentence as the network read it, where that is not what was typed."""
    if sentence.read_as:
        st.caption(_("Read as: {text}").format(text=literal(sentence.read_as)))


def _trouble(sentence: Sentence) -> None:
    """What is wrong with a translation, in plain words."""
    warning = {
        "empty": _("The model found nothing to say about this sentence: the translation is empty."),
        "repeats": _(
            "The model says the same over and over and found nothing better: do not trust this "
            "translation."
        ),
        "cut": _("The model did not find an end: the translation is cut where it got too long."),
        "unsure": _(
            "The model is not sure: it has hardly read such words. Compare the other translations "
            "that it found."
        ),
    }.get(sentence.trouble)
    if warning:
        st.warning(warning, icon=":material/report:")
    if sentence.lost_numbers:
        text = _("A number may be wrong. Not found in the translation: {numbers}.")
        lost = literal(", ".join(sentence.lost_numbers))
        st.warning(text.format(numbers=lost), icon=":material/report:")


def _alternatives(sentence: Sentence) -> None:
    """The translations found, best first, with what the search ordered them by."""
    score = _("score {score} (log p {total}, {count} pieces with STOP)")
    beam.alternatives(
        ALTERNATIVE,
        sentence.translations,
        _("Translations that the search found, best first"),
        lambda found: score.format(
            score=decimal(found.score, 2),
            total=decimal(found.log_probability, 1),
            count=len(found.words),
        ),
        WORD,
    )


def _about_the_table() -> str:
    text = _(
        "Each row of the table is a written word and adds up to {all}: the darker, the more it "
        "read there; framed is the marked word. Attention says what was read, not what decided: "
        "it is not an explanation."
    )
    return text.format(all=percent(1))


def _attention(selection: Selection) -> None:
    """The source's words, coloured by what the marked word looked at."""
    marked = (selection.sentence, selection.translation, selection.at)
    row = figures.attention_row(*marked)
    if row is None:
        st.caption(
            _("This model has no attention: all that it knows of the source came as one state.")
        )
        return
    st.markdown(f"**{literal(figures.attention_sentence(*marked, _))}**")
    st.session_state[ATTENTION] = ""
    tokens(
        [
            Token(
                text=text,
                value=share,
                continues=False,
                title=f"{text}: {numbers.percent(share)}",
                room=1.0,
            )
            for text, share in row
        ],
        key=ATTENTION,
        label=_("The source's words, coloured by their share of attention"),
        scale="sequential",
    )


def _in_its_place(selection: Selection) -> None:
    """What else could have stood in the place of the marked word, or of its first piece."""
    found, word = selection.translation.words, selection.word
    piece = found[word.at]
    text = _("In place of “{word}”, after “{before}”:")
    if word.text == STOP_WORD:
        text = _("Where it ends, after “{before}”:")
    elif word.last - word.at > 1:
        text = _("In place of “{piece}”, the first piece of “{word}”, after “{before}”:")
    heading = text.format(
        word=literal(word.text),
        before=written_words.last_words([g.text for g in groups(found)[: selection.at]]),
        piece=literal(piece.text.strip("▁")),
    )
    written_words.in_its_place(piece, heading, "translation")
    if word.copied:
        st.caption(_("Copied from the source: the network writes a mark, which is then filled in."))


def _table(selection: Selection) -> None:
    sentence, written = selection.sentence, selection.translation
    if figures.attention_row(sentence, written, selection.at) is None:
        return
    views.chart(
        figures.attention_matrix(sentence.read, written, _, selection.at),
        figures.attention_matrix_alt(sentence.read, written, _),
        "translation_attention",
        "attention",
    )
